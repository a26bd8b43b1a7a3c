import {
  type Columns,
  curveBoundTable,
  curveFactsTable,
  curveTable,
  find,
  lruCurveTable,
  pickTable,
  readParams,
  rowsOf,
  type Run,
  seededRandom,
  type TableSpec,
  type Trace,
} from "@tidemark/data";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { curve, type CurvePlan } from "./curve.ts";
import { slowDistances } from "./curve/slow-lru.ts";
import { missCount } from "./miss-count.ts";
import { policies } from "./policies.ts";
import { scenarioSchema } from "./scenario.ts";
import { traceOf, type Touch } from "./testing.ts";

const asked = (name: string) => {
  const policy = find("policy", policies, name);
  return { label: name, policy, params: readParams(name, policy.params, {}) };
};
const curveOf = (
  trace: Trace,
  names: readonly string[],
  more: Partial<CurvePlan> & { readonly size?: string; readonly only?: string } = {},
) =>
  curve({
    scenario: scenarioSchema.parse({
      vms: trace.manifest.vms
        .filter(({ name }) => more.only === undefined || name === more.only)
        .map(({ name }) => ({ trace: "t", vm: name, ...(more.size === undefined ? {} : { size: more.size }) })),
    }),
    open: () => trace,
    policies: names.map(asked),
    sizes: [],
    rate: undefined,
    shared: false,
    extra: 0.05,
    stallsNs: [],
    pageInNs: 1,
    tool: "test",
    progress: () => {},
    ...more,
  });
const rows = <C extends Columns>(run: Run, spec: TableSpec<C>) => {
  const table = pickTable(run.tables, spec);
  return table === undefined ? [] : rowsOf(table);
};
const misses = (run: Run): string[] => rows(run, curveTable).map((row) => `${row.vm} ${row.policy} ${row.pages} ${row.misses}`);
const touchesTo = (ppns: readonly number[], vm = 0): Touch[] => ppns.map((ppn, i) => ({ s: i, ppn, op: "R", vm }));

test("Belady's string: LRU, FIFO with its anomaly, and the optimum, at the sizes asked for", async () => {
  const trace = traceOf({ touches: touchesTo([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]) });
  expect(misses(await curveOf(trace, ["lru", "fifo", "belady"], { sizes: [3, 4] }))).toEqual([
    "vm lru 3 10",
    "vm lru 4 8",
    "vm fifo 3 9",
    "vm fifo 4 10",
    "vm belady 3 7",
    "vm belady 4 6",
  ]);
});

test("every policy misses in one pass over all as it does alone, in batches of any length, and VMs do not disturb each other", async () => {
  const names = policies.map(({ name }) => name);
  const pages = fc.array(fc.record({ ppn: fc.nat(9), vm: fc.nat(1) }), { minLength: 2, maxLength: 80, size: "max" });
  await fc.assert(
    fc.asyncProperty(pages, fc.constantFrom(1, 7, 1000), async (list, batchRows) => {
      const trace = traceOf({ vms: ["a", "b"], batchRows, touches: list.map(({ ppn, vm }, s) => ({ s, ppn, vm, op: "R" })) });
      const found = rows(await curveOf(trace, names, { sizes: [1, 3, 5, 20] }), curveTable);
      const expected = ["a", "b"].flatMap((vm, v) => {
        const own = Uint32Array.from(list.filter((each) => each.vm === v).map(({ ppn }) => ppn));
        if (own.length === 0) return [];
        return names.flatMap((name) =>
          [1, 3, 5, 20].map((size) => {
            const { policy, params } = asked(name);
            return `${vm} ${name} ${size} ${missCount(own, Math.max(...own) + 1, size, policy, params, seededRandom(1, vm, `${name} ${size}`))}`;
          }),
        );
      });
      expect(found.map((row) => `${row.vm} ${row.policy} ${row.pages} ${row.misses}`)).toEqual(expected);
    }),
    { seed: 1, numRuns: 40 },
  );
});

test("VMs on one host compete: equal PPNs are different pages, in the order of the trace", async () => {
  const order = [0, 1, 0, 0, 1, 1, 0, 1];
  const trace = traceOf({ vms: ["a", "b"], batchRows: 3, touches: order.map((vm, s) => ({ s, ppn: s % 2, vm, op: "R" })) });
  const run = await curveOf(trace, ["lru"], { sizes: [1, 2, 3, 4], shared: true });
  const distances = slowDistances(order.map((vm, s) => 2 * vm + (s % 2)));
  expect(misses(run).slice(8)).toEqual(
    [1, 2, 3, 4].map((size) => ` lru ${size} ${distances.filter((distance) => distance === 0 || distance > size).length}`),
  );
  expect(rows(run, curveFactsTable).map(({ vm, references, distinct }) => [vm, references, distinct])).toEqual([
    ["a", 4, 2],
    ["b", 4, 2],
    ["", 8, 4],
  ]);
  expect(misses(await curveOf(trace, ["lru"], { sizes: [1, 2, 3, 4], only: "b" }))).toEqual(misses(run).slice(4, 8));
});

test("so do VMs of several traces, which are joined by time; each by itself is as in its own trace", async () => {
  const order = [0, 1, 0, 0, 1, 1, 0, 1, 1, 0];
  const all = order.map((vm, s): Touch => ({ s, ppn: s % 3, vm, op: "R" }));
  const together = await curveOf(traceOf({ vms: ["a", "b"], touches: all }), ["lru", "belady"], { sizes: [1, 2, 3, 4], shared: true });
  const traces = ["a", "b"].map((name, v) =>
    traceOf({ vms: [name], batchRows: 2, touches: all.filter(({ vm }) => vm === v).map((touch) => ({ ...touch, vm: 0 })) }),
  );
  const [a] = traces;
  const joined = await curveOf(a, ["lru", "belady"], {
    sizes: [1, 2, 3, 4],
    shared: true,
    scenario: scenarioSchema.parse({ vms: ["0", "1"].map((trace) => ({ trace })) }),
    open: (path) => traces[Number(path)] ?? a,
  });
  expect(misses(joined)).toEqual(misses(together));
  expect(rows(joined, curveFactsTable)).toEqual(rows(together, curveFactsTable));
  expect(rows(joined, curveBoundTable)).toEqual(rows(together, curveBoundTable));
  expect(joined.manifest.vms.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("a row of several accesses is one reference; accesses beyond the VM's size take no part", async () => {
  const touches: Touch[] = [
    { s: 0, ppn: 1, op: "R", count: 5 },
    { s: 1, ppn: 600, op: "R", count: 2 },
    { s: 2, ppn: 1, op: "R", count: 3 },
    { s: 3, ppn: 2, op: "R" },
  ];
  const run = await curveOf(traceOf({ touches }), ["lru"], { sizes: [1, 2, 3], size: "2MiB" });
  expect(rows(run, curveTable).map((row) => [row.pages, row.accesses, row.misses])).toEqual([
    [1, 9, 2],
    [2, 9, 2],
    [3, 9, 2],
  ]);
  expect(rows(run, curveFactsTable)).toMatchObject([{ accesses: 9, references: 3, distinct: 2 }]);
  expect(run.manifest.vms[0]?.outsideMemoryAccesses).toBe(2);
  expect(run.manifest.assumed.join("\n")).toContain("a row of several accesses is one reference to a policy");
});

test("without sizes: shares of the pages, and of LRU a line over all sizes with knee and enough", async () => {
  // 50 pages in a loop, and after each round 950 others of which none comes back.
  const ppns = Array.from({ length: 20 * 50 }, (_, i) => i % 50).flatMap((ppn, i) => (i % 50 === 49 ? [ppn, 50 + i] : [ppn]));
  const run = await curveOf(traceOf({ touches: touchesTo(ppns) }), ["lru"]);
  const distinct = 50 + 20;
  expect(rows(run, curveTable).map(({ pages }) => pages)).toEqual([1, 2, 4, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70]);
  expect(rows(run, lruCurveTable).map(({ pages }) => pages)).toEqual(Array.from({ length: distinct }, (_, i) => i + 1));
  // Each page of the loop comes back after the others of the loop and one that does not: 51 pages hold it.
  expect(rows(run, curveFactsTable)).toMatchObject([{ knee: 51, kneeMisses: distinct, enough: 51, enoughMisses: distinct, extra: 5 }]);
});

test("a sampled curve states its pages and bands, follows its seed, and is the exact one where all are sampled", async () => {
  const ppns = Array.from({ length: 20_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 9) % (i % 3 === 0 ? 2000 : 300));
  const trace = traceOf({ touches: touchesTo(ppns) });
  const sampled = (rate: number, seed: number) =>
    curveOf(trace, ["lru"], { rate, sizes: [100, 1000], scenario: scenarioSchema.parse({ seed, vms: [{ trace: "t" }] }) });
  const run = await sampled(0.1, 1);
  const [facts] = rows(run, curveFactsTable);
  expect(facts?.sampled).toBe(Math.ceil((facts?.distinct ?? 0) / 10));
  for (const { misses: found, low, high } of rows(run, curveTable)) {
    expect(low).toBeLessThan(found);
    expect(found).toBeLessThan(high);
  }
  expect(misses(await sampled(0.1, 1))).toEqual(misses(run));
  expect(misses(await sampled(0.1, 2))).not.toEqual(misses(run));
});

test("a sample of all pages is the exact curve: every size, knee, and nothing called sampled", async () => {
  const ppns = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? i % 700 : i % 50));
  const trace = traceOf({ touches: touchesTo(ppns) });
  const names = ["lru", "fifo", "arc", "belady"];
  const exact = await curveOf(trace, names);
  for (const rate of [1, 0.999]) {
    const { manifest, tables } = await curveOf(trace, names, { rate });
    expect(tables).toEqual(exact.tables);
    expect(manifest).toEqual(exact.manifest);
  }
  expect((await curveOf(trace, names, { rate: 0.99 })).tables).not.toEqual(exact.tables);
});

describe("sizes that a sample does not resolve are named", () => {
  const trace = traceOf({ touches: touchesTo(Array.from({ length: 3000 }, (_, i) => i % 1000)) });
  const said = async (name: string, rate: number | undefined, sizes: readonly number[]): Promise<readonly string[]> =>
    (await curveOf(trace, [name], { rate, sizes, shared: true, stallsNs: [0] })).manifest.assumed.filter((each) =>
      each.includes("followed"),
    );

  test.each(["lru", "fifo", "belady"])("under %s, where a figure is of one, of each VM and of all", async (name) => {
    const words =
      "100 of 1000 pages were followed, and fewer than 8 of them resolve no memory size: misses in less than 320 KiB (80 pages) are guesses; sample more, or ask for larger sizes";
    expect(await said(name, 0.1, [79, 500])).toEqual([`vm: ${words}`, `all VMs on one host: ${words}`]);
    expect(await said(name, 0.1, [80, 500])).toEqual([]);
    expect(await said(name, undefined, [1])).toEqual([]);
  });

  test.each(["lru", "fifo", "belady"])("under %s, of a sample that resolves none", async (name) => {
    const words =
      "1 of 1000 pages was followed, and fewer than 8 resolve no memory size: all misses but those of memory for all pages are guesses; sample more";
    expect(await said(name, 0.001, [1000])).toEqual([`vm: ${words}`, `all VMs on one host: ${words}`]);
  });
});

test("the bound: the smallest memories of Belady's policy for the page-ins that a stall pays, of each VM and of all", async () => {
  // One page is read again in memory for 2 of 3, none in memory for all.
  const touches = [...touchesTo([1, 2, 3, 1, 2, 1]), ...touchesTo([7], 1)].map((touch, s) => ({ ...touch, s }));
  const trace = traceOf({ vms: ["a", "b"], touches });
  const run = await curveOf(trace, ["lru", "belady"], { sizes: [1], shared: true, stallsNs: [0, 2, 3, 9], pageInNs: 1 });
  expect(rows(run, curveBoundTable).map(({ vm, stall, pageIns, pages }) => [vm, stall, pageIns, pages])).toEqual([
    ["a", 0, 0, 3],
    ["a", 2, 1, 2],
    ["a", 3, 3, 1],
    ["a", 9, 3, 1],
    ["b", 0, 0, 1],
    ["b", 2, 0, 1],
    ["b", 3, 0, 1],
    ["b", 9, 0, 1],
    ["", 0, 0, 3],
    ["", 2, 1, 2],
    ["", 3, 3, 1],
    ["", 9, 3, 1],
  ]);
  expect(rows(await curveOf(trace, ["lru"]), curveBoundTable)).toEqual([]);
});

test("progress reaches the end in one pass, also where the future is seen", async () => {
  const trace = traceOf({ touches: touchesTo([1, 2, 3, 1]), batchRows: 2 });
  const seen: string[] = [];
  await curveOf(trace, ["belady"], { sizes: [2], progress: (done, total) => seen.push(`${done}/${total}`) });
  expect(seen).toEqual(["2/4", "4/4"]);
});
