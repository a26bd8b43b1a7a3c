import { InputError } from "./fail.ts";

export const PAGE_BYTES = 4096;
/** Pages of one 2 MB block: 512 × 4 KB. */
export const BLOCK_PAGES = 512;

const BYTES_PER: { readonly [unit: string]: number } = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  KB: 2 ** 10,
  MB: 2 ** 20,
  GB: 2 ** 30,
  TB: 2 ** 40,
};

/** `256MiB`, `1GiB`, `65536` (bytes) → bytes, a whole number of 4 KB pages. KB, MB, GB are binary, as in vSphere. */
export function parseSize(text: string | number, where: string): number {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B|B)?\s*$/.exec(String(text));
  const bytes = found === null ? NaN : Number(found[1]) * (BYTES_PER[found[2] ?? "B"] ?? NaN);
  if (!Number.isSafeInteger(bytes) || bytes === 0 || bytes % PAGE_BYTES !== 0) {
    throw new InputError(`${where}: "${text}" is not a memory size in whole 4 KB pages; write for example 256MiB or 1GiB`);
  }
  return bytes;
}

// Made once: making one takes longer than a page of numbers.
const TENTHS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const HUNDREDTHS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** Pages for people, in binary units: 56,275 pages → `219.8 MiB`. */
export function formatPages(pages: number): string {
  const bytes = Math.abs(pages) * PAGE_BYTES;
  const sign = pages < 0 ? "−" : "";
  const [unit, per] =
    bytes >= 2 ** 40 ? ["TiB", 2 ** 40] : bytes >= 2 ** 30 ? ["GiB", 2 ** 30] : bytes >= 2 ** 20 ? ["MiB", 2 ** 20] : ["KiB", 2 ** 10];
  return `${sign}${(unit === "GiB" || unit === "TiB" ? HUNDREDTHS : TENTHS).format(bytes / per)} ${unit}`;
}
