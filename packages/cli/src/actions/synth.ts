import {
  checkFolder,
  find,
  InputError,
  MANIFEST_FILE,
  openTrace,
  parsePlugin,
  parseSize,
  parseTime,
  readParams,
  roundTime,
} from "@tidemark/data";
import { synthesise, workloads } from "@tidemark/ingest";
import type { SynthOptions } from "../commands/synth.ts";
import { printJson, progress, say } from "../progress.ts";
import { TOOL } from "../version.ts";
import { counted, whole } from "../words.ts";
import { infoJson } from "./info.ts";

/** Exactly told apart as numbers, and written in a lifetime. */
const ROWS_MAX = 1e12;

export async function act(asked: string, options: SynthOptions): Promise<void> {
  const { name, given } = parsePlugin(asked);
  const workload = find("workload", workloads, name);
  const rows = Number(options.rows);
  if (!Number.isInteger(rows) || rows < 1 || rows > ROWS_MAX)
    throw new InputError(`--rows ${options.rows}: is no whole number from 1 to ${whole(ROWS_MAX)}`);
  const durationNs = parseTime(options.duration, "--duration");
  checkFolder(options.output, MANIFEST_FILE);
  const { vms } = await synthesise(
    {
      workload,
      values: readParams(name, workload.params, given),
      output: options.output,
      rows,
      durationNs,
      memoryBytes: parseSize(options.memory, "--memory"),
      seed: Number(options.seed),
      tool: TOOL,
    },
    progress("making up"),
  );
  const pages = vms.reduce((sum, { guestPhysicalPages }) => sum + guestPhysicalPages, 0);
  say(
    `wrote ${options.output}: ${whole(rows)} accesses in ${roundTime(durationNs)}, ${counted(vms.length, "VM")}, ${whole(pages)} guest-physical pages`,
  );
  if (options.json) printJson(infoJson(openTrace(options.output)));
}
