import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles } from "../testing.ts";
import { allocations } from "./allocations.ts";

const example = "time_ns,event,gpfn,order,pid,gfp,migratetype\n5,alloc,256,3,17,0x140dca,1\n6,free,256,3,0,,\n9,alloc,7,,,,\n";
formatLaws(allocations, example);

test("keeps block, process, flags and kind where they are given", async () => {
  const { guest, manifest } = await ingestFiles({ f: example });
  expect(guest).toEqual(["5 vm/0 alloc ppn 100+8 pid 17 gfp 140dca type 1", "6 vm/0 free ppn 100+8 pid 0", "9 vm/0 alloc ppn 7+1"]);
  expect(manifest.vms[0]).toMatchObject({ allocatorEvents: 3, guestEvents: 3 });
});
