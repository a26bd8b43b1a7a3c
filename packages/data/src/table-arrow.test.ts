import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "./fail.ts";
import { tableOf, tableSpec } from "./table.ts";
import { readTable, writeTable } from "./table-arrow.ts";
import { testFolder, thrownBy } from "./testing.ts";

const spec = tableSpec({
  name: "mixed",
  about: "one column of each type",
  columns: {
    vm: { type: "text", unit: "", about: "text" },
    time: { type: "time", unit: "ns", about: "time" },
    faults: { type: "count", unit: "faults", about: "count" },
    share: { type: "number", unit: "pages", about: "number" },
    class: { type: "text", unit: "", about: "more text" },
  },
});
const rows = [
  { vm: "a", time: 0, faults: 2 ** 53 - 1, share: -0.25, class: 'idle,"1"\n' },
  { vm: "", time: 1, faults: NaN, share: NaN, class: "" },
  { vm: "ünï\u0000✓", time: NaN, faults: 0, share: 1e-300, class: "x" },
];

test("a table comes back as it was, unknown numbers included", async () => {
  const path = join(testFolder(), "t.arrow");
  for (const table of [tableOf(spec, rows), tableOf(spec, [])]) {
    const file = `${path}${table.length}`;
    writeTable(file, table);
    expect(await readTable(file, spec)).toEqual(table);
  }
});

test("any table comes back, and equal tables give equal bytes", async () => {
  const folder = testFolder();
  const unknownOr = (number: fc.Arbitrary<number>) => fc.oneof(number, fc.constant(NaN));
  const row = fc.record({
    vm: fc.string({ unit: "grapheme" }),
    time: unknownOr(fc.maxSafeNat()),
    faults: unknownOr(fc.nat()),
    share: fc.double(),
    class: fc.constantFrom("active", "slack", "idle1"),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (some) => {
      const [a, b] = ["a", "b"].map((name) => join(folder, `${name}${run}`));
      run++;
      writeTable(a, tableOf(spec, some));
      writeTable(
        b,
        tableOf(
          spec,
          some.map((one) => ({ ...one })),
        ),
      );
      expect(await readTable(a, spec)).toEqual(tableOf(spec, some));
      expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("other tools see whole numbers, nulls and words", () => {
  const path = join(testFolder(), "t.arrow");
  writeTable(path, tableOf(spec, rows));
  const table = tableFromIPC(readFileSync(path));
  expect(table.toArray().map((row) => row.toJSON())).toEqual([
    { vm: "a", time: 0n, faults: 2n ** 53n - 1n, share: -0.25, class: 'idle,"1"\n' },
    { vm: "", time: 1n, faults: null, share: null, class: "" },
    { vm: "ünï\u0000✓", time: null, faults: 0n, share: 1e-300, class: "x" },
  ]);
});

test("a table of another version is refused", async () => {
  const path = join(testFolder(), "t.arrow");
  writeTable(path, tableOf(tableSpec({ ...spec, columns: { vm: spec.columns.vm } }), [{ vm: "a" }]));
  const error = await thrownBy(() => readTable(path, spec));
  expect(error).toEqual(new InputError(`${path}: has no column "time"; was it written by another version?`));
});

test("a table that cannot be written is refused and its file closed", async () => {
  const path = join(testFolder(), "absent", "t.arrow");
  expect(await thrownBy(() => writeTable(path, tableOf(spec, rows)))).toEqual(new InputError(`${path}: no such file or folder`));
  expect(existsSync(path)).toBe(false);
});
