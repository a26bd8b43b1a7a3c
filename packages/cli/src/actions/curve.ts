import { curve, parseScenario, type AskedPolicy } from "@tidemark/replay";
import type { CurveOptions } from "../commands/curve.ts";
import { openPlacedVms, type PlacedVm } from "../pick-vms.ts";
import { print, printJson, progress, say } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs } from "../run-outputs.ts";
import { TOOL } from "../version.ts";
import { counted, sizeText, whole } from "../words.ts";

export async function act(inputs: string[], options: CurveOptions): Promise<void> {
  const { policy, sample } = options;
  const askedSizes = [...new Set([...options.pages, ...options.sizes])].sort((a, b) => a - b);
  await checkRunOutputs(options, inputs);
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
      const [{ curveText }, { rowsIn, vmCurveSentences }] = [await import("../curve-text.ts"), await import("@tidemark/report/words")];
      print(curveText(run, (vm) => vmCurveSentences(rowsIn(run), vm)));
    }
  } finally {
    discard();
  }
}

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
