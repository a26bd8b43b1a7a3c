/**
 * Counts the misses of accesses to pages below a number fixed when it was made: paging on demand from empty memory, one page for
 * one page. The first access to a page is a miss; the access that admits a page is not its reference.
 */
export interface MissCounter {
  /** Plays the first `length` of `pages`, after those before. */
  step(pages: Uint32Array, length: number): void;
  /** So far. */
  misses(): number;
}
