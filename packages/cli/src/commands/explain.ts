import { hostTable, InputError, pickTable, type Run } from "@tidemark/data";
import { parseScenario, replay } from "@tidemark/replay";
import { Option, type Command } from "commander";
import type { CliCommand } from "../command.ts";
import { explainJson } from "../explain-json.ts";
import { withExportOptions } from "../export-options.ts";
import { givenRun } from "../explain-run.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";
import { withMeasuredOptions, type MeasuredOptions } from "../measured-options.ts";
import { measuredFiles, withMeasured } from "../measured-run.ts";
import { differencesJson } from "../measured-text.ts";
import { openInput } from "../open-input.ts";
import { collect, duration, estimatorSets, instants, positive, seed } from "../option-values.ts";
import { preflight } from "../preflight.ts";
import { print, printJson, progress } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs, type RunOutputs } from "../run-outputs.ts";
import { TOOL } from "../version.ts";

interface ExplainOptions extends IngestOptions, MeasuredOptions, RunOutputs {
  readonly at: readonly string[];
  readonly window?: string;
  readonly sample?: string;
  readonly backing: string;
  /** As overrides of the scenario. */
  readonly estimator?: readonly string[];
  readonly timeScale?: string;
  readonly seed?: string;
  readonly set: readonly string[];
  readonly check: boolean;
  readonly json: boolean;
}

export const explain: CliCommand = {
  name: "explain",
  mount(program) {
    const command = withIngestOptions(
      program
        .command("explain")
        .summary("say why consumed memory exceeds active memory")
        .description(
          "Reads a captured trace, replays it on an uncontended host and prints the ledger: where consumed memory is, page by page. Of a run it says what happened, the host's decisions included.",
        )
        .argument("<inputs...>", "a trace folder, captured files of any known format, or a run folder"),
    )
      .option("--at <instant>", "instant to explain: a time such as 6.5s, peak, end or mark:N; repeatable; default: end", instants, [])
      .option(
        "--window <time>",
        "window of active memory; default: 60s for traces of ten minutes or more, else about a twentieth of the span",
        duration("--window"),
      )
      .option("--sample <time>", "time between samples; default: a tenth of the window, at most 1,000 samples", duration("--sample"))
      .addOption(new Option("--backing <size>", "page size of the host's backing").choices(["4k", "2m"]).default("4k"))
      .option(
        "--estimator <name>",
        "estimator of the reported active memory, e.g. esx-sampler:pages=400,slow=0.2; default: esx-sampler",
        estimatorSets,
      )
      .option("--time-scale <factor>", "hypervisor seconds per second of the trace; default: 1", positive)
      .option("--seed <number>", "seed of all chance; default: 1", seed)
      .option("--set <path=value>", "override any value of the scenario, e.g. vms.0.name=db; repeatable", collect, [])
      .option("-o, --output <report.html>", "write the report page")
      .option("--run <folder>", "keep the run: its manifest and tables")
      .option("--check", "recount the machine page by page after every sample (slow)", false)
      .option("--json", "print the ledger as JSON", false)
      .addHelpText(
        "after",
        `
Examples:
  $ tidemark explain guest.csv.gz guest.kmem.csv.gz guest.meminfo.txt.gz --at 7s --window 1s -o report.html
  $ tidemark explain web.trace --at peak --at end --json
  $ tidemark explain web.trace --at mark:12 --backing 2m --png charts
  $ tidemark explain web.trace --measured esxtop.csv --measured-vm web-01=web --png charts
  $ tidemark explain run`,
      )
      .action(async (inputs: string[], options: ExplainOptions, command: Command) => {
        await checkBefore(options);
        const measured = await measuredFiles(options);
        const run = withMeasured((await givenRun(inputs, command)) ?? (await explainInputs(inputs, options)), measured, options);
        await writeRunOutputs(run, options);
        if (options.json) printJson({ ...explainJson(run), ...(await hostKey(run)), ...differencesJson(run) });
        else {
          const { ledgerText } = await import("../ledger-text.ts");
          print(ledgerText(run));
        }
      });
    withExportOptions(withMeasuredOptions(command));
  },
};

/** The key `host` where memory could be scarce. */
async function hostKey(run: Run): Promise<object> {
  if (pickTable(run.tables, hostTable) === undefined) return {};
  const { hostJson } = await import("../host-json.ts");
  return { host: hostJson(run) };
}

/** Refuses what cannot work before the work. */
async function checkBefore(options: ExplainOptions): Promise<void> {
  await checkRunOutputs(options);
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
    preflight([input.trace.manifest], false);
    return await replay({
      scenario: parseScenario(JSON.stringify({ vms }), "explain", scenarioSets(options)),
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
