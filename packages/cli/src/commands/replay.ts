import { dirname, resolve } from "node:path";
import { InputError, openTrace } from "@tidemark/data";
import { filledScenario, parseScenario, plainScenario, replay, scenarioJsonSchema, type Scenario } from "@tidemark/replay";
import type { CliCommand } from "../command.ts";
import { withExportOptions, type ExportOptions } from "../export-options.ts";
import { withMeasuredOptions, type MeasuredOptions } from "../measured-options.ts";
import { measuredFiles, withMeasured } from "../measured-run.ts";
import { differencesJson } from "../measured-text.ts";
import { collect, instants } from "../option-values.ts";
import { preflight } from "../preflight.ts";
import { print, printJson, progress } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs } from "../run-outputs.ts";
import { scenarioText } from "../scenario-text.ts";
import { isTraceFolder, openTraceFolder } from "../trace-folder.ts";
import { TOOL } from "../version.ts";

interface ReplayOptions extends ExportOptions, MeasuredOptions {
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
      .action(async (path: string | undefined, options: ReplayOptions) => {
        if (options.printSchema) {
          printJson(scenarioJsonSchema());
          return;
        }
        if (path === undefined) throw new InputError("nothing to replay: name a scenario file or a trace folder");
        const scenario = readScenario(path, options.set);
        if (options.printDefaults) {
          print(JSON.stringify(filledScenario(scenario), null, 2));
          return;
        }
        const { output } = options;
        if (output === undefined) throw new InputError("nothing to write: give -o RUN");
        const drawn = { ...options, output: options.page, run: output };
        await checkRunOutputs(drawn);
        const measured = await measuredFiles(options);
        const open = (trace: string) => openTraceFolder(isTraceFolder(path) ? path : resolve(dirname(path), trace));
        preflight(
          scenario.vms.map(({ trace }) => open(trace).manifest),
          scenario.host !== undefined,
        );
        const replayed = await replay({
          scenario,
          open,
          instants: options.at.length === 0 ? ["end"] : options.at,
          check: options.check,
          tool: TOOL,
          progress: progress("replaying"),
        });
        const run = withMeasured(replayed, measured, options);
        await writeRunOutputs(run, drawn);
        if (options.json) {
          printJson({
            schema: 1,
            run: output,
            manifest: run.manifest,
            tables: run.tables.map(({ spec, length }) => ({ name: spec.name, rows: length })),
            ...differencesJson(run),
          });
        }
      });
    withExportOptions(withMeasuredOptions(command));
  },
};

function readScenario(path: string, sets: readonly string[]): Scenario {
  if (!isTraceFolder(path) || sets.length > 0) return parseScenario(scenarioText(path), path, sets);
  return plainScenario(openTrace(path).manifest.vms.map(({ name }) => ({ trace: path, vm: name })));
}
