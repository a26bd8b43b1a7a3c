import { core } from "../core.ts";

const paging = [
  { tables: [1], entries: 32, ways: 4 },
  { tables: [2], entries: 4, ways: 4 },
  { tables: [3], entries: 2, ways: 2 },
];

export const skylake = core({
  name: "skylake",
  about: "Intel Skylake: 64 + 1,536 entries, 32 PDEs, 4 PDPTEs, 2 PML4Es",
  source:
    "TLBs: CPUID leaf 2 of Skylake (InstLatx64), 12 ways by WikiChip. Paging-structure caches: no vendor figure; the sizes of the SagePTE simulator's x86 core, for guest and host dimension alike. Assumed: 2 ways of the PML4Es, a nested TLB of 16",
  l1: [
    { holds: ["4k"], entries: 64, ways: 4 },
    { holds: ["2m"], entries: 32, ways: 4 },
    { holds: ["1g"], entries: 4, ways: 4 },
  ],
  l2: [
    { holds: ["4k", "2m"], entries: 1536, ways: 12 },
    { holds: ["1g"], entries: 16, ways: 4 },
  ],
  paging,
  hostPaging: paging,
  nestedTlb: { entries: 16, ways: 16 },
});
