import { estimatorFitTable, formatPages, measuredDifferencesTable, pickTable, rowsOf, type Run, type Table } from "@tidemark/data/shapes";
import { percentText, table, whole } from "./words.ts";

const HOST = "(the host)";

/** "" is the host; a VM that is called what the host is called here stands in quotes. */
export const hostOrVm = (vm: string): string => (vm === "" ? HOST : vm.trim() === HOST ? JSON.stringify(vm) : vm);

/** How far the run is from what was measured, for a terminal; "" where nothing was. */
export function differencesText(run: Run): string {
  const differences = pickTable(run.tables, measuredDifferencesTable);
  if (differences === undefined) return "";
  if (differences.length === 0) return "measured: no counter that the run has too";
  const all = rowsOf(differences);
  const idle = all.filter(({ measured, simulated }) => measured === 0 && simulated === 0);
  const rows = all
    .filter((row) => !idle.includes(row))
    .map(({ vm, counter, samples, measured, simulated, bias, error, correlation }) => [
      hostOrVm(vm),
      counter,
      whole(samples),
      formatPages(Math.round(measured)),
      formatPages(Math.round(simulated)),
      formatPages(Math.round(bias)),
      formatPages(Math.round(error)),
      Number.isNaN(correlation) ? "–" : percentText(correlation, 1),
    ]);
  const text = table(["VM", "measured", "samples", "mean measured", "mean simulated", "bias", "error", "correlation"], rows, [0, 1]);
  const counters = [...new Set(idle.map(({ counter }) => counter))];
  return counters.length === 0 ? text : `${text}\nnothing measured and nothing simulated: ${counters.join(", ")}`;
}

/** The same for `--json`: pages, and null for what is not known. */
export function differencesJson(run: Run): object {
  const differences = pickTable(run.tables, measuredDifferencesTable);
  if (differences === undefined) return {};
  const fits = pickTable(run.tables, estimatorFitTable);
  return {
    ...(fits === undefined ? {} : fitJson(fits)),
    measured: rowsOf(differences).map(({ vm, counter, samples, measured, simulated, bias, error, correlation }) => ({
      vm,
      counter,
      samples,
      measuredPages: measured,
      simulatedPages: simulated,
      biasPages: bias,
      errorPages: error,
      correlationPercent: Number.isNaN(correlation) ? null : correlation,
    })),
  };
}

/** Gains as they were fitted; percentages are of the VM's size. */
export const fitJson = (fits: Table<typeof estimatorFitTable.columns>): object => ({
  estimatorFit: rowsOf(fits).map(
    ({ vm, truth, periods, slow, slowLow, slowHigh, fast, fastLow, fastHigh, share, error, drawn, unexplained }) => ({
      vm,
      truth,
      periods,
      slow,
      slowBand: [slowLow, slowHigh],
      fast,
      fastBand: [fastLow, fastHigh],
      sharePercent: share,
      errorPercent: error,
      drawnPercent: drawn,
      unexplainedPercent: unexplained,
    }),
  ),
});
