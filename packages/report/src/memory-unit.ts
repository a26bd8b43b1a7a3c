import { PAGE_BYTES } from "@tidemark/data/shapes";

/** A unit of memory for an axis or a table column. */
export interface MemoryUnit {
  readonly name: "KiB" | "MiB" | "GiB";
  readonly pages: number;
}

const KIB: MemoryUnit = { name: "KiB", pages: 2 ** 10 / PAGE_BYTES };
export const MIB: MemoryUnit = { name: "MiB", pages: 2 ** 20 / PAGE_BYTES };
const GIB: MemoryUnit = { name: "GiB", pages: 2 ** 30 / PAGE_BYTES };

/** The unit in which a whole axis up to `pagesMax` reads well: MiB, unless that gives fractions only, or five digits. */
export function memoryUnit(pagesMax: number): MemoryUnit {
  if (pagesMax >= 16 * GIB.pages) return GIB;
  return pagesMax < MIB.pages ? KIB : MIB;
}

/** Pages in a unit, to 1/1000. NaN and missing become null, which charts leave out. */
export const inUnit = (pages: number, unit: MemoryUnit): number | null =>
  Number.isFinite(pages) ? Math.round((pages / unit.pages) * 1000) / 1000 : null;

// Made once: making one takes longer than a page of numbers.
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** A count for people: `56,275`. Shared pages have tenths, rounded so that sums with whole pages hold: halves go up, of negative numbers too. */
export const formatCount = (n: number): string => TENTHS.format(Number.isInteger(n) ? n : inTenths(n)).replace("-", "−");
const inTenths = (n: number): number => Math.round(Math.round(n * 1e6) / 1e5) / 10 + 0;

/** A measured figure for people: `0.06`, `2.20`, `31.3`, `1,642`; whole numbers as they are, and what is there is never rounded to nothing. */
export function formatFigure(n: number): string {
  if (n > 0 && n < 0.005) return "< 0.01";
  const digits = Number.isInteger(n) || n >= 99.95 ? 0 : n < 9.995 ? 2 : 1;
  return n.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Pages for people: `1 page`, `56,275 pages`. */
export const formatPageCount = (pages: number): string => `${formatCount(pages)} ${pages === 1 ? "page" : "pages"}`;

/** A share for people: `59 %`, `0.9 %`, `< 0.1 %`; what is not all is never rounded to it: `99.6 %`, `> 99.9 %`. */
export function formatShare(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  if (!Number.isFinite(percent)) return "–";
  if (percent !== 0 && Math.abs(percent) < 0.1) return percent < 0 ? "> −0.1 %" : "< 0.1 %";
  const size = Math.abs(percent);
  if (size > 99.95 && size < 100) return percent < 0 ? "< −99.9 %" : "> 99.9 %";
  const isNear = size < 9.95 || (size >= 99.5 && size < 100);
  return `${(isNear ? TENTHS : WHOLE).format(percent).replace("-", "−")} %`;
}
