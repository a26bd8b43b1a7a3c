/** Followed pages in a memory below which a sampled miss curve resolves no sizes: chance decides which pages those are. Ours (docs/curves.md). */
export const RESOLVED_PAGES = 8;

/** The smallest memory in pages that a sample of so many of the `distinct` pages resolves; NaN where all were followed. It can be more than all. */
export const resolvedFrom = (distinct: number, sampled: number): number => Math.ceil((RESOLVED_PAGES * distinct) / sampled);
