import type { CliCommand } from "../command.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";

export interface IngestCommandOptions extends IngestOptions {
  readonly output: string;
  readonly json: boolean;
}

export const ingestCommand: CliCommand = {
  name: "ingest",
  mount(program) {
    withIngestOptions(
      program
        .command("ingest")
        .summary("read captured files into a trace folder")
        .description("Reads captured files of any known format into one trace folder that every other command takes.")
        .argument("<inputs...>", "files of any known format (tidemark list formats); plain, .gz, .xz, .zst, .lz4 or .zip")
        .requiredOption("-o, --output <trace>", "trace folder to write, e.g. web.trace"),
    )
      .option("--json", "print the summary as JSON", false)
      .addHelpText(
        "after",
        `
Examples:
  $ tidemark ingest web.csv.gz web.kmem.csv.gz web.meminfo.txt.gz -o web.trace
  $ tidemark ingest pin.csv --map gva=address:hex --time-unit us -o pin.trace
  $ tidemark ingest fork.csv.gz fork.events.csv.gz --order exact -o fork.trace
  $ tidemark ingest web.lackey.zst -o web.trace
  $ tidemark ingest broken.csv --bad-rows quarantine -o broken.trace`,
      )
      .action(async (inputs: string[], options: IngestCommandOptions) => (await import("../actions/ingest.ts")).act(inputs, options));
  },
};
