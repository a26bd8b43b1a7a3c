import { assert, formatTime, InputError, roundTime } from "@tidemark/data/shapes";

/** When a replay stops to look: instants in order, each with what happens there. */
export interface Schedule {
  readonly originNs: number;
  readonly endNs: number;
  readonly windowNs: number;
  readonly sampleNs: number;
  /** Ends of the epochs, ascending. Epoch number = position + 1; it holds what happened after the previous end. */
  readonly ends: Float64Array;
  /** Most epochs that the oldest age boundary (30 windows) looks back. */
  readonly lookBackEpochs: number;
}

/** Age boundaries of the idle classes, in windows (docs/architecture.md, The ledger). */
export const IDLE5_WINDOWS = 5,
  IDLE30_WINDOWS = 30;

/** Samples are rows of tables, ends of estimator periods only stops; more of either is a slip of a unit. */
export const SAMPLES_MAX = 100_000;
const PERIODS_MAX = 1_000_000;

/**
 * Cuts the trace's time so that every instant asked (samples at multiples of the period from the origin, `instantsNs`,
 * the ends of estimator periods) and every age boundary behind it is the end of an epoch. `samplesUntilNs`: of samples after the end, up
 * to this, the age boundaries count as well, so that a later end would add epochs and change none.
 */
export function createSchedule(
  originNs: number,
  endNs: number,
  windowNs: number,
  sampleNs: number,
  instantsNs: readonly number[],
  periodsNs: readonly number[],
  samplesUntilNs = endNs,
): Schedule {
  assert(windowNs > 0 && sampleNs > 0, "window and sample period are positive");
  checkTimes("sample", sampleNs, endNs - originNs, SAMPLES_MAX);
  for (const periodNs of periodsNs) checkTimes("estimator period", periodNs, endNs - originNs, PERIODS_MAX);
  const times = new Set<number>([originNs, endNs]);
  const lookBack = (timeNs: number): void => {
    for (const windows of [0, 1, IDLE5_WINDOWS, IDLE30_WINDOWS])
      if (timeNs - windows * windowNs >= originNs && timeNs - windows * windowNs <= endNs) times.add(timeNs - windows * windowNs);
  };
  for (let k = 0; originNs + k * sampleNs <= samplesUntilNs; k++) lookBack(originNs + k * sampleNs);
  for (const timeNs of instantsNs) lookBack(timeNs);
  for (const periodNs of periodsNs) for (let k = 1; originNs + k * periodNs <= endNs; k++) times.add(originNs + k * periodNs);
  const ends = Float64Array.from(times).sort();
  let lookBackEpochs = 0;
  for (let i = 0, from = 0; i < ends.length; i++) {
    while (ends[from] < ends[i] - IDLE30_WINDOWS * windowNs) from++;
    lookBackEpochs = Math.max(lookBackEpochs, i - from + 1);
  }
  return { originNs, endNs, windowNs, sampleNs, ends, lookBackEpochs };
}

function checkTimes(what: string, periodNs: number, spanNs: number, timesMax: number): void {
  if (spanNs / periodNs <= timesMax) return;
  const times = timesMax.toLocaleString("en-US");
  throw new InputError(
    `${what}: every ${formatTime(periodNs)} is more than ${times} times in a trace of ${roundTime(spanNs)}; take a longer one`,
  );
}

/** The number of the first epoch of which every touch is later than `timeNs`, an end of an epoch or a time before them. */
export const epochAfter = ({ ends }: Schedule, timeNs: number): number => countUpTo(ends, timeNs) + 1;

/** The number of the epoch that holds `timeNs`. */
export const epochOf = ({ ends }: Schedule, timeNs: number): number => Math.min(countBefore(ends, timeNs) + 1, ends.length);

/** How many of the ascending `times` are ≤ `timeNs`. Most often it is few more than `from`: they are looked for in steps that double. */
export function countUpTo(times: Float64Array, timeNs: number, from = 0, to = times.length): number {
  let low = from;
  let high = from;
  for (let step = 1; high < to && times[high] <= timeNs; step *= 2) {
    low = high + 1;
    high += step;
  }
  if (high > to) high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending `times` are < `timeNs`. */
export function countBefore(times: Float64Array, timeNs: number, from = 0, to = times.length): number {
  let low = from;
  let high = from;
  for (let step = 1; high < to && times[high] < timeNs; step *= 2) {
    low = high + 1;
    high += step;
  }
  if (high > to) high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
