import type { CliCommand } from "../command.ts";
import { withExportOptions, type ExportOptions } from "../export-options.ts";

export interface ReportOptions extends ExportOptions {
  readonly output?: string;
  readonly json: boolean;
}

export const report: CliCommand = {
  name: "report",
  mount(program) {
    const command = program
      .command("report")
      .summary("draw the page and the charts of a run")
      .description("Draws a run as one self-contained page, as PDF or Markdown, or its charts as files.")
      .argument("<run>", "run folder, as replay or explain --run write it")
      .option("-o, --output <report.html>", "write the report page")
      .option("--json", "print what was written as JSON", false)
      .addHelpText(
        "after",
        "\nExamples:\n  $ tidemark report run -o report.html\n  $ tidemark report run --svg charts --png charts --data csv --fit one-column\n  $ tidemark report run --markdown report --pdf report.pdf",
      )
      .action(async (folder: string, options: ReportOptions) => (await import("../actions/report.ts")).act(folder, options));
    withExportOptions(command);
  },
};
