import { core } from "../core.ts";

const paging = [{ tables: [1, 2, 3], entries: 24, ways: 24 }];

export const opteron = core({
  name: "opteron",
  about: "the AMD Opteron of the first nested paging (Barcelona, K10): 48 + 512 entries, walk cache of 24",
  source:
    "TLBs: CPUID 8000_0005, _0006 and _0019 of a Barcelona (InstLatx64). Walk cache of 24: Lam 2023 on K10, RevAnC. Assumed: it keeps table addresses, 24 per dimension, where the K10's keeps entries by their own address; one L1 array for all page sizes; a nested TLB of 16",
  l1: [{ holds: ["4k", "2m", "1g"], entries: 48, ways: 48 }],
  l2: [
    { holds: ["4k"], entries: 512, ways: 4 },
    { holds: ["2m"], entries: 128, ways: 2 },
  ],
  paging,
  hostPaging: paging,
  nestedTlb: { entries: 16, ways: 16 },
});
