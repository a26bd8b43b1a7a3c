import { dirname, resolve } from "node:path";
import { InputError, openTrace } from "@tidemark/data";
import { filledScenario, parseScenario, plainScenario, replay, scenarioJsonSchema, type Scenario } from "@tidemark/replay";
import type { ReplayOptions } from "../commands/replay.ts";
import { measuredFiles, withMeasured } from "../measured-run.ts";
import { differencesJson } from "../measured-text.ts";
import { preflight } from "../preflight.ts";
import { printJson, progress } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs } from "../run-outputs.ts";
import { scenarioText } from "../scenario-text.ts";
import { isTraceFolder, openTraceFolder } from "../trace-folder.ts";
import { TOOL } from "../version.ts";

export async function act(path: string | undefined, options: ReplayOptions): Promise<void> {
  if (options.printSchema) {
    printJson(scenarioJsonSchema());
    return;
  }
  if (path === undefined) throw new InputError("nothing to replay: name a scenario file or a trace folder");
  const scenario = readScenario(path, options.set);
  if (options.printDefaults) {
    printJson(filledScenario(scenario));
    return;
  }
  const { output } = options;
  if (output === undefined) throw new InputError("nothing to write: give -o RUN");
  const drawn = { ...options, output: options.page, run: output };
  await checkRunOutputs(drawn, [path, ...options.measured]);
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
  const run = await withMeasured(replayed, measured, options);
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
}

function readScenario(path: string, sets: readonly string[]): Scenario {
  if (!isTraceFolder(path) || sets.length > 0) return parseScenario(scenarioText(path), path, sets);
  return plainScenario(openTrace(path).manifest.vms.map(({ name }) => ({ trace: path, vm: name })));
}
