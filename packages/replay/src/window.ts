/** `explain` without `--window` (docs/architecture.md, The ledger): 60 s where the span is ten minutes or more, else span / 20 moved to the nearest of 1–2–5 × 10^k in ratio. */
export function defaultWindow(spanNs: number): { readonly windowNs: number; readonly from: string } {
  if (spanNs >= 600e9) return { windowNs: 60e9, from: "60 s, for the trace spans ten minutes or more" };
  return {
    windowNs: nearestRound(Math.max(spanNs / 20, 1)),
    from: "a twentieth of the trace's span, moved to the nearest of 1–2–5 × 10^k",
  };
}

/** The nearest of 1, 2, 5 × 10^k by ratio; at least 1. */
function nearestRound(ns: number): number {
  let best = 1;
  for (let power = 1; power <= 1e15; power *= 10) {
    for (const digit of [1, 2, 5]) if (Math.abs(Math.log((digit * power) / ns)) < Math.abs(Math.log(best / ns))) best = digit * power;
  }
  return best;
}

/** Samples the replay aims at: enough for a chart, few enough for a table. */
const SAMPLES_MAX = 1000;

/** The sample period without `sample` in the scenario: a tenth, fifth or half of the window or the window itself, or as many windows as keep to 1,000 samples. */
export function defaultSamplePeriod(spanNs: number, windowNs: number): number {
  for (const parts of [10, 5, 2, 1]) if (windowNs % parts === 0 && (spanNs * parts) / windowNs <= SAMPLES_MAX) return windowNs / parts;
  return windowNs * Math.ceil(spanNs / windowNs / SAMPLES_MAX);
}
