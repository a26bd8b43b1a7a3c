import {
  estimatesTable,
  estimatorFitTable,
  InputError,
  readParams,
  tableOf,
  type measuredTable,
  type Row,
  type Table,
} from "@tidemark/data/shapes";
import { abitScan } from "../estimators/abit-scan.ts";
import { esxSampler } from "../estimators/esx-sampler.ts";
import { fitGains } from "./fit-gains.ts";
import { periodsOf } from "./periods.ts";

/** What a fit is made from. */
export interface FitPlan {
  readonly measured: Table<typeof measuredTable.columns>;
  /** Of a replay of the same workload: what was touched per period. undefined: the touched share is taken to be steady. */
  readonly estimates: Table<typeof estimatesTable.columns> | undefined;
  /** The host's sample period, on the clock of the samples; ns. */
  readonly periodNs: number;
  readonly seed: number;
}

/** Fits the gains of esx-sampler to every VM whose active memory was measured. InputError where there is none, or not enough of it. */
export function estimatorFit({ measured, estimates, periodNs, seed }: FitPlan): Table<typeof estimatorFitTable.columns> {
  const { pages } = readParams(esxSampler.name, esxSampler.params, {});
  const vms = [...new Set(measured.columns.vm)].filter((vm) => vm !== "");
  const rows = vms.flatMap((vm): Row<typeof estimatorFitTable.columns>[] => {
    const shares = activeShares(measured, vm);
    if (shares.times.length === 0) return [];
    const { endsNs, values } = periodsOf(shares.times, shares.shares, periodNs, vm);
    const touched = estimates === undefined ? undefined : touchedShares(estimates, vm, endsNs, shares.sizePages);
    const known = touched === undefined ? values : values.map((value, i) => (Number.isNaN(touched[i]) ? NaN : value));
    // Periods before the replay, or behind it, have no truth to begin from.
    const first = known.findIndex((value) => !Number.isNaN(value));
    const reported = first < 0 ? new Float64Array(0) : known.slice(first);
    const fit = fitGains(
      { reported, touched: touched?.slice(Math.max(0, first)).map((share) => (Number.isNaN(share) ? 0 : share)) },
      pages,
      seed,
    );
    if (fit === undefined) throw new InputError(`${vm}: too few periods with a measured active memory to fit gains to; ten is the least`);
    const { slow, fast, slowBand, fastBand, share, error, unexplained, periods } = fit;
    return [
      {
        vm,
        truth: touched === undefined ? "steady" : "replayed",
        periods,
        slow,
        slowLow: slowBand[0],
        slowHigh: slowBand[1],
        fast,
        fastLow: fastBand[0],
        fastHigh: fastBand[1],
        share: 100 * share,
        error: 100 * error,
        drawn: 100 * Math.sqrt((share * (1 - share)) / pages),
        unexplained: 100 * unexplained,
      },
    ];
  });
  if (rows.length === 0) throw new InputError("no VM has a measured active memory and a known size, so there is nothing to fit gains to");
  return tableOf(estimatorFitTable, rows);
}

/** Reported active memory of a VM in shares of its size, where both are known. */
function activeShares({ length, columns }: FitPlan["measured"], vm: string) {
  const times: number[] = [];
  const shares: number[] = [];
  let sizePages = NaN;
  for (let row = 0; row < length; row++) {
    if (columns.vm[row] !== vm || Number.isNaN(columns.activeReported[row] / columns.configured[row])) continue;
    sizePages = columns.configured[row];
    times.push(columns.time[row]);
    shares.push(columns.activeReported[row] / sizePages);
  }
  return { times: Float64Array.from(times), shares: Float64Array.from(shares), sizePages };
}

/** What a scan of all pages found touched in the period before each instant, in shares of the VM's size; NaN outside the replay. */
function touchedShares(
  { length, columns }: Table<typeof estimatesTable.columns>,
  vm: string,
  endsNs: Float64Array,
  sizePages: number,
): Float64Array {
  const rows: number[] = [];
  for (let row = 0; row < length; row++) if (columns.vm[row] === vm && columns.estimator[row] === abitScan.name) rows.push(row);
  const lastNs = columns.time[rows.at(-1) ?? 0];
  let at = -1;
  return endsNs.map((end) => {
    while (at + 1 < rows.length && columns.time[rows[at + 1]] <= end) at++;
    return at < 0 || end > lastNs ? NaN : columns.reported[rows[at]] / sizePages;
  });
}
