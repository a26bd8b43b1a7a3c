import { InputError } from "@tidemark/data/shapes";
import type { ReportOptions } from "../commands/report.ts";
import { chartFolders } from "../export-options.ts";
import { print, printJson } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs } from "../run-outputs.ts";
import { readRunFolder } from "../trace-folder.ts";

export async function act(folder: string, options: ReportOptions): Promise<void> {
  const { output, pdf } = options;
  if (output === undefined && pdf === undefined && chartFolders(options).length === 0)
    throw new InputError("nothing to write: give -o report.html, --pdf FILE, or --svg, --png, --spec or --markdown FOLDER");
  await checkRunOutputs(options, [folder]);
  const run = await readRunFolder(folder);
  const { chartsOf, sentences } = await import("@tidemark/report");
  const files = await writeRunOutputs(run, options);
  if (options.json) {
    const charts = chartsOf(run).map(({ name, about }) => ({ name, about }));
    printJson({ schema: 1, page: output ?? null, pdf: pdf ?? null, files, charts, sentences: sentences(run) });
  } else print(sentences(run).join("\n"));
}
