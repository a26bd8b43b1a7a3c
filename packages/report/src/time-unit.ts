import { NS_PER, roundTime } from "@tidemark/data/shapes";

/** A unit of time for an axis. */
export interface TimeUnit {
  readonly name: "ns" | "µs" | "ms" | "s" | "min" | "h";
  readonly ns: number;
}

const unit = (name: TimeUnit["name"]): TimeUnit => ({ name, ns: NS_PER[name] ?? NaN });
const UNITS: readonly TimeUnit[] = [unit("ns"), unit("µs"), unit("ms"), unit("s"), unit("min"), unit("h")];

const isLong = ({ name }: TimeUnit): boolean => name === "min" || name === "h";

/** The unit in which an axis of this span reads well: at least two of it, minutes from five minutes on, hours from five hours on. */
export function timeUnit(spanNs: number): TimeUnit {
  const fits = UNITS.filter((each) => spanNs >= each.ns * (isLong(each) ? 5 : 2));
  return fits.at(-1) ?? unit("ns");
}

/** A time in a unit, to a millionth. */
export const inTimeUnit = (ns: number, { ns: per }: TimeUnit): number => Math.round((ns / per) * 1e6) / 1e6;

/** A time in an axis's unit, for people: `14.78 min`. */
export const formatInUnit = (ns: number, axis: TimeUnit): string =>
  `${(ns / axis.ns).toLocaleString("en-US", { maximumFractionDigits: isLong(axis) ? 2 : 3 })} ${axis.name}`;

/** `roundTime`; from five minutes on in minutes or hours as well: `886.597 s (14.78 min)`. */
export function formatInstant(ns: number, stepNs = Infinity): string {
  const large = timeUnit(ns);
  const text = roundTime(ns, stepNs);
  return isLong(large) ? `${text} (${formatInUnit(ns, large)})` : text;
}

/** An interval for people, however short: `2.061 s to 2.064 s`. */
export const formatInterval = (fromNs: number, toNs: number): string =>
  `${formatInstant(fromNs, toNs - fromNs)} to ${formatInstant(toNs, toNs - fromNs)}`;

/** An instant of an axis, to a thousandth of its unit. */
export const formatOnAxis = (ns: number, { ns: per }: Pick<TimeUnit, "ns">): string => formatInstant(ns, per / 1000);

/** A measured time for people, to three digits: `9.47 min`, `1.05 s`, `15 µs`. */
export function formatSpan(ns: number): string {
  const large = timeUnit(ns);
  const { name, ns: per } = isLong(large) ? large : (UNITS.findLast((each) => each.ns <= Math.min(ns, NS_PER["s"] ?? NaN)) ?? unit("ns"));
  return `${(ns / per).toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${name}`;
}

/** Whether a duration is short in a unit: a whole number, or of units up to seconds one with tenths. */
const isShortIn = (ns: number, each: TimeUnit): boolean =>
  ns % each.ns === 0 || (!isLong(each) && ns >= each.ns && ns % (each.ns / 10) === 0);

/** The largest unit in which a duration is short. */
const naturalUnit = (ns: number): TimeUnit => UNITS.findLast((each) => isShortIn(ns, each)) ?? unit("ns");

/** A duration for people: short in its natural unit (`1 min`, `90 s`, `2.5 s`, `350 ms`), else rounded: `291.667 ms`. */
export function formatDuration(ns: number): string {
  const { name, ns: per } = naturalUnit(ns);
  if (ns / per >= 10_000) return roundTime(ns);
  return `${(ns / per).toLocaleString("en-US")} ${name}`;
}

/** A range of durations, unit named once where it is the same: `1–5 s`, `1 min – 150 s`. */
export function formatDurations(fromNs: number, toNs: number): string {
  const from = naturalUnit(fromNs);
  const { name, ns } = from;
  if (!isShortIn(toNs, from)) return `${formatDuration(fromNs)} – ${formatDuration(toNs)}`;
  return `${(fromNs / ns).toLocaleString("en-US")}–${(toNs / ns).toLocaleString("en-US")} ${name}`;
}
