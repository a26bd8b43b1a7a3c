import type { CliCommand } from "../command.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";

export interface InfoOptions extends IngestOptions {
  readonly json: boolean;
}

export const info: CliCommand = {
  name: "info",
  mount(program) {
    withIngestOptions(
      program
        .command("info")
        .summary("say what a trace holds")
        .description(
          "Says what a trace holds: VMs, rows, accesses, distinct pages, time span, sources, what was captured and what synthesised.",
        )
        .argument("<inputs...>", "a trace folder, or files to read"),
    )
      .option("--json", "print as JSON", false)
      .addHelpText("after", "\nExamples:\n  $ tidemark info web.trace\n  $ tidemark info web.csv.gz --json")
      .action(async (inputs: string[], options: InfoOptions) => (await import("../actions/info.ts")).act(inputs, options));
  },
};
