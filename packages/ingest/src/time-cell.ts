import { NS_PER } from "@tidemark/data/shapes";

const POW10 = Array.from({ length: 16 }, (_, i) => 10 ** i);
const TIME = /^(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?\s*([a-zµ]*)$/i;

/**
 * A time as written in a cell → whole ns after `originNs`; a string says what is wrong. Decimals convert exactly; digits
 * below a nanosecond are cut off. `nsPer`: the column's unit, where the cell names none.
 */
export function parseTimeCell(text: string, nsPer: number, originNs: number): number | string {
  const found = TIME.exec(text);
  if (found === null)
    return /^-\s*\d/.test(text) ? "is negative" : "is not a time (expected a number, with a unit where the column has none)";
  const [, whole, fraction = "", exponent, suffix] = found;
  const unit = suffix === "" ? nsPer : NS_PER[suffix];
  if (unit === undefined) return `has the unknown unit "${suffix}" (expected ns, us, ms or s)`;
  const decimals = Math.round(Math.log10(unit));
  if (exponent !== undefined || whole.length > 15 || originNs > Number.MAX_SAFE_INTEGER || unit > 1e9)
    return exactTime(whole, fraction, Number(exponent ?? 0), unit, originNs);
  const digits = fraction.slice(0, decimals);
  const ns = Number(whole) * unit + (digits === "" ? 0 : Number(digits) * POW10[decimals - digits.length]);
  return checkTime(ns, originNs);
}

/** Subtracts the origin; a string where the result is no time of a trace. */
export function checkTime(ns: number, originNs: number): number | string {
  const time = ns - originNs;
  if (time < 0) return `is before the time origin ${originNs} ns`;
  if (time > Number.MAX_SAFE_INTEGER) return tooLate(BigInt(ns));
  return time;
}

function exactTime(whole: string, fraction: string, exponent: number, unit: number, originNs: number): number | string {
  let ns = BigInt(whole + fraction) * BigInt(unit);
  const shift = exponent - fraction.length;
  if (shift > 40) return "is later than a trace can be (2^53 ns, 104 days)";
  ns = shift >= 0 ? ns * 10n ** BigInt(shift) : ns / 10n ** BigInt(-shift);
  const time = ns - BigInt(originNs);
  if (time < 0n) return `is before the time origin ${originNs} ns`;
  return time > BigInt(Number.MAX_SAFE_INTEGER) ? tooLate(ns) : Number(time);
}

/** Whole seconds of today's epoch times are exact in a double. */
const tooLate = (ns: bigint): string =>
  `is 2^53 ns (104 days) or later; subtract an origin, for example --time-origin ${(ns / 1_000_000_000n) * 1_000_000_000n}`;
