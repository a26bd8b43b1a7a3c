/** Sizes of a mapping on x86-64, smallest first. Position + 1 is the level of the table that holds its entry: 1 page table, 2 directory, 3 pointer table. */
export const PAGE_SIZES = ["4k", "2m", "1g"] as const;
export type PageSize = (typeof PAGE_SIZES)[number];

/** Bits of a page number that one table level translates: 512 entries of 8 bytes in a 4 KB table. */
export const LEVEL_BITS = 9;
export const TABLE_ENTRIES = 2 ** LEVEL_BITS;

/** Deepest tables of x86-64: five levels. */
export const LEVELS_MAX = 5;

/** Level of the table that holds the entry of a mapping of this size. */
export const leafLevelOf = (size: PageSize): number => PAGE_SIZES.indexOf(size) + 1;

/** First VPN of the upper, kernel half of a canonical address space (2^63 / 4 KB). */
export const KERNEL_HALF_VPN = 2 ** 51;

/** Level → the 4 KB pages below one table of that level. */
const SPANS = Array.from({ length: LEVELS_MAX + 1 }, (_, level) => TABLE_ENTRIES ** level);

/** What is left of a page number (VPN or PPN) at a level: equal for all pages below one table of that level. */
export const prefixAt = (pageNumber: number, level: number): number => Math.floor(pageNumber / SPANS[level]);
