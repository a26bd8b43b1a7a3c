import { checkFile, checkFolder, InputError, writeWhole } from "@tidemark/data";
import type { CliCommand } from "../command.ts";
import type { ExportOptions } from "../export-charts.ts";
import { print, printJson, say } from "../progress.ts";
import { readRunFolder } from "../trace-folder.ts";

interface ReportOptions extends ExportOptions {
  readonly output?: string;
  readonly json: boolean;
}

export const report: CliCommand = {
  name: "report",
  mount(program) {
    program
      .command("report")
      .summary("draw the page and the charts of a run")
      .description("Draws a run as one self-contained page, or its charts as SVG or PNG files.")
      .argument("<run>", "run folder, as replay or explain --run write it")
      .option("-o, --output <report.html>", "write the report page")
      .option("--svg <folder>", "write every chart as SVG")
      .option("--png <folder>", "write every chart as PNG")
      .option("--json", "print what was written as JSON", false)
      .addHelpText("after", "\nExamples:\n  $ tidemark report run -o report.html\n  $ tidemark report run --svg charts --png charts")
      .action(async (folder: string, options: ReportOptions) => {
        if (options.output === undefined && options.svg === undefined && options.png === undefined) {
          throw new InputError("nothing to write: give -o report.html, --svg FOLDER or --png FOLDER");
        }
        if (options.output !== undefined) checkFile(options.output);
        for (const charts of [options.svg, options.png]) if (charts !== undefined) checkFolder(charts);
        const run = await readRunFolder(folder);
        const { chartsOf, renderPage, sentences } = await import("@tidemark/report");
        const { exportCharts } = await import("../export-charts.ts");
        if (options.output !== undefined) {
          writeWhole(options.output, renderPage(run));
          say(`wrote ${options.output}`);
        }
        const files = await exportCharts(run, options);
        if (options.json) {
          const charts = chartsOf(run).map(({ name, about }) => ({ name, about }));
          printJson({ schema: 1, page: options.output ?? null, files, charts, sentences: sentences(run) });
        } else print(sentences(run).join("\n"));
      });
  },
};
