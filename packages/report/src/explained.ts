import type { Run } from "@tidemark/data/shapes";
import { historyAt, type History } from "./history.ts";
import type { LedgerRow } from "./ledger-rows.ts";
import { recordedInstants, type RecordedInstant } from "./recorded-instants.ts";
import type { VmSamples } from "./sampled-instant.ts";
import { vmSamples } from "./samples.ts";

/** One VM at one instant that was asked for: counters and ledger, and what was before. */
export interface Explained extends RecordedInstant {
  readonly history: History;
}

// Made once: every chart and sentence asks for them.
const KNOWN = new WeakMap<Run, readonly Explained[]>();

/** Every VM and instant that the run explains, VM by VM in the run's order. */
export function explainedInstants(run: Run): readonly Explained[] {
  const known = KNOWN.get(run);
  if (known !== undefined) return known;
  const samples = new Map<string, VmSamples>();
  const explained = recordedInstants(run).map((instant) => {
    const own = samples.get(instant.vm) ?? vmSamples(run, instant.vm);
    samples.set(instant.vm, own);
    return { ...instant, history: historyAt(own, instant.counters.time, run.manifest.windowNs, run.manifest.endNs) };
  });
  KNOWN.set(run, explained);
  return explained;
}

/** The ledger of one VM at one instant asked for; empty if the run does not explain it. The rows of the page's and the terminal's table. */
export const ledgerRows = (run: Run, vm: string, asked: string): readonly LedgerRow[] =>
  explainedInstants(run).find((each) => each.vm === vm && each.asked === asked)?.ledger ?? [];
