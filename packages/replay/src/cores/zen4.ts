import { core } from "../core.ts";

export const zen4 = core({
  name: "zen4",
  about: "AMD Zen 4: 72 + 3,072 entries, 64 of 1 GB, PDEs kept in the second-level TLB, 64 PDPTEs and PML4Es",
  source:
    "TLBs: CPUID 8000_0005, _0006 and _0019 of Zen 4 (InstLatx64), Lam 2022; the 64 and the place of the PDEs: Lam 2023. Assumed: 24 ways (128 sets, as Zen 2) shared by 4 KB and 2 MB pages, 64 ways of the 64, the same for the host dimension with 64 PDEs, a nested TLB of 16",
  l1: [{ holds: ["4k", "2m", "1g"], entries: 72, ways: 72 }],
  l2: [
    { holds: ["4k", "2m"], entries: 3072, ways: 24 },
    { holds: ["1g"], entries: 64, ways: 64 },
  ],
  pdesInL2: true,
  paging: [{ tables: [2, 3], entries: 64, ways: 64 }],
  hostPaging: [
    { tables: [1], entries: 64, ways: 64 },
    { tables: [2, 3], entries: 64, ways: 64 },
  ],
  nestedTlb: { entries: 16, ways: 16 },
});
