import { InputError, roundTime } from "@tidemark/data/shapes";

/** Values of a series at the ends of the estimator's periods. */
export interface Periods {
  readonly endsNs: Float64Array;
  /** The last sample of each period; NaN: there is none. */
  readonly values: Float64Array;
}

/**
 * One value per period of samples that may be closer: a host holds its report for a whole period, so the periods begin where that leaves the fewest
 * changes inside them. InputError, begun with `where`, where samples are too far apart.
 */
export function periodsOf(timesNs: Float64Array, values: Float64Array, periodNs: number, where: string): Periods {
  const steps = timesNs.slice(1).map((time, i) => time - timesNs[i]);
  const stepNs = steps.toSorted()[steps.length >> 1] ?? periodNs;
  if (stepNs > 1.5 * periodNs) {
    throw new InputError(
      `${where}: samples are ${roundTime(stepNs)} apart, and the estimator's period is ${roundTime(periodNs)}; sample at least once in a period`,
    );
  }
  const phases = Math.max(1, Math.round(periodNs / stepNs));
  const grouped = Array.from({ length: phases }, (_, phase) => {
    const beginsNs = timesNs[0] + (phase - (phase === 0 ? 0 : phases)) * stepNs - stepNs / 2;
    return { beginsNs, changes: changesInside(timesNs, values, beginsNs, periodNs) };
  });
  const { beginsNs } = grouped.reduce((a, b) => (b.changes < a.changes ? b : a));
  const count = Math.floor((timesNs[timesNs.length - 1] - beginsNs) / periodNs) + 1;
  const last = new Float64Array(count).fill(NaN);
  timesNs.forEach((time, i) => {
    if (!Number.isNaN(values[i])) last[Math.floor((time - beginsNs) / periodNs)] = values[i];
  });
  return { endsNs: last.map((_, period) => beginsNs + (period + 1) * periodNs), values: last };
}

function changesInside(timesNs: Float64Array, values: Float64Array, beginsNs: number, periodNs: number): number {
  const periodAt = (i: number): number => Math.floor((timesNs[i] - beginsNs) / periodNs);
  let changes = 0;
  for (let i = 1; i < values.length; i++) if (values[i] !== values[i - 1] && periodAt(i) === periodAt(i - 1)) changes++;
  return changes;
}
