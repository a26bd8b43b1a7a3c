/** How dates are to be read that can be read two ways: 5/6/2017 is the fifth of June (dmy) or the sixth of May (mdy). */
export const DATE_ORDERS = ["dmy", "mdy"] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

export interface StampReading {
  /** undefined: told from each date; one that can be read two ways is refused. */
  readonly dates: DateOrder | undefined;
  /** Minutes east of UTC of stamps that name no zone; undefined: they are taken as UTC. */
  readonly zoneMinutes: number | undefined;
}

export interface Stamp {
  /** ms since 1970, UTC. */
  readonly ms: number;
  /** It names no zone, and none was given. */
  readonly isLocal: boolean;
}

const TIME_OF_DAY = String.raw`(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d{1,9})?))?\s*(AM|PM)?`;
const ISO = new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})[T ]${TIME_OF_DAY}\s*(Z|UTC|[+-]\d{2}:?\d{2})?$`, "i");
const DATED = new RegExp(String.raw`^(\d{1,2})([./-])(\d{1,2})\2(\d{4})[ ,T]+${TIME_OF_DAY}$`, "i");
const EPOCH = /^(\d{9,10})(\.\d{1,9})?$|^(\d{12,13})$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A time stamp as tools write it: ISO 8601, seconds or ms since 1970, or a date as locales write it with a time of day. Else what is wrong with it. */
export function parseStamp(text: string, { dates, zoneMinutes }: StampReading): Stamp | string {
  const trimmed = text.trim().replaceAll(/[\u00a0\u202f]/g, " ");
  const epoch = EPOCH.exec(trimmed);
  if (epoch !== null) return { ms: Number(trimmed) * (epoch[3] === undefined ? 1000 : 1), isLocal: false };
  const iso = ISO.exec(trimmed);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, half, zone] = iso;
    return stampOf([year, month, day], [hour, minute, second, half], zone === undefined ? zoneMinutes : zoneOf(zone), zone === undefined);
  }
  const dated = DATED.exec(trimmed);
  if (dated === null) return "is not a time (expected for example 2017-05-15T06:49:37Z, 05/15/2017 06:49:37, or seconds since 1970)";
  const [, first, separator, second, year, hour, minute, seconds, half] = dated;
  const order = dates ?? orderOf(Number(first), separator, Number(second), half !== undefined);
  if (order === undefined) return "can be read two ways; pass --measured-dates dmy or mdy";
  const [day, month] = order === "dmy" ? [first, second] : [second, first];
  return stampOf([year, month, day], [hour, minute, seconds, half], zoneMinutes, true);
}

/** Points and dashes come with the day first, AM and PM with the month first; else what is above 12 is a day. */
function orderOf(first: number, separator: string | undefined, second: number, isTwelveHours: boolean): DateOrder | undefined {
  if (separator !== "/") return "dmy";
  if (isTwelveHours || second > 12) return "mdy";
  return first > 12 || first === second ? "dmy" : undefined;
}

type Parts = readonly (string | undefined)[];

function stampOf(date: Parts, time: Parts, zoneMinutes: number | undefined, lacksZone: boolean): Stamp | string {
  const [year = NaN, month = NaN, day = NaN] = date.map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = (DAYS[month - 1] ?? 0) + (month === 2 && isLeap ? 1 : 0);
  if (!(day >= 1 && day <= days)) return "has no such day in the calendar";
  const seconds = Number((time[2] ?? "0").replace(",", "."));
  const hour = hourOf(Number(time[0]), time[3]);
  if (hour === undefined || Number(time[1]) > 59 || seconds >= 61) return "has no such time of day";
  const ms = Date.UTC(year, month - 1, day, hour, Number(time[1])) + Math.round(seconds * 1000);
  return { ms: ms - (zoneMinutes ?? 0) * 60_000, isLocal: lacksZone && zoneMinutes === undefined };
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
}

/** `Z`, `+02:00`, `-0530` → minutes east of UTC; undefined where it is no zone. */
export function zoneOf(text: string): number | undefined {
  if (/^(z|utc)$/i.test(text)) return 0;
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (found === null || Number(found[2]) > 14 || Number(found[3]) > 59) return undefined;
  return (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]));
}
