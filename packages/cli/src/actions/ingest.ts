import type { IngestCommandOptions } from "../commands/ingest.ts";
import { ingestAloud } from "../open-input.ts";
import { printJson, say } from "../progress.ts";

export async function act(inputs: string[], options: IngestCommandOptions): Promise<void> {
  const summary = await ingestAloud(inputs, options.output, options);
  say(`wrote ${options.output}`);
  if (options.json) printJson({ schema: 1, trace: options.output, ...summary, rejectedFile: summary.rejectedFile ?? null });
}
