const S = 1e9;
const MIN = 60 * S;
const H = 60 * MIN;
/** Above these, and below: 1–2–5 × 10^k. */
const ROUND = [1, 2, 5, 10, 30, MIN / S, 120, 300, 600, 1800, H / S, 7200, 18_000, 36_000, 86_400].map((seconds) => seconds * S);
/** A ladder begins at no more than this part of the span. */
const FINEST = 100;

/**
 * Window lengths where none are given: 1, 2, 5, 10, 30 s, 1, 2, 5, 10, 30 min, 1, 2, 5, 10 h and a day, as far as they are shorter than
 * the span; of spans below 100 s the steps 1–2–5 × 10^k from a hundredth of it on, too.
 */
export function windowLadder(spanNs: number): readonly number[] {
  const fine: number[] = [];
  for (let power = 1; power < S; power *= 10) for (const digit of [1, 2, 5]) fine.push(digit * power);
  return [...fine.filter((ns) => ns * FINEST >= spanNs), ...ROUND].filter((ns) => ns < spanNs);
}
