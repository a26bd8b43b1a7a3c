import { estimatesTable, formatPages, pickTable, timelineTable, type Row, type Run } from "@tidemark/data/shapes";
import { joined } from "./joined.ts";
import { drawnVms } from "./panel.ts";
import { rowsWhere } from "./rows-where.ts";
import { formatDuration, formatInstant } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";

/** A report that is furthest from the truth on its side. */
interface Furthest {
  readonly timeNs: number;
  /** Reported less true, pages; 0 where no report is on that side. */
  readonly errorPages: number;
}

/** How far an estimator's reports on one VM are from the truth, over all samples at which there is one. */
export interface EstimatorError {
  readonly estimator: string;
  readonly samples: number;
  /** Mean of the distances, and of reported less true; pages. */
  readonly offPages: number;
  readonly meanPages: number;
  /** Samples at which less is reported than is active, and more. */
  readonly tooLow: number;
  readonly tooHigh: number;
  readonly lowest: Furthest;
  readonly highest: Furthest;
  /** Samples with a 95 % band, and those at which the truth lies in it. */
  readonly banded: number;
  readonly inBand: number;
}

/** Of one VM's rows, estimator by estimator in the run's order. */
export function estimatorErrors(
  estimates: readonly Row<typeof estimatesTable.columns>[],
  timeline: readonly Row<typeof timelineTable.columns>[],
): readonly EstimatorError[] {
  const activeAt = new Map(timeline.map(({ time, active }) => [time, active]));
  const known = estimates
    .map((row) => ({ ...row, active: activeAt.get(row.time) ?? NaN }))
    .filter(({ reported, active }) => !Number.isNaN(reported + active));
  return [...new Set(known.map(({ estimator }) => estimator))].map((estimator) => {
    const own = known.filter((row) => row.estimator === estimator);
    const errors = own.map(({ time, reported, active }): Furthest => ({ timeNs: time, errorPages: reported - active }));
    const banded = own.filter(({ low, high }) => !Number.isNaN(low + high));
    const mean = (of: (error: number) => number): number => errors.reduce((sum, { errorPages }) => sum + of(errorPages), 0) / errors.length;
    const none: Furthest = { timeNs: NaN, errorPages: 0 };
    return {
      estimator,
      samples: own.length,
      offPages: mean(Math.abs),
      meanPages: mean((error) => error),
      tooLow: errors.filter(({ errorPages }) => errorPages < 0).length,
      tooHigh: errors.filter(({ errorPages }) => errorPages > 0).length,
      lowest: errors.reduce((least, each) => (each.errorPages < least.errorPages ? each : least), none),
      highest: errors.reduce((most, each) => (each.errorPages > most.errorPages ? each : most), none),
      banded: banded.length,
      inBand: banded.filter(({ low, high, active }) => low <= active && active <= high).length,
    };
  });
}

/** Whose figure "reported" is and how it came about, what it missed of every VM over the run, and what that does not say. */
export function estimatorSentences(run: Run): readonly string[] {
  const estimates = pickTable(run.tables, estimatesTable);
  const timeline = pickTable(run.tables, timelineTable);
  const vms = drawnVms(run).flatMap((vm) => {
    const errors = estimatorErrors(
      rowsWhere(estimates, (i) => estimates?.columns.vm[i] === vm),
      rowsWhere(timeline, (i) => timeline?.columns.vm[i] === vm),
    );
    return errors.length === 0 ? [] : [{ vm, errors }];
  });
  const [reporting, ...others] = [...new Set(vms.flatMap(({ errors }) => errors.map(({ estimator }) => estimator)))];
  if (reporting === undefined) return [];
  const beside = others.length === 0 ? "" : `; ${joined(others)} ${others.length === 1 ? "runs" : "run"} beside it for comparison only`;
  return [
    `Active memory as reported is what the estimator ${reporting} says${parametersOf(run)}${beside}. ${caveat(run, vms)}`,
    ...vms.map(({ vm, errors: [first, ...rest] }) => {
      const off = rest.map(({ estimator, offPages }) => ` ${estimator} is off by ${formatPages(offPages)} on average.`);
      return `${vmLabel(vm)}, over the run: ${first === undefined ? "" : errorWords(first)}${off.join("")}`;
    }),
  ];
}

/** The parameters of the estimator that reports, as the scenario has them: ` (pages=100, …, period=1 s, which is the window)`. */
function parametersOf({ manifest: { scenario, windowNs, timeScale } }: Run): string {
  const { name: _, period, ...others }: { readonly [key: string]: unknown } = Object(scenario["estimator"]);
  const periodNs = period === undefined ? windowNs * timeScale : Number(period);
  const length = `period=${formatDuration(periodNs)}${period === undefined ? ", which is the window" : ""}`;
  return ` (${[...Object.entries(others).map(([key, value]) => `${key}=${String(value)}`), length].join(", ")})`;
}

function caveat({ manifest: { seed } }: Run, vms: readonly { readonly errors: readonly EstimatorError[] }[]): string {
  const isDrawn = vms.some(({ errors: [first] }) => first !== undefined && first.banded > 0);
  const drawn = isDrawn ? ` It looks at pages drawn with seed ${seed}: another seed gives other errors.` : "";
  return `A report is of the period that ended last, so it comes late, and before the first there is none.${drawn}`;
}

function errorWords({ estimator, samples, offPages, tooLow, tooHigh, lowest, highest, banded, inBand }: EstimatorError): string {
  if (tooLow + tooHigh === 0) return `${estimator} reports exactly what is active at all samples.`;
  const up = ({ errorPages, timeNs }: Furthest): string => `up to ${formatPages(Math.abs(errorPages))}, at ${formatInstant(timeNs)}`;
  const low = tooLow === 0 ? [] : [`too little at ${tooLow} of ${samples} samples, missing ${up(lowest)}`];
  const high = tooHigh === 0 ? [] : [`too much at ${tooHigh} of ${samples}${tooLow === 0 ? " samples" : ""}, by ${up(highest)}`];
  const band = banded === 0 ? "" : ` What is active lies in its 95 % band at ${inBand} of ${banded}.`;
  return `${estimator} is off by ${formatPages(offPages)} on average: it reports ${[...low, ...high].join(", and ")}.${band}`;
}
