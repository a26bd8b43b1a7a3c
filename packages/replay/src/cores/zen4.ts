import { core } from "../core.ts";

const paging = [
  { tables: [1], entries: 64, ways: 64 },
  { tables: [2, 3], entries: 64, ways: 64 },
];

export const zen4 = core({
  name: "zen4",
  about: "AMD Zen 4: 72 + 3,072 entries, 64 PDEs",
  source:
    "AMD Software Optimization Guide for Family 19h (57647), TLB section. Assumed: 24 ways of the second level, the paging-structure caches, the same for the host dimension, a nested TLB of 16",
  l1: [{ holds: ["4k", "2m", "1g"], entries: 72, ways: 72 }],
  l2: [{ holds: ["4k", "2m"], entries: 3072, ways: 24 }],
  paging,
  hostPaging: paging,
  nestedTlb: { entries: 16, ways: 16 },
});
