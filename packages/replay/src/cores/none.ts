import { core } from "../core.ts";

/** Every access walks the tables from the root: what the papers count before any cache helps. */
export const none = core({
  name: "none",
  about: "no TLB and no walk cache: every access walks from the root",
  source: "the reference counts of Bhargava 2008 before any cache: 4, or 24 under nested paging",
  l1: [],
  l2: [],
  paging: [],
  hostPaging: [],
  nestedTlb: null,
});
