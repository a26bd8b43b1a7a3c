import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { InputError, openTrace, scratchFolder, statPath, type Trace } from "@tidemark/data";
import { givenReadingOptions, ingestPlan, type IngestOptions } from "./ingest-options.ts";
import { progress, say } from "./progress.ts";
import { isRunFolder, isTraceFolder } from "./trace-folder.ts";
import { counted, describeSummary, sizeText } from "./words.ts";

/** A trace to work on, and how to let go of it. */
export interface OpenInput {
  readonly trace: Trace;
  /** What the scenario calls it. */
  readonly path: string;
  discard(): void;
}

/** Opens a trace folder, or ingests foreign files into a temporary one. */
export async function openInput(inputs: readonly string[], options: IngestOptions): Promise<OpenInput> {
  const folders = inputs.filter(isTraceFolder);
  if (folders.length > 0) {
    if (inputs.length > 1)
      throw new InputError(`${folders[0]}: is a trace already; give it alone, or give the files it was made of together`);
    checkReadAlready(folders[0], options);
    return { trace: openTrace(folders[0]), path: folders[0], discard() {} };
  }
  const run = inputs.find(isRunFolder);
  if (run !== undefined) throw new InputError(`${run}: is a run, not a trace; tidemark report draws it`);
  if (options.badRows === "quarantine")
    throw new InputError(
      "--bad-rows quarantine: keeps rejected rows in the trace that tidemark ingest writes; ingest first, or --bad-rows skip",
    );
  const scratch = scratchFolder(tmpdir(), "tidemark");
  try {
    const path = join(scratch.path, "input.trace");
    await ingestAloud(inputs, path, options);
    // The temporary folder's name must not get into the run.
    const name = inputs.map((input) => basename(input)).join(", ");
    return { trace: { ...openTrace(path), name }, path: name, discard: () => scratch.discard() };
  } catch (error) {
    scratch.discard();
    throw error;
  }
}

/** Refuses options that are of reading files where a trace is given. */
export function checkReadAlready(trace: string, options: IngestOptions): void {
  const [given] = givenReadingOptions(options);
  if (given === "--vm") throw new InputError(`--vm: ${trace} has been read already; to keep one VM of it: tidemark cut --vm NAME`);
  if (given !== undefined) throw new InputError(`${given}: ${trace} has been read already; ${given} belongs to tidemark ingest`);
}

/** Ingests with a preflight line, progress and a summary on stderr. */
export async function ingestAloud(inputs: readonly string[], output: string, options: IngestOptions) {
  const plan = ingestPlan(inputs, output, options);
  const files = inputs.flatMap(fileAt);
  // Of others there is a complaint to come, and nothing is read.
  if (files.length === inputs.length)
    say(`reading ${counted(files.length, "file")}, ${sizeText(files.reduce((sum, size) => sum + size, 0))}`);
  const { ingest } = await import("@tidemark/ingest");
  const summary = await ingest(plan, progress("reading"));
  say(describeSummary(summary));
  return summary;
}

/** Bytes of what can be read at a path; none where nothing is, or a folder. */
function fileAt(path: string): readonly number[] {
  try {
    const found = statPath(path);
    return found === undefined || found.isDirectory() ? [] : [Number(found.size)];
  } catch {
    return [];
  }
}
