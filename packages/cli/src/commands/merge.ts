import type { CliCommand } from "../command.ts";
import { withExportOptions } from "../export-options.ts";
import type { ShowOptions } from "../sweep/show-comparison.ts";

export interface MergeOptions extends ShowOptions {
  readonly output: string;
}

export const mergeCommand: CliCommand = {
  name: "merge",
  mount(program) {
    const command = program
      .command("merge")
      .summary("join the slices of a comparison that several machines replayed")
      .description("Joins what tidemark compare --shard wrote into what one machine would have written.")
      .argument("<folders...>", "folders of all slices")
      .requiredOption("-o, --output <folder>", "folder to write")
      .option("--page <report.html>", "write the report page")
      .option("--json", "print the comparison as JSON", false)
      .addHelpText(
        "after",
        "\nExamples:\n  $ tidemark merge slice-1 slice-2 slice-3 -o comparison\n  $ tidemark merge slice-* -o comparison --page comparison.html",
      )
      .action(async (folders: string[], options: MergeOptions) => (await import("../actions/merge.ts")).act(folders, options));
    withExportOptions(command);
  },
};
