import {
  actionsTable,
  type Columns,
  hostTable,
  InputError,
  pickTable,
  reclaimTable,
  type Row,
  rowsOf,
  type Run,
  seededRandom,
  type TableSpec,
  timelineTable,
} from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { replayOf, type Content, type HandWritten, type Told, type Touch } from "../testing.ts";

// Whatever acts and whatever fails: no frame is lost or has two owners (recounted after every row), what the tables say adds up, and
// neither the rows per batch nor a second run change anything.
const PAGE = 4096;
const END_S = 16;
const PAGES = 560; // a block of 2 MB, and a part of one
const VMS = ["a", "b"];

/** Both VMs touch all they have; then some pages again and again, others now and then. Half of the pages are like others. */
function trace(): HandWritten {
  const random = seededRandom(1, "both", "conservation");
  const upTo = (n: number): number => Math.floor(random() * n);
  const touches = VMS.flatMap((_, vm) =>
    Array.from({ length: PAGES }, (_, ppn): Touch => ({ s: 0, vm, ppn, op: ppn % 3 === 0 ? "R" : "W" })),
  );
  for (let quarter = 1; quarter <= 4 * END_S; quarter++)
    for (let n = 0; n < 16; n++)
      touches.push({ s: quarter / 4, vm: upTo(2), ppn: upTo(2) === 0 ? upTo(30) : upTo(PAGES), op: upTo(2) === 0 ? "W" : "R" });
  const told = VMS.flatMap((_, vm): Told[] => [
    { s: 0, vm, event: "alloc", ppn: 0, pages: PAGES },
    { s: 3, vm, event: "free", ppn: 0, pages: 512 },
    { s: 6, vm, event: "alloc", ppn: 0, pages: 300 },
    { s: 9, vm, event: "free", ppn: 100, pages: 412 },
  ]).toSorted((a, b) => a.s - b.s);
  const contents = VMS.flatMap((_, vm) =>
    Array.from({ length: PAGES }, (_, ppn): Content => ({
      s: upTo(2) * upTo(END_S),
      vm,
      ppn,
      hash: BigInt(upTo(2) === 0 ? upTo(200) : 1000 * (vm + 1) + ppn),
      zbytes: [700, 1900, 4000][upTo(3)],
    })),
  );
  return { vms: VMS, touches, told, contents, configuredPages: PAGES };
}

/** A run, or why there can be none. */
async function runOf(scenario: object, batchRows: number, check: boolean | "rows"): Promise<Run | string> {
  try {
    return await replayOf({ ...trace(), batchRows }, { window: "2s", sample: "500ms", ...scenario }, [], check);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
/** The same, if neither batches nor a second run change it. */
async function conserved(scenario: object): Promise<Run | string> {
  const checked = await runOf(scenario, 20, "rows");
  expect(await runOf(scenario, 65_536, false), "rows per batch change nothing").toEqual(checked);
  expect(await runOf(scenario, 3, true), "nor do they, nor a second run").toEqual(checked);
  return checked;
}

const rowsIn = <C extends Columns>({ tables }: Run, spec: TableSpec<C>): readonly Row<C>[] => {
  const table = pickTable(tables, spec);
  if (table === undefined) throw new Error(`no table ${spec.name}`);
  return rowsOf(table);
};
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** What was counted of both VMs' pages by the end. */
const counted = (run: Run, counter: string): number =>
  sum(rowsIn(run, reclaimTable).flatMap((row) => (row.counter === counter ? [row.value] : [])));

/** What has to add up in the tables: the host at every sample, every VM, and from one sample to the next. */
function addsUp(run: Run): void {
  const timeline = rowsIn(run, timelineTable);
  for (const host of rowsIn(run, hostTable)) {
    const vms = timeline.filter(({ time }) => time === host.time);
    const total = (column: "granted" | "consumed" | "shared" | "zipCache" | "overhead" | "entitlement"): number =>
      sum(vms.map((row) => row[column]));
    expect(host.consumed + host.zipCache + host.overhead + host.free).toBe(host.machine);
    expect([total("granted"), total("zipCache"), total("overhead")]).toEqual([host.granted, host.zipCache, host.overhead]);
    expect(total("consumed")).toBeCloseTo(host.consumed, 6);
    expect(total("entitlement")).toBeLessThanOrEqual(host.machine);
    expect(total("shared") - host.sharedCommon).toBe(host.granted - host.consumed);
  }
  const before = new Map<string, (typeof timeline)[number]>();
  for (const row of timeline) {
    expect(row.granted + row.vmmemctl + row.swapped + row.zipped + row.unbacked).toBe(row.configured);
    expect(row.zipped - row.zipCache).toBe(row.zipSaved);
    expect(row.shared).toBeLessThanOrEqual(row.granted);
    expect(row.activewrite).toBeLessThanOrEqual(row.active);
    expect(row.active).toBeLessThanOrEqual(row.granted);
    expect(row.swapin).toBeLessThanOrEqual(row.swapout);
    for (const counter of ["swapin", "swapout", "faults", "zeroed"] as const)
      expect(row[counter]).toBeGreaterThanOrEqual(before.get(row.vm)?.[counter] ?? 0);
    before.set(row.vm, row);
  }
  const last = timeline.slice(-VMS.length);
  expect(counted(run, "swapOut")).toBe(sum(last.map(({ swapout }) => swapout)));
  expect(counted(run, "swapIn")).toBe(sum(last.map(({ swapin }) => swapin)));
  // Pages leave swap and the cache by a touch, or with the cache's oldest for swap; balloons, reports and stops take them where they are.
  const stops = rowsIn(run, actionsTable).filter(({ action }) => action === "stop").length;
  if (counted(run, "pinnedUnbacked") + counted(run, "reported") + stops > 0) return;
  expect(sum(last.map(({ swapped }) => swapped))).toBe(counted(run, "swapOut") - counted(run, "swapIn"));
  expect(sum(last.map(({ zipped }) => zipped))).toBe(counted(run, "zipped") - counted(run, "unzipped") - counted(run, "zipEvicted"));
}

/** Of 1,120 pages that are touched 840 have room, less what is to be free. */
const TIGHT = { memory: 840 * PAGE, minFree: 60 * PAGE, overheadPerVm: 0 };
/** All have room, and 50 frames are left where 100 are wanted. */
const SOFT = { memory: 1170 * PAGE, minFree: 100 * PAGE, overheadPerVm: 0 };
const AMPLE = { memory: 2000 * PAGE, minFree: 100 * PAGE, overheadPerVm: 0 };
const OFF = { share: "off", balloon: "off", compress: "off" };
const SHARE = { scanTime: "8s", salting: "none" };
const ALLOCATION = { period: "1s" };

const EVERYTHING = {
  host: SOFT,
  backing: "2m",
  share: { ...SHARE, contents: "end-state" },
  allocation: ALLOCATION,
  freePageReporting: { period: "5s" },
  proactive: { age: "3s", scan: "1s" },
  senpai: { ratio: 0.05, period: "1s", threshold: 100 },
  timeScale: 2,
};
const EVERY_COUNTER = ["shared", "cow", "zipped", "unzipped", "swapOut", "swapIn", "pinnedBacked", "reported", "proactive", "senpai"];

test.each<[string, object, readonly string[]]>([
  ["swap alone", { ...OFF, host: TIGHT }, ["swapOut", "swapIn", "cleanSwapOut"]],
  ["compression", { ...OFF, host: TIGHT, compress: { maxPercent: 5 } }, ["zipped", "unzipped", "zipEvicted", "incompressible", "swapOut"]],
  ["a balloon alone", { ...OFF, host: SOFT, balloon: {}, swap: "off" }, ["pinnedBacked", "popped", "guestDropped"]],
  [
    "a balloon beside swap",
    { ...OFF, host: { ...TIGHT, memory: 1000 * PAGE }, balloon: { rate: 40 }, allocation: ALLOCATION },
    ["pinnedBacked", "pinnedUnbacked", "swapOut", "swapIn"],
  ],
  ["page sharing", { ...OFF, host: AMPLE, share: SHARE }, ["shared", "cow", "staleHints"]],
  [
    "page sharing as KSM has it",
    { ...OFF, host: AMPLE, share: { ...SHARE, scanner: "ksm", pagesToScan: 50, sleep: "100ms" } },
    ["shared", "cow"],
  ],
  [
    "sharing before swapping",
    { ...OFF, host: { ...TIGHT, memory: 500 * PAGE }, share: { ...SHARE, contents: "end-state" } },
    ["shared", "sharedBeforeSwap", "swapOut"],
  ],
  ["limits", { ...OFF, host: AMPLE, vms: VMS.map((vm) => ({ vm, limit: 300 * PAGE })) }, ["swapOut", "swapIn"]],
  ["free page reporting", { ...OFF, host: AMPLE, freePageReporting: { period: "1s" } }, ["reported", "reportedBacked"]],
  ["proactive reclaim", { ...OFF, host: AMPLE, proactive: { age: "3s", scan: "1s" } }, ["proactive", "swapOut", "swapIn"]],
  ["Senpai", { ...OFF, host: AMPLE, senpai: { ratio: 0.1, period: "1s", threshold: 100 } }, ["senpai", "swapOut"]],
  [
    "large pages",
    { host: { ...TIGHT, memory: 1300 * PAGE }, backing: "2m", share: SHARE, allocation: ALLOCATION },
    ["blocksBroken", "shared"],
  ],
  ["a VM that starts late", { ...OFF, host: TIGHT, vms: [{ vm: "a", start: "8s" }, "b"] }, ["swapOut", "swapIn"]],
  ["a VM that stops", { ...OFF, host: TIGHT, share: SHARE, vms: [{ vm: "a", stop: "8s" }, "b"] }, ["shared", "swapOut", "swapIn"]],
  ["everything at once", EVERYTHING, EVERY_COUNTER],
  ["everything at once, where waits delay the guests", { ...EVERYTHING, clock: "dilated", stallCosts: { swapIn: "20ms" } }, EVERY_COUNTER],
])("%s: the machine adds up, in every batch size and twice", async (_, scenario, acting) => {
  const run = await conserved(scenario);
  if (typeof run === "string") throw new Error(run);
  addsUp(run);
  for (const counter of acting) expect(counted(run, counter), counter).toBeGreaterThan(0);
});

describe("where a mechanism fails the machine adds up all the same:", () => {
  test.each<[string, object, readonly string[], readonly string[]]>([
    [
      "no driver in the guests",
      { ...OFF, host: SOFT, balloon: {}, vms: VMS.map((vm) => ({ vm, driver: false })) },
      ["swapOut"],
      ["pinnedBacked"],
    ],
    ["guests that boot for longer than they run", { ...OFF, host: SOFT, balloon: { boot: "60s" } }, ["swapOut"], ["pinnedBacked"]],
    [
      "a guest without swap of its own",
      { ...OFF, host: SOFT, balloon: {}, vms: VMS.map((vm) => ({ vm, guestSwap: 0 })) },
      ["pinnedBacked", "guestDropped"],
      ["guestSwapOut"],
    ],
    ["a cache that may not have a page", { ...OFF, host: TIGHT, compress: { maxPercent: 0 } }, ["swapOut"], ["zipped"]],
    [
      "pages that do not compress",
      { ...OFF, host: TIGHT, compress: {}, share: { contents: "profile" } },
      ["incompressible", "swapOut"],
      ["zipped"],
    ],
    ["a swapper slower than what is wanted", { ...OFF, host: TIGHT, swap: { rate: 1 } }, ["swapOut"], []],
    [
      "a need that reservations leave nobody to meet",
      { ...OFF, host: SOFT, vms: VMS.map((vm) => ({ vm, reservation: 560 * PAGE })) },
      [],
      ["swapOut"],
    ],
    [
      "no mechanism at all, and just enough memory",
      { ...OFF, host: { ...SOFT, memory: 1120 * PAGE, minFree: 0 }, swap: "off" },
      [],
      ["swapOut"],
    ],
  ])("%s", async (_, scenario, acting, failing) => {
    const run = await conserved(scenario);
    if (typeof run === "string") throw new Error(run);
    addsUp(run);
    for (const counter of acting) expect(counted(run, counter), counter).toBeGreaterThan(0);
    for (const counter of failing) expect(counted(run, counter), counter).toBe(0);
  });

  test.each([
    [
      "no frame is free, and swap is off",
      { ...OFF, host: TIGHT, swap: "off" },
      /^b: no free memory in state low at 0\.000 s, and nothing can be taken/,
    ],
    [
      "no frame is free, and all that there is is reserved",
      { ...OFF, host: TIGHT, vms: VMS.map((vm) => ({ vm, reservation: 420 * PAGE })) },
      /^b: /,
    ],
    [
      "a VM is at its limit, and swap is off",
      { ...OFF, host: AMPLE, swap: "off", vms: [{ vm: "a", limit: 100 * PAGE }, "b"] },
      /^a: at its limit in state high at 0\.000 s/,
    ],
  ])("%s: the replay ends there, whatever the batch", async (_, scenario, message) => {
    expect(await conserved(scenario)).toMatch(message);
  });
});
