import { BATCH_ROWS, type AccessBatch, type TouchBatch } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { traceOf, type Touch } from "../testing.ts";
import { joinedTraces } from "./joined-traces.ts";

interface Row {
  readonly s: number;
  readonly vm: number;
  readonly ppn: number;
}
const traceWith = (rows: readonly Row[], vms: readonly string[], batchRows: number) =>
  traceOf({ vms: [...vms], batchRows, touches: rows.map(({ s, vm, ppn }): Touch => ({ s, vm, ppn, op: "R" })) });

async function rowsIn(batches: AsyncIterable<Pick<TouchBatch | AccessBatch, "length" | "vm" | "ppn">>): Promise<string[]> {
  const rows: string[] = [];
  for await (const { length, vm, ppn } of batches) for (let i = 0; i < length; i++) rows.push(`${vm[i]}:${ppn[i]}`);
  return rows;
}

const rowsOf = (vms: number) =>
  fc
    .array(fc.record({ s: fc.nat(12), vm: fc.nat(vms - 1), ppn: fc.nat(99) }), { maxLength: 30, size: "max" })
    .map((rows) => rows.toSorted((a, b) => a.s - b.s || a.vm - b.vm));

test("touches come by time, at equal times by trace and then in its order, however the batches fall", async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf(2), rowsOf(1), rowsOf(1), fc.constantFrom(1, 3, 100), async (a, b, c, batchRows) => {
      const joined = joinedTraces([traceWith(a, ["a", "b"], batchRows), traceWith(b, ["c"], 2), traceWith(c, ["d"], batchRows)]);
      const numbered = [a, b.map((row) => ({ ...row, vm: 2 })), c.map((row) => ({ ...row, vm: 3 }))];
      const byTime = numbered.flat().toSorted((one, other) => one.s - other.s);
      expect(await rowsIn(joined.touches())).toEqual(byTime.map(({ vm, ppn }) => `${vm}:${ppn}`));
      expect(await rowsIn(joined.accesses())).toEqual(numbered.flat().map(({ vm, ppn }) => `${vm}:${ppn}`));
      expect(joined.manifest.vms.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
      expect((await joined.ppns()).map(({ ppn }) => [...ppn].sort((x, y) => x - y))).toEqual(
        [0, 1, 2, 3].map((v) => [...new Set(numbered.flat().flatMap(({ vm, ppn }) => (vm === v ? [ppn] : [])))].sort((x, y) => x - y)),
      );
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("more rows than a batch holds come in several, none twice", async () => {
  const rows = Array.from({ length: BATCH_ROWS }, (_, i): Row => ({ s: i, vm: 0, ppn: i % 50 }));
  const joined = joinedTraces([traceWith(rows, ["a"], 1000), traceWith(rows, ["b"], 1000)]);
  const found = await rowsIn(joined.touches());
  expect(found).toEqual(rows.flatMap(({ ppn }) => [`0:${ppn}`, `1:${ppn}`]));
});

test("one trace is itself", () => {
  const trace = traceWith([], ["a"], 1);
  expect(joinedTraces([trace])).toBe(trace);
});
