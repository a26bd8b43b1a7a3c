import { core } from "../core.ts";

const paging = [{ tables: [1, 2, 3], entries: 24, ways: 24 }];

export const opteron = core({
  name: "opteron",
  about: "the AMD Opteron of the first nested paging: 48 + 512 entries, walk cache of 24, nested TLB of 16",
  source:
    "Bhargava 2008, section 3. Assumed: all page sizes share the TLBs; the walk cache keeps table addresses, 24 per dimension, where the paper's keeps entries by their address and shares them",
  l1: [{ holds: ["4k", "2m", "1g"], entries: 48, ways: 48 }],
  l2: [{ holds: ["4k", "2m"], entries: 512, ways: 4 }],
  paging,
  hostPaging: paging,
  nestedTlb: { entries: 16, ways: 16 },
});
