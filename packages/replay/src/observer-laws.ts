import { rowsOf, tables as declared, type Row, type Run, type TableSpec } from "@tidemark/data/shapes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Observer } from "./observer.ts";
import { observers } from "./observers.ts";
import { replayOf, type HandWritten, type Told, type Touch } from "./testing.ts";

const END_S = 60;
const touch = fc.record({
  s: fc.nat(END_S),
  ppn: fc.nat(700),
  op: fc.constantFrom("R" as const, "W" as const, "X" as const),
  vm: fc.nat(1),
  vpn: fc.constantFrom(5, 6, 2 ** 51),
  space: fc.nat(2),
  count: fc.integer({ min: 1, max: 9 }),
});
const told = fc.record({
  s: fc.nat(END_S),
  event: fc.constantFrom("alloc" as const, "free" as const),
  ppn: fc.nat(600),
  pages: fc.constantFrom(1, 16),
  pid: fc.constantFrom(1, 2),
  gfp: fc.constantFrom(0, 0x8, 0x108),
  vm: fc.nat(1),
});
const meminfo = (vm: number) => ({ timeNs: 3e9, vm, counter: "MemTotal", value: 2048, unit: "kB" });
const byTime = <T extends { readonly s: number }>(rows: readonly T[]): T[] => [...rows].sort((a, b) => a.s - b.s);
/** Both VMs are touched at the begin and at the end, so that each alone has the origin and the end of both. */
const ends = [0, END_S].flatMap((s) => [0, 1].map((vm): Touch => ({ s, vm, ppn: 0, op: "R" })));

const written = (touches: readonly Touch[], tolds: readonly Told[]): HandWritten => ({
  vms: ["a", "b"],
  touches: byTime([...touches, ...ends]),
  told: byTime(tolds),
  meminfo: [meminfo(0), meminfo(1)],
  configuredPages: 650,
});
const SCENARIO = { window: "4s", sample: "2s", estimator: { name: "esx-sampler", pages: 20 } };
const INSTANTS = ["7s", "end"];

/** Columns that are not 0 or unknown in a VM without pages: `high` is what an estimator cannot rule out. */
const OF_NO_PAGES = ["configured", "unbacked", "high"];

/** What every observer owes. Called once from each observer's test, with the tables it makes. */
export function observerLaws(observer: Observer, ...specs: readonly TableSpec[]): void {
  const own = (run: Run) => run.tables.filter(({ spec }) => specs.some(({ name }) => name === spec.name));
  const rowsOfVm = (run: Run, vm: string): Row<TableSpec["columns"]>[] =>
    own(run)
      .flatMap(rowsOf)
      .filter((row) => String(row["vm"]) === vm);
  const check = (law: (touches: Touch[], tolds: Told[]) => Promise<void>) =>
    fc.assert(fc.asyncProperty(fc.array(touch, { maxLength: 60, size: "max" }), fc.array(told, { maxLength: 20, size: "max" }), law), {
      seed: 1,
      numRuns: 8,
      endOnFailure: true,
    });

  describe(`${observer.name} obeys the observer laws`, () => {
    test("is listed, and its tables are declared", () => {
      expect(observers).toContain(observer);
      for (const spec of specs) expect(declared).toContain(spec);
    });

    test("rows per batch do not change its tables", async () => {
      await check(async (touches, tolds) => {
        const some = written(touches, tolds);
        const [one, seven, all] = await Promise.all(
          [1, 7, 65_536].map((batchRows) => replayOf({ ...some, batchRows }, SCENARIO, INSTANTS, false)),
        );
        expect(own(one).map(({ spec }) => spec.name)).toEqual(specs.map(({ name }) => name));
        expect(own(seven)).toEqual(own(one));
        expect(own(all)).toEqual(own(one));
      });
    });

    test("a VM's rows do not depend on the VMs beside it, nor on its number", async () => {
      await check(async (touches, tolds) => {
        const some = written(touches, tolds);
        const run = (vms: readonly string[]) => replayOf(some, { ...SCENARIO, vms }, INSTANTS, false);
        const [both, turned, alone] = await Promise.all([run(["a", "b"]), run(["b", "a"]), run(["b"])]);
        expect(rowsOfVm(both, "b")).toEqual(rowsOfVm(alone, "b"));
        expect(rowsOfVm(turned, "b")).toEqual(rowsOfVm(alone, "b"));
        expect(rowsOfVm(turned, "a")).toEqual(rowsOfVm(both, "a"));
        expect(rowsOfVm(alone, "a")).toEqual([]);
      });
    });

    test("a VM without accesses has no pages and does not disturb the others", async () => {
      const some = written([], []);
      const idle = { ...some, touches: some.touches.filter(({ vm }) => vm === 0), meminfo: [] };
      const run = await replayOf(idle, SCENARIO, INSTANTS, false);
      expect(rowsOfVm(run, "a")).toEqual(rowsOfVm(await replayOf(idle, { ...SCENARIO, vms: ["a"] }, INSTANTS, false), "a"));
      for (const { spec, columns, length } of own(run)) {
        const counted = Object.entries(spec.columns).filter(
          ([name, { type }]) => type !== "text" && type !== "time" && !OF_NO_PAGES.includes(name),
        );
        for (let i = 0; i < length; i++) {
          if (String(columns["vm"]?.[i]) !== "b") continue;
          for (const [name] of counted) expect(Number(columns[name]?.[i]) || 0, `${spec.name}.${name}`).toBe(0);
        }
      }
    });
  });
}
