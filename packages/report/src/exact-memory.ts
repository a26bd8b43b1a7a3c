import { formatPages, PAGE_BYTES } from "@tidemark/data/shapes";
import { formatCount, formatPageCount } from "./memory-unit.ts";

/** Pages exactly: `33,063 pages, 135,426,048 bytes (129.2 MiB)`; `unknown` where not known. */
export const exactMemory = (pages: number): string =>
  Number.isNaN(pages)
    ? "unknown"
    : `${formatPageCount(pages)}, ${formatCount(Math.round(pages * PAGE_BYTES))} bytes (${formatPages(pages)})`;

/** A difference with its sign: `+33,063`, `−12`, `0`. */
export const signed = (difference: number, text: (n: number) => string): string =>
  Number.isNaN(difference) ? "–" : difference > 0 ? `+${text(difference)}` : text(difference);
