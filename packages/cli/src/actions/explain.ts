import { hostTable, InputError, pickTable, type Run } from "@tidemark/data/shapes";
import { parseScenario, replay } from "@tidemark/replay";
import type { Command } from "commander";
import type { ExplainOptions } from "../commands/explain.ts";
import { explainJson } from "../explain-json.ts";
import { givenRun } from "../explain-run.ts";
import { measuredFiles, withMeasured } from "../measured-run.ts";
import { differencesJson } from "../measured-text.ts";
import { openInput } from "../open-input.ts";
import { preflight } from "../preflight.ts";
import { print, printJson, progress } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs } from "../run-outputs.ts";
import { TOOL } from "../version.ts";

export async function act(inputs: string[], options: ExplainOptions, command: Command): Promise<void> {
  await checkBefore(inputs, options);
  const measured = await measuredFiles(options);
  const run = await withMeasured((await givenRun(inputs, command)) ?? (await explainInputs(inputs, options)), measured, options);
  await writeRunOutputs(run, options);
  if (options.json) printJson({ ...explainJson(run), ...(await hostKey(run)), ...differencesJson(run) });
  else {
    const { ledgerText } = await import("../ledger-text.ts");
    print(ledgerText(run));
  }
}

/** The key `host` where memory could be scarce. */
async function hostKey(run: Run): Promise<object> {
  if (pickTable(run.tables, hostTable) === undefined) return {};
  const { hostJson } = await import("../host-json.ts");
  return { host: hostJson(run) };
}

/** Refuses what cannot work before the work. */
async function checkBefore(inputs: readonly string[], options: ExplainOptions): Promise<void> {
  await checkRunOutputs(options, [...inputs, ...options.measured]);
  const anyVm = JSON.stringify({ vms: [{ trace: "any" }] });
  // Which VMs there are is known when the input has been read.
  parseScenario(
    anyVm,
    "explain",
    scenarioSets(options).filter((set) => !set.startsWith("vms.")),
  );
}

async function explainInputs(inputs: readonly string[], options: ExplainOptions): Promise<Run> {
  const input = await openInput(inputs, options);
  try {
    if (input.trace.manifest.originNs === null)
      throw new InputError(`${input.path}: no accesses, so nothing to explain; name the file that has them, too`);
    const vms = input.trace.manifest.vms.map(({ name }) => ({
      trace: input.path,
      vm: name,
      backing: options.backing,
      ...(options.size === undefined ? {} : { size: options.size }),
    }));
    const scenario = parseScenario(JSON.stringify({ vms }), "explain", scenarioSets(options));
    preflight([input.trace.manifest], scenario.host !== undefined);
    return await replay({
      scenario,
      open: () => input.trace,
      instants: options.at.length === 0 ? ["end"] : options.at,
      check: options.check,
      tool: TOOL,
      progress: progress("replaying"),
    });
  } finally {
    input.discard();
  }
}

/** The options that are short for `--set`. */
function scenarioSets({ window, sample, estimator, timeScale, seed, set }: ExplainOptions): readonly string[] {
  const short: [string, string | undefined][] = [
    ["window", window],
    ["sample", sample],
    ["timeScale", timeScale],
    ["seed", seed],
  ];
  return [...short.flatMap(([path, value]) => (value === undefined ? [] : [`${path}=${value}`])), ...(estimator ?? []), ...set];
}
