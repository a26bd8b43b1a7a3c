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
import type { CliCommand } from "../command.ts";
import { seed } from "../option-values.ts";
import { printJson, progress, say } from "../progress.ts";
import { TOOL } from "../version.ts";
import { counted, whole } from "../words.ts";
import { infoJson } from "./info.ts";

interface SynthOptions {
  readonly output: string;
  readonly rows: string;
  readonly duration: string;
  readonly memory: string;
  readonly seed: string;
  readonly json: boolean;
}

/** Exactly told apart as numbers, and written in a lifetime. */
const ROWS_MAX = 1e12;

export const synth: CliCommand = {
  name: "synth",
  mount(program) {
    program
      .command("synth")
      .summary("make up a trace")
      .description(
        "Makes up a trace of a workload (tidemark list workloads) from a seed: accesses, page allocations and contents. For trying things out, " +
          "teaching and tests; every report made of it says that it is made up.",
      )
      .argument("<workload>", "its name, with parameters as in zipf:pages=4096,skew=0.9")
      .requiredOption("-o, --output <trace>", "trace folder to write")
      .option("--rows <n>", "accesses", "1000000")
      .option("--duration <time>", "from the first access to the last", "60s")
      .option("--memory <size>", "of each guest", "256MiB")
      .option("--seed <n>", "equal seeds give equal bytes", seed, "1")
      .option("--json", "print what the trace holds as JSON", false)
      .addHelpText(
        "after",
        `
Examples:
  $ tidemark synth zipf -o zipf.trace
  $ tidemark synth hog-and-free:pages=20000 --duration 5min -o hog.trace
  $ tidemark synth boot-storm:vms=16 --rows 20000000 -o boot.trace`,
      )
      .action(async (asked: string, options: SynthOptions) => {
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
      });
  },
};
