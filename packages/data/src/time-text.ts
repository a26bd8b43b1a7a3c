import { InputError } from "./fail.ts";

/** Nanoseconds per unit of time as users write it. */
export const NS_PER: { readonly [unit: string]: number } = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
  d: 86400e9,
};

/** `6.5s`, `10ms`, `1790 s`, `0` → whole nanoseconds. `where` opens the error. */
export function parseTime(text: string, where: string): number {
  const found = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*([a-zµ]*)\s*$/.exec(text);
  const unit = found?.[2] ?? "";
  const per = unit === "" && Number(found?.[1]) === 0 ? 1 : Object.hasOwn(NS_PER, unit) ? NS_PER[unit] : undefined;
  if (found === null || per === undefined) {
    throw new InputError(`${where}: "${text}" is not a time; write a number and a unit: 500ns, 10us, 20ms, 6.5s, 5min, 1h, 2d`);
  }
  const ns = Math.round(Number(found[1]) * per);
  if (!Number.isSafeInteger(ns)) throw new InputError(`${where}: "${text}" is more than 104 days`);
  return ns;
}

/** A time for people, shortest exact form in its natural unit: `6.5 s`, `10 ms`, `33 ns`. */
export function formatTime(ns: number): string {
  const size = Math.abs(ns);
  const [unit, per] = size >= 1e9 || size === 0 ? ["s", 1e9] : size >= 1e6 ? ["ms", 1e6] : size >= 1e3 ? ["µs", 1e3] : ["ns", 1];
  return `${ns / per} ${unit}`;
}

/** A time for people, to three decimals or as many as tell it from one `stepNs` away: `7.058 s`. */
export function roundTime(ns: number, stepNs = Infinity): string {
  const size = Math.abs(ns);
  const [unit, per] = size >= 1e9 || size === 0 ? ["s", 1e9] : size >= 1e6 ? ["ms", 1e6] : size >= 1e3 ? ["µs", 1e3] : ["ns", 1];
  const scale = 10 ** Math.max(3, Math.min(9, Math.ceil(Math.log10(per / stepNs))));
  return `${Math.round((ns / per) * scale) / scale} ${unit}`;
}
