import type { CliCommand } from "../command.ts";

export interface CutOptions {
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
      .action(async (path: string, options: CutOptions) => (await import("../actions/cut.ts")).act(path, options));
  },
};
