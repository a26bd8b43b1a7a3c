import { InputError } from "@tidemark/data";
import { curve, parseScenario, type AskedPolicy } from "@tidemark/replay";
import type { CliCommand } from "../command.ts";
import { parseMemorySizes, parsePageSizes, parsePolicies, parseShare } from "../curve-options.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";
import { seed } from "../option-values.ts";
import { openVms, type TracedVms } from "../pick-vms.ts";
import { print, printJson, progress, say } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs, type RunOutputs } from "../run-outputs.ts";
import { TOOL } from "../version.ts";
import { counted, sizeText, whole } from "../words.ts";

interface CurveOptions extends IngestOptions, RunOutputs {
  readonly policy: readonly AskedPolicy[];
  readonly pages: readonly number[];
  readonly sizes: readonly number[];
  readonly sample?: number;
  readonly seed: string;
  readonly shared: boolean;
  readonly extra: number;
  readonly json: boolean;
}

export const curveCommand: CliCommand = {
  name: "curve",
  mount(program) {
    withIngestOptions(
      program
        .command("curve")
        .summary("count misses against memory size: how small can a VM be before it hurts?")
        .description(
          "Pages a trace on demand into memories of many sizes, under victim policies, and counts the misses; for LRU at all sizes in one pass.",
        )
        .argument("<inputs...>", "a trace folder, or captured files of any known format"),
    )
      .option(
        "--policy <names>",
        "victim policies, separated by commas, with parameters after a colon (tidemark list policies); default: lru",
        parsePolicies,
        parsePolicies("lru"),
      )
      .option(
        "--pages <numbers>",
        "memory sizes in pages, separated by commas; default: 1 to 100 % of the pages that are accessed",
        parsePageSizes,
        [],
      )
      .option("--sizes <sizes>", "the same as memory, e.g. 64MiB,1GiB", parseMemorySizes, [])
      .option("--sample <share>", "follow only this share of the pages, e.g. 1%, and estimate (lru only)", (text: string) =>
        parseShare(text, "--sample"),
      )
      .option("--seed <number>", "of all chance: the sample, and policies that draw", seed, "1")
      .option("--shared", "also all VMs of the trace on one host, competing for its memory", false)
      .option(
        "--extra <share>",
        "what is enough: at most so many misses more than with memory for all pages; default: 5%",
        (text: string) => parseShare(text, "--extra"),
        0.05,
      )
      .option("-o, --output <report.html>", "write the report page")
      .option("--svg <folder>", "write every chart as SVG")
      .option("--png <folder>", "write every chart as PNG")
      .option("--run <folder>", "keep the run: its manifest and tables")
      .option("--json", "print misses as JSON", false)
      .addHelpText(
        "after",
        `
Of a trace folder, --vm NAME takes that VM alone.

Examples:
  $ tidemark curve web.trace
  $ tidemark curve accesses.csv --policy lru,fifo,clock,belady --pages 10,100,1000,10000 --json
  $ tidemark curve web.trace --sizes 64MiB,128MiB,256MiB --policy lru,slru:segments=2,arc --png charts
  $ tidemark curve large.trace --sample 1% --extra 2%`,
      )
      .action(async (inputs: string[], options: CurveOptions) => {
        const { policy, sample } = options;
        const askedSizes = [...new Set([...options.pages, ...options.sizes])].sort((a, b) => a - b);
        const exactOnly = policy.find((each) => each.policy.name !== "lru");
        if (sample !== undefined && exactOnly !== undefined)
          throw new InputError(`--sample: estimates lru alone, not ${exactOnly.label}; leave out one of them`);
        checkRunOutputs(options);
        const { input, vms } = await openVms(inputs, options);
        try {
          const size = options.size === undefined ? {} : { size: options.size };
          const scenario = parseScenario(
            JSON.stringify({ seed: Number(options.seed), vms: vms.map(({ name }) => ({ trace: input.path, vm: name, ...size })) }),
            "curve",
            [],
          );
          announce(vms, policy);
          const run = await curve({
            scenario,
            open: () => input.trace,
            policies: policy,
            sizes: askedSizes,
            rate: sample,
            shared: options.shared,
            extra: options.extra,
            tool: TOOL,
            progress: progress("counting misses"),
          });
          await writeRunOutputs(run, options);
          if (options.json) {
            const { curveJson } = await import("../curve-json.ts");
            printJson(curveJson(run));
          } else {
            const [{ curveText }, { curveSentence }] = [await import("../curve-text.ts"), await import("@tidemark/report")];
            print(curveText(run, curveSentence));
          }
        } finally {
          input.discard();
        }
      });
  },
};

/** Shorter traces are done before the line is read. */
const LONG_ROWS = 5_000_000;
/** A row's next use. */
const BYTES_PER_ROW = 4;

/** Before a long count: what is to be done, and what knowing the future takes. */
function announce(vms: TracedVms, asked: readonly AskedPolicy[]): void {
  const rows = vms.reduce((sum, vm) => sum + vm.rows, 0);
  if (rows < LONG_ROWS) return;
  const future = asked.find(({ policy }) => policy.sees === "future");
  const price =
    future === undefined ? "" : `; ${future.label} reads the trace twice and keeps ${sizeText(rows * BYTES_PER_ROW)} of next uses`;
  say(`counting misses of ${whole(rows)} rows of ${counted(vms.length, "VM")}${price}`);
}
