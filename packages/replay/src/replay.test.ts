import { instantsTable, ledgerTable, pickTable, rowsOf, timelineTable, type Run } from "@tidemark/data";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slowLedger } from "./slow-ledger.ts";
import { replayOf, touchesOf, type HandWritten, type Told, type Touch } from "./testing.ts";

const run = replayOf;

const classesOf = (table: Run, asked: string, vm = "vm"): Record<string, number> => {
  const sums: Record<string, number> = { slack: 0, freed: 0, idle1: 0, idle5: 0, idle30: 0 };
  const ledger = pickTable(table.tables, ledgerTable);
  for (const row of ledger === undefined ? [] : rowsOf(ledger))
    if (row.asked === asked && row.vm === vm) sums[row.class] = (sums[row.class] ?? 0) + row.pages;
  return sums;
};
const instant = (table: Run, asked: string, vm = "vm") => {
  const found = pickTable(table.tables, instantsTable);
  const row = found === undefined ? undefined : rowsOf(found).find((r) => r.asked === asked && r.vm === vm);
  if (row === undefined) throw new Error(`no instant ${asked}`);
  return row;
};

describe("the worked example of the ledger", () => {
  const written: HandWritten = {
    configuredPages: 1024,
    touches: touchesOf("1 0 W · 2 1 W · 3 2 R · 4 3 W · 5 512 W · 40 0 R · 95 1 R · 100 0 W"),
    told: [
      { s: 3.9, event: "alloc", ppn: 3 },
      { s: 6, event: "free", ppn: 3 },
    ],
  };
  //        t, backing       granted  active  write  slack freed idle1 idle5 idle30 gap
  test.each([
    ["40s", "4k", 5, 1, 0, 0, 1, 3, 0, 0, 4],
    ["40s", "2m", 1024, 1, 0, 1019, 1, 3, 0, 0, 1023],
    ["100s", "4k", 5, 2, 1, 0, 1, 0, 2, 0, 3],
    ["100s", "2m", 1024, 2, 1, 1019, 1, 0, 2, 0, 1022],
  ])("%s with %s backing", async (at, backing, granted, active, activeWrite, slack, freed, idle1, idle5, idle30, gap) => {
    const result = await run(written, { window: "10s", backing }, [at]);
    const row = instant(result, at);
    expect(row).toMatchObject({ granted, consumed: granted, active, activewrite: activeWrite, configured: 1024, unbacked: 1024 - granted });
    const { active: inActive, ...classes } = classesOf(result, at);
    expect(classes).toEqual({ slack, freed, idle1, idle5, idle30 });
    expect(inActive).toBe(active);
    expect(row.consumed - row.active).toBe(gap);
    expect(Object.values(classes).reduce((a, b) => a + b)).toBe(gap);
  });

  test("idle pages split into those that return and those not seen again", async () => {
    const result = await run(written, { window: "10s" }, ["40s", "100s"]);
    const ledger = pickTable(result.tables, ledgerTable);
    if (ledger === undefined) throw new Error("no ledger");
    const idle = rowsOf(ledger).filter((row) => row.class === "idle1" && row.asked === "40s");
    expect(idle.reduce((sum, row) => sum + row.returns, 0)).toBe(1);
    expect(idle.reduce((sum, row) => sum + row.notSeenAgain, 0)).toBe(2);
    expect(instant(result, "40s").remaining).toBe(60e9);
    const atEnd = rowsOf(ledger).filter((row) => row.asked === "100s");
    expect(atEnd.every((row) => Number.isNaN(row.returns) && Number.isNaN(row.notSeenAgain))).toBe(true);
  });
});

const touch = fc.record({
  s: fc.integer({ min: 0, max: 400 }),
  ppn: fc.integer({ min: 0, max: 1100 }).map((n) => (n > 1060 ? n : n % 40) + (n % 3 === 0 ? 600 : 0)),
  op: fc.constantFrom("R" as const, "W" as const, "X" as const),
  vm: fc.integer({ min: 0, max: 1 }),
  space: fc.integer({ min: 0, max: 2 }),
  high: fc.boolean(),
});
const told = fc.record({
  s: fc.integer({ min: 0, max: 400 }),
  event: fc.constantFrom("alloc" as const, "free" as const),
  ppn: fc.integer({ min: 0, max: 640 }),
  pages: fc.constantFrom(1, 2, 16),
  pid: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  vm: fc.integer({ min: 0, max: 1 }),
});
const trace = fc.record({
  touches: fc.array(touch, { minLength: 1, maxLength: 80, size: "max" }),
  told: fc.array(told, { maxLength: 40, size: "max" }),
  batchRows: fc.constantFrom(1, 7, 65_536),
  configuredPages: fc.constantFrom(1024, 700),
});
const byTime = <T extends { readonly s: number }>(rows: readonly T[]): T[] => [...rows].sort((a, b) => a.s - b.s);

test("the ledger equals a slow one that follows the definitions page by page", async () => {
  await fc.assert(
    fc.asyncProperty(
      trace,
      fc.constantFrom(1, 3, 10),
      fc.constantFrom(1, 4, 10),
      fc.constantFrom("4k" as const, "2m" as const),
      fc.integer({ min: 0, max: 400 }),
      async (random, windowS, sampleS, backing, someS) => {
        const touches: Touch[] = byTime(random.touches).map(({ high, ...t }) => ({
          ...t,
          vpn: high ? 2 ** 51 + t.ppn : t.ppn + (t.ppn % 2),
        }));
        const tolds: Told[] = byTime(random.told).map(({ pid, ...e }) => ({ ...e, ...(pid === undefined ? {} : { pid }) }));
        const written: HandWritten = { ...random, vms: ["a", "b"], touches, told: tolds };
        const [firstS, lastS] = [touches[0].s, touches[touches.length - 1].s];
        const at = `${Math.min(Math.max(someS, firstS), lastS)}s`;
        const result = await run(written, { window: `${windowS}s`, sample: `${sampleS}s`, backing }, [at]);
        for (const [v, vm] of ["a", "b"].entries()) {
          const slow = slowLedger(written, v, Number.parseInt(at, 10), windowS, backing === "2m" ? 512 : 1);
          const row = instant(result, at, vm);
          const { active = 0, ...classes } = classesOf(result, at, vm);
          const { granted, activeWrite, returns, unknown, owners, active: slowActive, ...slowClasses } = slow;
          expect({ ...classes, active, granted: row.granted }).toEqual({ ...slowClasses, active: slowActive, granted });
          expect([row.activewrite, row.allocatorUnknown]).toEqual([activeWrite, unknown]);
          const ledger = pickTable(result.tables, ledgerTable);
          const rows = ledger === undefined ? [] : rowsOf(ledger).filter((r) => r.vm === vm);
          const byOwner = new Map<string, number>();
          for (const r of rows) byOwner.set(`${r.owner} ${r.class}`, (byOwner.get(`${r.owner} ${r.class}`) ?? 0) + r.pages);
          expect(new Map([...byOwner].sort())).toEqual(new Map([...owners].sort()));
          if (lastS - Number.parseInt(at, 10) >= windowS)
            expect(rows.reduce((sum, r) => sum + (Number.isNaN(r.returns) ? 0 : r.returns), 0)).toBe(returns);
          const timeline = pickTable(result.tables, timelineTable);
          const samples = timeline === undefined ? [] : rowsOf(timeline).filter((r) => r.vm === vm);
          for (const sample of samples.filter((_, i) => i % 7 === someS % 7)) {
            const then = slowLedger(written, v, sample.time / 1e9, windowS, backing === "2m" ? 512 : 1);
            expect([sample.granted, sample.active, sample.freed]).toEqual([then.granted, then.active, then.freed]);
          }
        }
      },
    ),
    { seed: 1, numRuns: 30, endOnFailure: true }, // shrinking takes minutes: set it to false to find out why
  );
});

test("rows per batch change nothing", async () => {
  const touches = Array.from({ length: 500 }, (_, i): Touch => ({ s: i * 0.1, ppn: (i * 7919) % 97, op: i % 3 === 0 ? "W" : "R" }));
  const runs = await Promise.all(
    [1, 7, 65_536].map((batchRows) => run({ touches, batchRows, configuredPages: 256 }, { window: "5s" }, ["end"])),
  );
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
});

test("accesses beyond the configured size are counted and take no part", async () => {
  const result = await run({ touches: touchesOf("1 0 W · 2 9000 W · 3 9000 R · 9 1 R"), configuredPages: 256 }, { window: "1s" }, ["end"]);
  expect(instant(result, "end")).toMatchObject({ granted: 2, outsideAccesses: 2, active: 1 });
});

test("peak is the first instant of maximal consumed, end the last access, mark:N the first marker", async () => {
  const written: HandWritten = {
    touches: touchesOf("1 0 W · 2 1 W · 3 300 W · 4 301 W · 50 0 R"),
    told: [
      { s: 2.5, event: "mark", value: 11 },
      { s: 3.5, event: "mark", value: 11 },
    ],
    configuredPages: 1024,
  };
  const small = await run(written, { window: "1s" }, ["peak", "end", "mark:11"]);
  expect(small.manifest.instants.map(({ asked, timeNs }) => [asked, timeNs / 1e9])).toEqual([
    ["peak", 4],
    ["end", 50],
    ["mark:11", 2.5],
  ]);
  const large = await run(written, { window: "1s", backing: "2m" }, ["peak"]);
  expect(large.manifest.instants[0].timeNs).toBe(1e9);
  await expect(run(written, {}, ["mark:12"])).rejects.toThrow("--at mark:12: the trace has no such marker; it has 11");
  await expect(run(written, {}, ["51s"])).rejects.toThrow("outside the trace");
});

test("the same plan gives the same run, another seed other estimates and nothing else", async () => {
  const touches = Array.from({ length: 300 }, (_, i): Touch => ({ s: i * 0.1, ppn: (i * 31) % 200, op: "W" }));
  const seeded = (seed: number) => run({ touches, configuredPages: 256 }, { window: "1s", seed }, ["end"]);
  const [one, again, other] = await Promise.all([seeded(1), seeded(1), seeded(2)]);
  expect(again).toEqual(one);
  const differing = one.tables.filter((table, t) => JSON.stringify(table) !== JSON.stringify(other.tables[t])).map(({ spec }) => spec.name);
  expect(differing).toEqual(["timeline", "estimates"]);
  const twice = await run(
    { vms: ["a", "b"], touches: touches.flatMap((t) => [t, { ...t, vm: 1 }]), configuredPages: 256 },
    { window: "1s" },
    [],
  );
  const timeline = pickTable(twice.tables, timelineTable);
  const reported = (vm: string) => (timeline === undefined ? [] : rowsOf(timeline)).filter((r) => r.vm === vm).map((r) => r.activeReported);
  expect(reported("a")).not.toEqual(reported("b")); // equal VMs draw pages of their own
});

test("the window and the estimators' period come from the span unless they are given", async () => {
  const hour = await run({ touches: touchesOf("0 0 W · 3600 0 W"), configuredPages: 256 }, {});
  expect([hour.manifest.windowNs, hour.manifest.sampleNs]).toEqual([60e9, 6e9]);
  const seconds = await run({ touches: touchesOf("0 0 W · 7 0 W"), configuredPages: 256 }, {});
  expect([seconds.manifest.windowNs, seconds.manifest.sampleNs]).toEqual([0.5e9, 0.05e9]);
  expect(seconds.manifest.scenario).toMatchObject({ window: 0.5e9, sample: 0.05e9, seed: 1, timeScale: 1 });
  const given = await run({ touches: touchesOf("0 0 W · 7 0 W"), configuredPages: 256 }, { window: "2s", sample: "1s" });
  expect(given.manifest).toMatchObject({ windowNs: 2e9, windowFrom: "as given", sampleNs: 1e9, originNs: 0, endNs: 7e9 });
});
