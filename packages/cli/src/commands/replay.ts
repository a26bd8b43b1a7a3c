import type { CliCommand } from "../command.ts";
import { withExportOptions, type ExportOptions } from "../export-options.ts";
import { withMeasuredOptions, type MeasuredOptions } from "../measured-options.ts";
import { collect, instants } from "../option-values.ts";

export interface ReplayOptions extends ExportOptions, MeasuredOptions {
  readonly output?: string;
  readonly page?: string;
  readonly at: readonly string[];
  readonly set: readonly string[];
  readonly check: boolean;
  readonly json: boolean;
  readonly printDefaults: boolean;
  readonly printSchema: boolean;
}

export const replayCommand: CliCommand = {
  name: "replay",
  mount(program) {
    const command = program
      .command("replay")
      .summary("replay a scenario into a run folder")
      .description(
        "Replays a scenario file, or a trace under default settings, and writes the run: a manifest and one Arrow file per table.",
      )
      .argument("[scenario]", "scenario file (YAML or JSON), or a trace folder")
      .option("-o, --output <run>", "run folder to write")
      .option("--page <report.html>", "write the report page")
      .option("--at <instant>", "instants to explain in full: a time, peak, end or mark:N; repeatable; default: end", instants, [])
      .option("--set <path=value>", "override a value of the scenario, e.g. vms.0.backing=2m; repeatable", collect, [])
      .option("--check", "recount the machine page by page after every sample (slow)", false)
      .option("--print-defaults", "print the scenario with every default filled in, and stop", false)
      .option("--print-schema", "print the JSON Schema of scenario files, and stop", false)
      .option("--json", "print what was written as JSON", false)
      .addHelpText(
        "after",
        `
Examples:
  $ tidemark replay scenario.yaml -o run --page host.html
  $ tidemark replay web.trace -o run --at 6.5s --set vms.0.backing=2m --set window=1s
  $ tidemark replay scenario.yaml --print-defaults`,
      )
      .action(async (path: string | undefined, options: ReplayOptions) => (await import("../actions/replay.ts")).act(path, options));
    withExportOptions(withMeasuredOptions(command));
  },
};
