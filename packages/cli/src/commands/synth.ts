import type { CliCommand } from "../command.ts";
import { seed } from "../option-values.ts";

export interface SynthOptions {
  readonly output: string;
  readonly rows: string;
  readonly duration: string;
  readonly memory: string;
  readonly seed: string;
  readonly json: boolean;
}

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
      .action(async (asked: string, options: SynthOptions) => (await import("../actions/synth.ts")).act(asked, options));
  },
};
