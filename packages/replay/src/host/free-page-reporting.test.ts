import { actionsTable, pickTable, reclaimTable, rowsOf, timelineTable, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { lines, replayOf, textOf, type HandWritten, type Told, type Touch } from "../testing.ts";

const HOST = { memory: "64MiB", minFree: 0, overheadPerVm: 0 };
const BLOCK = 512;
const touch = (s: number, ppn: number): Touch => ({ s, ppn, op: "W" });
const alloc = (s: number, ppn: number, pages: number): Told => ({ s, event: "alloc", ppn, pages });
const free = (s: number, ppn: number, pages: number): Told => ({ s, event: "free", ppn, pages });
/** The trace ends at 12 s, with a page of the last block. */
const written = (touches: readonly Touch[], told: readonly Told[], blocks = 3): HandWritten => ({
  touches: [...touches, touch(12, (blocks - 1) * BLOCK)],
  told,
  configuredPages: blocks * BLOCK,
});
const run = (trace: HandWritten, scenario: object = {}) =>
  replayOf(trace, { host: HOST, window: "1s", sample: "1s", freePageReporting: "on", ...scenario }, [], "rows");

const reports = ({ tables }: Pick<Run, "tables">): readonly string[] => {
  const table = pickTable(tables, actionsTable);
  return (table === undefined ? [] : rowsOf(table))
    .filter(({ action }) => action === "report")
    .map(({ time, vm, pages, reason }) => `${time / 1e9} ${vm} ${pages} ${reason}`);
};
const counted = (run: Pick<Run, "tables">, counter: string): number => {
  const table = pickTable(run.tables, reclaimTable);
  return (table === undefined ? [] : rowsOf(table)).reduce((sum, row) => sum + (row.counter === counter ? row.value : 0), 0);
};

describe("free page reporting", () => {
  test("gives the memory behind a wholly free block back, every 2 s", async () => {
    const trace = written(
      [touch(0, 0), touch(1, 1), touch(1, 2), touch(1, BLOCK), touch(1, BLOCK + 1)],
      // Of the second block one page is kept.
      [alloc(0, 0, 2 * BLOCK), free(3, 0, BLOCK), free(3, BLOCK + 1, BLOCK - 1)],
    );
    const done = await run(trace);
    expect(reports(done)).toEqual(["4 vm 3 1 free blocks of 2 MB"]);
    expect([counted(done, "reported"), counted(done, "reportedBacked")]).toEqual([BLOCK, 3]);
    expect(textOf(done, timelineTable, ["time", "granted", "unbacked", "freed"]).split("\n").slice(2, 6).join("\n")).toBe(
      lines(`
        2 5 1531 0
        3 5 1531 4
        4 2 1534 1
        5 2 1534 1`),
    );
  });

  test("names a block once, and again when a page of it was freed since", async () => {
    const trace = written(
      [touch(0, 0), touch(5, 1), touch(7.5, 7)], // at 5 s the guest touches what it has free: that is not reported again
      [alloc(0, 0, BLOCK), free(1, 0, BLOCK), alloc(7, 7, 1), free(9, 7, 1)],
    );
    expect(reports(await run(trace))).toEqual(["2 vm 1 1 free blocks of 2 MB", "10 vm 2 1 free blocks of 2 MB"]);
  });

  test("a page that is touched again is a first touch: zeroed, and nothing is read", async () => {
    const trace = written([touch(0, 0), touch(5, 0)], [alloc(0, 0, BLOCK), free(1, 0, BLOCK)]);
    const done = await run(trace);
    expect(textOf(done, timelineTable, ["granted", "faults", "zeroed", "swapin"]).split("\n").slice(4, 6)).toEqual(["0 1 1 0", "1 2 2 0"]);
  });

  test("what the host has swapped or compressed of the block is forgotten, too", async () => {
    const trace = {
      ...written([touch(0, 0), touch(0, 1), touch(0.5, 2), touch(0.5, 3), touch(5, 0)], [alloc(0, 0, BLOCK), free(1, 0, BLOCK)]),
      contents: [0, 1].map((ppn) => ({ s: 9, ppn, hash: BigInt(ppn + 1), zbytes: 100 })),
    };
    const done = await run(trace, { vms: [{ vm: "vm", limit: "8KiB" }], swap: { policy: "fifo" } });
    const [before, , after] = textOf(done, timelineTable, ["granted", "swapped", "zipped", "zipCache", "swapin"]).split("\n").slice(1);
    expect(before).toBe("1 1 2 1 0");
    expect(after).toBe("0 0 0 0 0");
    expect(counted(done, "swapIn") + counted(done, "unzipped")).toBe(0);
  });

  test("what a reported page held is no longer known: it is not shared when it is read again", async () => {
    const trace = {
      ...written([touch(0, 0), touch(0, BLOCK), { s: 3, ppn: 0, op: "R" }], [alloc(0, 0, BLOCK), free(1, 0, BLOCK)]),
      contents: [0, BLOCK].map((ppn) => ({ s: 12, ppn, hash: 7n, zbytes: 4096 })),
    };
    const share = { scanner: "ksm", pagesToScan: 100, sleep: "1s" };
    // The scanner passes every second, and shares at its second pass: where nothing is reported, at 2 s.
    expect(counted(await run(trace, { share, freePageReporting: "off" }), "shared")).toBe(1);
    expect(counted(await run(trace, { share }), "shared")).toBe(0);
    expect(counted(await run(trace, { share: { ...share, contents: "end-state" } }), "shared")).toBe(1);
  });

  test("a large page goes whole", async () => {
    const done = await run(written([touch(0, 5)], [alloc(0, 0, BLOCK), free(1, 0, BLOCK)]), { backing: "2m" });
    expect(reports(done)).toEqual(["2 vm 512 1 free blocks of 2 MB"]);
    expect([counted(done, "blocksBroken"), counted(done, "reportedBacked")]).toEqual([0, BLOCK]);
  });

  test("what the balloon has pinned is not the guest's to report", async () => {
    const touches = Array.from({ length: 600 }, (_, i) => touch(0, i));
    const trace = written(touches, [alloc(0, 0, 600), free(0.5, 0, BLOCK)]);
    const host = { memory: "2560KiB", minFree: "256KiB", overheadPerVm: 0 }; // 640 pages, and the VM is above what leaves 64 of them
    expect(reports(await run(trace, { host, balloon: "off", swap: "off" }))).toEqual(["2 vm 512 1 free blocks of 2 MB"]);
    const done = await run(trace, { host, swap: "off" });
    expect(counted(done, "pinnedBacked")).toBeGreaterThan(0);
    expect(reports(done)).toEqual([]);
  });

  test("a guest of which the allocator's state is unknown reports nothing", async () => {
    expect(reports(await run(written([touch(0, 0)], [])))).toEqual([]);
  });

  test("the period is in hypervisor time, and the mechanism is off unless asked for", async () => {
    const trace = written([touch(0, 0)], [alloc(0, 0, BLOCK), free(0.2, 0, BLOCK)]);
    expect(reports(await run(trace, { timeScale: 2 }))).toEqual(["1 vm 1 1 free blocks of 2 MB"]);
    expect(reports(await run(trace, { freePageReporting: { period: "5s" } }))).toEqual(["5 vm 1 1 free blocks of 2 MB"]);
    expect(reports(await run(trace, { freePageReporting: "off" }))).toEqual([]);
    expect(reports(await run(trace, { freePageReporting: undefined }))).toEqual([]);
  });
});
