import {
  estimatorFitTable,
  formatPages,
  measuredDifferencesTable,
  pickTable,
  rowsOf,
  type MeasuredCounter,
  type Row,
  type Run,
} from "@tidemark/data/shapes";
import { hostOrVm, vmLabel } from "../vm-label.ts";

/** Measured counters as legends and sentences name them, those that people ask for. */
export const COUNTER_WORDS = {
  granted: "granted",
  consumed: "consumed",
  guestUsed: "used, says the guest",
  activeReported: "active, reported",
  vmmemctl: "balloon",
  swapped: "swapped",
  zipped: "compressed",
  shared: "shared",
  machine: "machine memory",
  free: "free",
} as const satisfies { readonly [K in MeasuredCounter]?: string };

export type NamedCounter = keyof typeof COUNTER_WORDS;

const isNamed = (counter: string): counter is NamedCounter => Object.hasOwn(COUNTER_WORDS, counter);

/** How far the run is from what was measured, and the gains fitted to it, in sentences; none where nothing was measured. */
export function measuredSentences(run: Run): readonly string[] {
  const differences = pickTable(run.tables, measuredDifferencesTable);
  const fits = pickTable(run.tables, estimatorFitTable);
  const compared = (differences === undefined ? [] : rowsOf(differences)).filter(
    ({ counter, measured, simulated }) => isNamed(counter) && (measured > 0 || simulated > 0),
  );
  return [...compared.map(differenceSentence), ...(fits === undefined ? [] : rowsOf(fits)).map(fitSentence)];
}

/** "web: simulated consumed is 1 GiB below the measured 3 GiB in the mean, …" */
export function differenceSentence({
  vm,
  counter,
  samples,
  measured,
  bias,
  error,
  correlation,
}: Row<typeof measuredDifferencesTable.columns>): string {
  const name = isNamed(counter) ? COUNTER_WORDS[counter].replace(/,.*/, "") : counter;
  const off = Math.round(bias);
  const side = off === 0 ? "as large as" : `${formatPages(Math.abs(off))} ${off < 0 ? "below" : "above"}`;
  const together = Number.isNaN(correlation) ? "one of the two does not change" : `they correlate by ${correlation.toFixed(0)} %`;
  return `${hostOrVm(vm)}: simulated ${name} is ${side} the measured ${formatPages(Math.round(measured))} in the mean of ${samples} samples, with an error of ${formatPages(Math.round(error))}; ${together}.`;
}

/** What the gains are, how well they fit, and how little the series may say of them. */
export function fitSentence(fit: Row<typeof estimatorFitTable.columns>): string {
  const { vm, truth, periods, slow, slowLow, slowHigh, fast, fastLow, fastHigh, share, error, drawn, unexplained } = fit;
  const touched =
    truth === "steady"
      ? `the touched share taken as steady at ${share.toFixed(1)} %`
      : `touched shares from the replay, ${share.toFixed(1)} % in the mean`;
  return (
    `${vmLabel(vm)}: of the sampler's gains slow ${slow} and fast ${fast} fit the measured active memory best (${periods} periods, ${touched}). ` +
    `One period ahead the fit errs by ${error.toFixed(1)} points of the VM's size, where a single draw of the sample would err by ${drawn.toFixed(1)}; ` +
    `${unexplained.toFixed(1)} points are left that neither the draw nor the averages explain. ` +
    `Slow ${bandWords(slowLow, slowHigh)} and fast ${bandWords(fastLow, fastHigh)} fit nearly as well.`
  );
}

const bandWords = (low: number, high: number): string => (low === high ? String(low) : `${low}–${high}`);
