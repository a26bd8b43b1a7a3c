import { checkFolder, InputError, MANIFEST_FILE, openTrace, parseTime, roundTime, type Trace } from "@tidemark/data";
import { cutTrace, markerTime } from "@tidemark/ingest";
import type { CliCommand } from "../command.ts";
import { printJson, progress, say } from "../progress.ts";
import { openTraceFolder } from "../trace-folder.ts";
import { TOOL } from "../version.ts";
import { whole } from "../words.ts";
import { infoJson } from "./info.ts";

interface CutOptions {
  readonly output: string;
  readonly from?: string;
  readonly to?: string;
  readonly mark?: string;
  readonly vm?: string;
  readonly anonymise: boolean;
  readonly json: boolean;
}

export const cut: CliCommand = {
  name: "cut",
  mount(program) {
    program
      .command("cut")
      .summary("cut a part out of a trace")
      .description(
        "Writes a part of a trace as a trace: an interval, one VM, the stretch between two markers; with addresses replaced for sharing.",
      )
      .argument("<trace>", "trace folder")
      .requiredOption("-o, --output <trace>", "trace folder to write")
      .option("--from <time>", "first instant to keep; default: the beginning")
      .option("--to <time>", "last instant to keep; default: the end")
      .option("--mark <a..b>", "keep from the first marker A to the first marker B after it, e.g. 11..12")
      .option("--vm <name>", "keep this VM only")
      .option("--anonymise", "replace virtual addresses, spaces, pids, names and content hashes by numbers", false)
      .option("--json", "print what the new trace holds as JSON", false)
      .addHelpText(
        "after",
        "\nExamples:\n  $ tidemark cut web.trace --from 2s --to 4s -o part.trace\n  $ tidemark cut web.trace --mark 11..12 --anonymise -o shared.trace",
      )
      .action(async (path: string, options: CutOptions) => {
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
      });
  },
};

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
