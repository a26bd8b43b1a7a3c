import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EventSorter } from "./external-sort.ts";
import { rawAccesses, type RawAccesses } from "./raw-batch.ts";
import { temporaryFolder } from "./testing.ts";

/** Batches of rows whose `count` is their number and whose times follow no order; every time occurs several times. */
async function* batches(rows: number, size: number): AsyncGenerator<RawAccesses> {
  const batch = rawAccesses(size, { lineOf: (row) => row + 2, textOf: () => "" });
  for (let from = 0; from < rows; from += batch.length) {
    batch.length = Math.min(size, rows - from);
    for (let i = 0; i < batch.length; i++) {
      batch.timeNs[i] = ((from + i) * 7919) % 997;
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
    const model = Array.from({ length: 10_000 }, (_, i) => i).toSorted((a, b) => ((a * 7919) % 997) - ((b * 7919) % 997) || a - b);
    const sorted: number[] = [];
    for await (const { length, timeNs, count, vpnLo, vcpu, row, space } of sorter.accesses(batches(10_000, 3000))) {
      for (let i = 0; i < length; i++) {
        sorted.push(count[i]);
        const place = count[i] % 3000;
        expect([timeNs[i], vpnLo[i], vcpu[i], row[i], space?.[i]]).toEqual([
          (count[i] * 7919) % 997,
          count[i] * 3,
          place & 1,
          place + 2,
          0,
        ]);
      }
    }
    expect(sorted).toEqual(model);
    expect(existsSync(path)).toBe(true);
    sorter.close();
  });
}
