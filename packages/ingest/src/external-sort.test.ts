import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EventSorter } from "./external-sort.ts";
import { rawAccesses, type RawAccesses } from "./raw-batch.ts";
import { ingestFiles, temporaryFolder } from "./testing.ts";

/** Times in no order; every time occurs several times, and the first row's is not the earliest. */
const timeOf = (row: number): number => (row * 7919 + 500) % 997;

/** Batches of rows whose `count` is their number. */
async function* batches(rows: number, size: number): AsyncGenerator<RawAccesses> {
  const batch = rawAccesses(size, { lineOf: (row) => row + 2, textOf: () => "" });
  for (let from = 0; from < rows; from += batch.length) {
    batch.length = Math.min(size, rows - from);
    for (let i = 0; i < batch.length; i++) {
      batch.timeNs[i] = timeOf(from + i);
      batch.count[i] = from + i;
      batch.vpnLo[i] = (from + i) * 3;
      batch.vcpu[i] = i & 1;
      batch.row[i] = i;
    }
    yield batch;
  }
}

for (const [runRows, what] of [
  [100_000, "one run"],
  [1000, "ten runs"],
  [37, "hundreds of runs"],
] as const) {
  test(`sorts by time and keeps the order of equal times: ${what}`, async () => {
    const path = join(temporaryFolder(), "sort.tmp");
    const sorter = new EventSorter(path, runRows);
    const model = Array.from({ length: 10_000 }, (_, i) => i).toSorted((a, b) => timeOf(a) - timeOf(b) || a - b);
    const sorted: number[] = [];
    for await (const { length, timeNs, count, vpnLo, vcpu, row, space } of sorter.sort(batches(10_000, 3000))[0]) {
      for (let i = 0; i < length; i++) {
        sorted.push(count[i]);
        const place = count[i] % 3000;
        expect([timeNs[i], vpnLo[i], vcpu[i], row[i], space?.[i]]).toEqual([timeOf(count[i]), count[i] * 3, place & 1, place + 2, 0]);
      }
    }
    expect(sorted).toEqual(model);
    expect(existsSync(path)).toBe(true);
    sorter.close();
  });
}

test("sorts the accesses and the guest events of one source apart", async () => {
  const file = [
    "  a 7 [000] 3.000000: kmem:mm_page_free: page=0x5 pfn=0x5 order=0",
    "  a 7 [000] 2.000000: page-faults:             2000         5002000",
    "  a 7 [000] 1.000000: kmem:mm_page_alloc: page=0x5 pfn=0x5 order=0 migratetype=1 gfp_flags=GFP_KERNEL",
    "  a 7 [000] 1.000000: page-faults:             1000         5001000",
  ].join("\n");
  await expect(ingestFiles({ f: file })).rejects.toThrow("f:2: time 2000000000 ns is before 3000000000 ns on line 1");
  const { accesses, guest } = await ingestFiles({ f: file }, { sort: true });
  expect(accesses).toEqual(["1000000000 vm/0 R 7:1 5001 ×1", "2000000000 vm/0 R 7:2 5002 ×1"]);
  expect(guest.map((event) => event.split(" ").slice(0, 3))).toEqual([
    ["1000000000", "vm/0", "alloc"],
    ["3000000000", "vm/0", "free"],
  ]);
});
