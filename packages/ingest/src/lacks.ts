/** What several formats cannot say, in the same words. */
export const NO_TIME = "no time: one row = 1 ns";
export const NO_OP = "no op: every access is a read";
export const NO_SIZE = "no sizes: an access over a page's end counts for its first page";
export const ONE_SPACE = "one address space: no kernel, no page cache, no other process";
export const PHYSICAL_ONLY = "guest-physical addresses only: each page stands for its own virtual page";
export const OBJECTS =
  "objects and not pages: each counts as one page, whatever its size; an id beyond 52 bits has its upper 12 bits as address space";
