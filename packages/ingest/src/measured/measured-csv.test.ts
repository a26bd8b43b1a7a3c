import { MEASURED_COUNTERS, measuredTable, rowsOf, tableOf, toCsv } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf, sample, type Sample } from "../measured-laws.ts";
import { tableOfMeasured } from "../measured-table.ts";
import { measuredCsv } from "./measured-csv.ts";

const written = (rows: readonly Sample[]): string => toCsv(tableOf(measuredTable, rows));

const EXAMPLE = written([
  sample(0, "", { machine: 4096, free: 512, state: 1 }),
  sample(0, "web", { configured: 1024, consumed: 1000.25, swapin: 7 }),
  sample(20e9, "db, old", { consumed: 3 }),
  sample(20e9, "web", { configured: 1024, vmmemctl: 0 }),
]);

measuredLaws(measuredCsv, EXAMPLE);

test("the host, VMs, what is not known and fractions of a page come back as they were", async () => {
  const file = await measuredIn(EXAMPLE, { decimal: "comma" });
  expect(file.isOwnClock).toBe(true);
  expect(dumpOf(file)).toEqual([
    "0s  machine=4096 free=512 state=1",
    "0s db, old consumed=3",
    "0s web configured=1024 consumed=1000.25 swapin=7",
    "20s web configured=1024 vmmemctl=0",
  ]);
});

/** Times to 2^50 ns, 13 days, all ns; names with all that CSV and spreadsheets make something of. */
const NAMES = ["", "web", "db, old", 'a "b"', "=1+1", "'quoted", "-x", "-5", " ", "(the host)", "שלום", "x;y\u2028z"];
const value = fc.oneof(
  fc.constant(NaN),
  fc.constant(0),
  fc.nat(2 ** 31),
  fc.constant(2 ** 32 - 1),
  fc.double({ min: 0, max: 2 ** 40, noNaN: true }),
);
const counters = MEASURED_COUNTERS.filter((counter) => counter !== "swapin" && counter !== "swapout");
const row = fc.record({
  time: fc.nat(2 ** 20).chain((a) => fc.nat(2 ** 30).map((b) => a * 2 ** 30 + b)),
  vm: fc.constantFrom(...NAMES),
  known: fc.dictionary(fc.constantFrom(...counters), value, { minKeys: 1, maxKeys: 6 }),
});

test("any table that was written is read back the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(row, { minLength: 1, maxLength: 30, selector: ({ time, vm }) => `${time} ${vm}` }), async (made) => {
      // Several hosts keep their names; the only one has none: here the host has the empty name, and VMs nothing that only hosts have.
      const isHosts = (counter: string): boolean => ["machine", "free", "minFree", "sharedCommon", "state"].includes(counter);
      const rows = made
        .map(({ time, vm, known }) => {
          const own = Object.entries(known).filter(([counter]) => vm === "" || !isHosts(counter));
          return sample(time, vm, { ...Object.fromEntries(own), granted: 1 });
        })
        .sort((a, b) => a.time - b.time || (a.vm < b.vm ? -1 : 1));
      const file = await measuredIn(written(rows));
      expect(rowsOf(tableOfMeasured([file], { startNs: undefined, originNs: 0, nameOf: (vm) => vm }))).toEqual(rows);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("what other formats said is said again: counters that had wrapped, hosts by their names", async () => {
  const kb = [4294967292, 4, 8];
  const wrapped = await measuredIn(`t_s,vm,mem.swapin,mem.active\n${kb.map((swapin, i) => `${i},web,${swapin},${i}\n`).join("")}`);
  const hosts = await measuredIn("t_s,vm,mem.sharedcommon\n0,esx1,4\n0,esx2,8\n20.000000001,esx2,8\n");
  for (const file of [wrapped, hosts]) {
    const table = tableOfMeasured([file], { startNs: undefined, originNs: 0, nameOf: (vm) => vm });
    const again = await measuredIn(toCsv(table));
    expect(dumpOf(again)).toEqual(dumpOf(file));
    expect(again.notes).toEqual(file.notes);
  }
  expect(dumpOf(wrapped).at(-1)).toBe("2s web activeReported=0.5 swapin=1073741826");
});

test("columns may be taken out, and none be there twice; other cells are refused", async () => {
  expect(dumpOf(await measuredIn("time,vm,consumed\n0,web,5\n"))).toEqual(["0s web consumed=5"]);
  expect(await refusalOf("time,vm,consumed,consumed\n0,web,5,5\n")).toBe('web.txt:1: column "consumed" is there twice');
  expect(await refusalOf("time,vm,consumed\n0,web,-5\n")).toBe('web.txt:2: "-5" is negative');
  expect(await refusalOf("time,vm,consumed\n0,web,many\n")).toBe('web.txt:2: "many" is not a number');
  expect(await refusalOf("time,vm,consumed\nnow,web,5\n")).toMatch(/^web\.txt:2: time "now" is not a time/);
  expect(await refusalOf("time,vm,consumed\n0,web,5\n0,web,6\n")).toMatch(/^web\.txt:3: "web" has two values of consumed at one time/);
  expect(await refusalOf("time,vm,consumed,mine\n0,web,5,6\n")).toMatch(/is in no known format of measured counters/);
});
