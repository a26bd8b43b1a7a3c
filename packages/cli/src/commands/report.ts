import { InputError } from "@tidemark/data";
import type { CliCommand } from "../command.ts";
import { chartFolders, withExportOptions, type ExportOptions } from "../export-options.ts";
import { print, printJson } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs } from "../run-outputs.ts";
import { readRunFolder } from "../trace-folder.ts";

interface ReportOptions extends ExportOptions {
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
      .action(async (folder: string, options: ReportOptions) => {
        const { output, pdf } = options;
        if (output === undefined && pdf === undefined && chartFolders(options).length === 0)
          throw new InputError("nothing to write: give -o report.html, --pdf FILE, or --svg, --png, --spec or --markdown FOLDER");
        await checkRunOutputs(options);
        const run = await readRunFolder(folder);
        const { chartsOf, sentences } = await import("@tidemark/report");
        const files = await writeRunOutputs(run, options);
        if (options.json) {
          const charts = chartsOf(run).map(({ name, about }) => ({ name, about }));
          printJson({ schema: 1, page: output ?? null, pdf: pdf ?? null, files, charts, sentences: sentences(run) });
        } else print(sentences(run).join("\n"));
      });
    withExportOptions(command);
  },
};
