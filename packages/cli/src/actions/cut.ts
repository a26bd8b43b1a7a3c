import { checkFolder, InputError, MANIFEST_FILE, openTrace, parseTime, roundTime, type Trace } from "@tidemark/data";
import { cutTrace, markerTime } from "@tidemark/ingest";
import type { CutOptions } from "../commands/cut.ts";
import { printJson, progress, say } from "../progress.ts";
import { openTraceFolder } from "../trace-folder.ts";
import { TOOL } from "../version.ts";
import { whole } from "../words.ts";
import { infoJson } from "./info.ts";

export async function act(path: string, options: CutOptions): Promise<void> {
  const trace = openTraceFolder(path);
  checkFolder(options.output, MANIFEST_FILE);
  const [fromNs, toNs] = await interval(trace, options);
  const manifest = await cutTrace(
    { trace, output: options.output, fromNs, toNs, vm: options.vm, anonymise: options.anonymise, tool: TOOL },
    progress("cutting"),
  );
  const rows = manifest.vms.reduce((sum, vm) => sum + vm.rows, 0);
  say(`wrote ${options.output}: ${whole(rows)} rows, ${roundTime(manifest.originNs ?? 0)} to ${roundTime(manifest.endNs ?? 0)}`);
  if (options.json) printJson(infoJson(openTrace(options.output)));
}

async function interval(trace: Trace, { from, to, mark }: CutOptions): Promise<readonly [number, number]> {
  if (mark === undefined) {
    return [from === undefined ? -Infinity : parseTime(from, "--from"), to === undefined ? Infinity : parseTime(to, "--to")];
  }
  if (from !== undefined || to !== undefined) throw new InputError("--mark: give either markers or --from and --to");
  const ids = /^(\d+)\.\.(\d+)$/.exec(mark);
  if (ids === null) throw new InputError(`--mark ${mark}: write two marker numbers, for example 11..12`);
  const fromNs = await markerTime(trace, Number(ids[1]), -Infinity);
  return [fromNs, await markerTime(trace, Number(ids[2]), fromNs)];
}
