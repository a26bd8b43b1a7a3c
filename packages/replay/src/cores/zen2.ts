import { core } from "../core.ts";

export const zen2 = core({
  name: "zen2",
  about: "AMD Zen 2: 64 + 2,048 entries, PDEs kept in the second-level TLB",
  source:
    "AMD Software Optimization Guide for Family 17h (56305), TLB section. Assumed: 16 ways of the second level, 64 entries for PDPTEs and PML4Es, the same for the host dimension with 64 PDEs, a nested TLB of 16",
  l1: [{ holds: ["4k", "2m", "1g"], entries: 64, ways: 64 }],
  l2: [{ holds: ["4k", "2m"], entries: 2048, ways: 16 }],
  pdesInL2: true,
  paging: [{ tables: [2, 3], entries: 64, ways: 64 }],
  hostPaging: [
    { tables: [1], entries: 64, ways: 64 },
    { tables: [2, 3], entries: 64, ways: 64 },
  ],
  nestedTlb: { entries: 16, ways: 16 },
});
