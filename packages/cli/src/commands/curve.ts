import { curve, parseScenario, type AskedPolicy } from "@tidemark/replay";
import type { CliCommand } from "../command.ts";
import { parseMemorySizes, parsePageSizes, parsePolicies, parseShare, withPriceOptions, type PriceOptions } from "../curve-options.ts";
import { withExportOptions } from "../export-options.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";
import { seed } from "../option-values.ts";
import { openPlacedVms, type PlacedVm } from "../pick-vms.ts";
import { print, printJson, progress, say } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs, type RunOutputs } from "../run-outputs.ts";
import { TOOL } from "../version.ts";
import { counted, sizeText, whole } from "../words.ts";

interface CurveOptions extends IngestOptions, RunOutputs, PriceOptions {
  readonly policy: readonly AskedPolicy[];
  readonly pages: readonly number[];
  readonly sizes: readonly number[];
  readonly sample?: number;
  readonly seed: string;
  readonly shared: boolean;
  readonly json: boolean;
}

export const curveCommand: CliCommand = {
  name: "curve",
  mount(program) {
    const command = withPriceOptions(
      withIngestOptions(
        program
          .command("curve")
          .summary("count misses against memory size: how small can a VM be before it hurts?")
          .description(
            "Pages a trace on demand into memories of many sizes, under victim policies, and counts the misses; for LRU at all sizes in one pass.",
          )
          .argument("<inputs...>", "a trace folder, or captured files of any known format; or several trace folders"),
      )
        .option(
          "--policy <names>",
          "victim policies, separated by commas, with parameters after a colon (tidemark list policies); default: lru,belady, the bound",
          parsePolicies,
          parsePolicies("lru,belady"),
        )
        .option(
          "--pages <numbers>",
          "memory sizes in pages, separated by commas; default: 1 to 100 % of the pages that are accessed",
          parsePageSizes,
          [],
        )
        .option("--sizes <sizes>", "the same as memory, e.g. 64MiB,1GiB", parseMemorySizes, [])
        .option("--sample <share>", "follow only this share of the pages, e.g. 1%, and estimate; a band is given for lru", (text: string) =>
          parseShare(text, "--sample"),
        )
        .option("--seed <number>", "of all chance: the sample, and policies that draw", seed, "1")
        .option("--shared", "also all VMs on one host, competing for its memory; those of several traces are joined by time", false),
    )
      .option("-o, --output <report.html>", "write the report page")
      .option("--run <folder>", "keep the run: its manifest and tables")
      .option("--json", "print misses as JSON", false)
      .addHelpText(
        "after",
        `
Of trace folders, --vm NAME takes that VM alone.

Examples:
  $ tidemark curve web.trace
  $ tidemark curve accesses.csv --policy lru,fifo,clock,belady --pages 10,100,1000,10000 --json
  $ tidemark curve web.trace --sizes 64MiB,128MiB,256MiB --policy lru,slru:segments=2,arc --png charts
  $ tidemark curve db.trace web.trace --shared --sizes 128MiB,256MiB
  $ tidemark curve large.trace --sample 1% --extra 2%`,
      )
      .action(async (inputs: string[], options: CurveOptions) => {
        const { policy, sample } = options;
        const askedSizes = [...new Set([...options.pages, ...options.sizes])].sort((a, b) => a - b);
        await checkRunOutputs(options);
        const { vms, open, discard } = await openPlacedVms(inputs, options);
        try {
          const size = options.size === undefined ? {} : { size: options.size };
          const scenario = parseScenario(
            JSON.stringify({
              seed: Number(options.seed),
              vms: vms.map(({ path, vm, name }) => ({ trace: path, vm: vm.name, name, ...size })),
            }),
            "curve",
            [],
          );
          announce(vms, policy, sample ?? 1);
          const run = await curve({
            scenario,
            open,
            policies: policy,
            sizes: askedSizes,
            rate: sample,
            shared: options.shared,
            extra: options.extra,
            stallsNs: options.stall,
            pageInNs: options.pageIn,
            tool: TOOL,
            progress: progress("counting misses"),
          });
          await writeRunOutputs(run, options);
          if (options.json) {
            const { curveJson } = await import("../curve-json.ts");
            printJson(curveJson(run));
          } else {
            const [{ curveText }, { rowsIn, vmCurveSentences }] = [await import("../curve-text.ts"), await import("@tidemark/report")];
            print(curveText(run, (vm) => vmCurveSentences(rowsIn(run), vm)));
          }
        } finally {
          discard();
        }
      });
    withExportOptions(command);
  },
};

/** Shorter traces are done before the line is read. */
const LONG_ROWS = 5_000_000;
/** A row's next use. */
const BYTES_PER_ROW = 4;

/** Before a long count: what is to be done, and what knowing the future takes. */
function announce(vms: readonly PlacedVm[], asked: readonly AskedPolicy[], rate: number): void {
  const rows = vms.reduce((sum, { vm }) => sum + vm.rows, 0);
  if (rows < LONG_ROWS) return;
  const future = asked.find(({ policy }) => policy.sees === "future");
  const price = future === undefined ? "" : `; ${future.label} keeps ${sizeText(rate * rows * BYTES_PER_ROW)} of next uses`;
  say(`counting misses of ${whole(rows)} rows of ${counted(vms.length, "VM")}${price}`);
}
