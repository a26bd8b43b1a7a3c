import { core } from "../core.ts";

export const zen2 = core({
  name: "zen2",
  about: "AMD Zen 2: 64 + 2,048 entries, PDEs kept in the second-level TLB, 64 PDPTEs and PML4Es",
  source:
    "TLBs: CPUID 8000_0005, _0006 and _0019 of Zen 2 (InstLatx64); 16 ways, the 64 and the place of the PDEs: Lam 2023. Assumed: ways shared by 4 KB and 2 MB pages, no 1 GB pages in the second level, 64 ways of the 64, the same for the host dimension with 64 PDEs, a nested TLB of 16",
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
