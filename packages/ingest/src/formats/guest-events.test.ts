import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles } from "../testing.ts";
import { guestEvents } from "./guest-events.ts";

const example =
  "time_ns,clk,vcpu,event,value\n1,9,0,crx,0x0\n2,9,1,cr3,0x30b6002\n3,9,0,invlpg,0xffff888000001234\n4,9,0,watch,0x0\n5,9,0,watch,1\n5,9,0,invlpg,0x0\n6,9,0,mark,0xb\n6,9,0,hlt,0\n7,9,0,mark,98\n8,9,0,mark,99\n";
formatLaws(guestEvents, example);

test("keeps switches, flushes, faults and markers, and says what it does not keep", async () => {
  const { guest, manifest } = await ingestFiles({ f: example });
  expect(guest).toEqual([
    "2 vm/1 switch space 30b6000",
    "3 vm/0 invlpg vpn ffff888000001",
    "4 vm/0 fault",
    "5 vm/0 wp",
    "5 vm/0 invlpg",
    "6 vm/0 mark value 11",
    "7 vm/0 mark value 98",
  ]);
  expect(manifest.sources[0]).toMatchObject({
    rows: 10,
    accepted: 10,
    notes: [
      "columns not used: clk",
      "crx events: 1, not stored",
      "hlt events: 1, not stored",
      "events after marker 98, off the guest's clock: 1, not stored",
    ],
  });
});
