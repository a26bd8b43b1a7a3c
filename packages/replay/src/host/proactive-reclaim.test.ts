import { actionsTable, latencyTable, pickTable, reclaimTable, rowsOf, timelineTable, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { replayOf, textOf, type HandWritten, type Told, type Touch } from "../testing.ts";

const PARAMS = { age: "10s", scan: "5s" };
const run = (trace: HandWritten, scenario: object = {}) =>
  replayOf(
    trace,
    {
      host: { memory: "64MiB", minFree: 0, overheadPerVm: 0 },
      window: "1s",
      sample: "1s",
      share: "off",
      compress: "off",
      proactive: PARAMS,
      ...scenario,
    },
    [],
    "rows",
  );
const touch = (s: number, ppn: number, vm = 0): Touch => ({ s, ppn, op: "W", vm });
/** Reads of a page every so many seconds, up to `untilS`. */
const every = (periodS: number, ppn: number, untilS: number, vm = 0): Touch[] =>
  Array.from({ length: Math.floor(untilS / periodS) + 1 }, (_, i): Touch => ({ s: i * periodS, ppn, op: "R", vm }));
const written = (touches: readonly Touch[], vms = ["vm"]): HandWritten => ({
  vms,
  touches: touches.toSorted((a, b) => a.s - b.s),
  configuredPages: 16,
});

const taken = ({ tables }: Pick<Run, "tables">): readonly string[] => {
  const table = pickTable(tables, actionsTable);
  return (table === undefined ? [] : rowsOf(table))
    .filter(({ action }) => action === "proactive")
    .map(({ time, vm, pages }) => `${time / 1e9} ${vm} ${pages}`);
};
const counters = ({ tables }: Pick<Run, "tables">): object => {
  const table = pickTable(tables, reclaimTable);
  return Object.fromEntries(
    (table === undefined ? [] : rowsOf(table)).flatMap(({ counter, value }) => (value === 0 ? [] : [[counter, value]])),
  );
};

describe("proactive reclaim", () => {
  test("takes a page that looks have not seen touched for the age, whatever memory is free", async () => {
    // Looks at 5, 10, 15 s: page 0 is seen at 5 s only, page 1 at every one.
    const done = await run(written([touch(0, 0), ...every(4, 1, 20)]));
    expect(taken(done)).toEqual(["15 vm 1"]);
    expect(counters(done)).toEqual({ swapOut: 1, proactive: 1 });
    expect(textOf(done, timelineTable, ["granted", "swapped"]).split("\n").slice(14, 16)).toEqual(["2 0", "1 1"]);
  });

  test("a touch between two looks is seen by the later one", async () => {
    expect(taken(await run(written([touch(0, 0), touch(5.5, 0), ...every(4, 1, 24)])))).toEqual(["20 vm 1"]);
  });

  test("the look of an instant comes before the page-outs of it", async () => {
    expect(taken(await run(written([touch(0, 0), touch(14.5, 0), ...every(4, 1, 28)])))).toEqual(["25 vm 1"]);
  });

  test("a page that came back is watched anew", async () => {
    expect(taken(await run(written([touch(0, 0), touch(16, 0), ...every(4, 1, 32)])))).toEqual(["15 vm 1", "30 vm 1"]);
  });

  test("those touched longest ago go first, those of the earlier VM and of the lower PPN among equals, up to the quota", async () => {
    const touches = [
      ...[3, 4].map((ppn) => touch(0, ppn, 1)), // seen at 5 s
      ...[1, 2].map((ppn) => touch(6, ppn, 0)), // seen at 10 s, as is the next
      touch(6, 5, 1),
      ...every(4, 0, 28, 0),
      ...every(4, 0, 28, 1),
    ];
    const done = await run(written(touches, ["a", "b"]), { proactive: { ...PARAMS, quota: 1 } });
    expect(taken(done)).toEqual(["15 b 1", "16 b 1", "20 a 1", "21 a 1", "22 b 1"]);
    const twice = await run(written(touches, ["a", "b"]), { proactive: { ...PARAMS, quota: 2 } });
    expect(taken(twice)).toEqual(["15 b 2", "20 a 2", "21 b 1"]);
  });

  test("takes nothing that is under reservation, and another VM's page in its place", async () => {
    const touches = [touch(0, 1, 0), touch(1, 1, 1), ...every(4, 0, 20, 0), ...every(4, 0, 20, 1)];
    const vms = [{ vm: "a", reservation: "8KiB" }, { vm: "b" }];
    expect(taken(await run(written(touches, ["a", "b"]), { vms }))).toEqual(["15 b 1"]);
  });

  test("2 MB blocks that were never touched again are cold, too, and are broken", async () => {
    const trace = { ...written([touch(0, 0), ...every(4, 512, 20), touch(18, 0)]), configuredPages: 1024 };
    const done = await run(trace, { backing: "2m", balloon: "off" });
    // Of either block all pages but the one that is read; the first has none.
    expect(taken(done)).toEqual(["15 vm 1023"]);
    expect(counters(done)).toMatchObject({ blocksBroken: 2, proactive: 1023 });
    // No access waits for the breaking: two first touches of 512 pages, a swap-in, and nothing for the others.
    expect(textOf(done, latencyTable, ["latency", "rows"]).split("\n")).toEqual(["0 5", "150000 1", "257500 2"]);
  });

  // Block 1 is reported free, and its memory taken, while block 0 has pages that were touched no later and lie before it.
  const reported = (freedS: number): Told[] => [
    { s: 0, event: "alloc", ppn: 512, pages: 512 },
    { s: freedS, event: "free", ppn: 512, pages: 512 },
  ];

  test("what came back between two looks is new to the second, touched or not", async () => {
    // Reported free at 8 s, backed anew at 9 s with all of its block: seen at 10 s, and cold at 20 s.
    const trace = { ...written([touch(0, 0), touch(0, 512), touch(9, 512), touch(24, 0)]), told: reported(6), configuredPages: 1024 };
    const done = await run(trace, { backing: "2m", freePageReporting: "on" });
    expect(taken(done)).toEqual(["15 vm 512", "20 vm 512"]);
  });

  test("what has come back since the last look is not cold, whatever the looks before saw", async () => {
    // Seen at 5 s, so cold at 17 s; but it was reported free at 16 s, and touched again. The look at 20 s sees it anew.
    const trace = { ...written([touch(0, 0), touch(0, 512), touch(16.5, 512), touch(36, 1)]), told: reported(15), configuredPages: 1024 };
    const done = await run(trace, { freePageReporting: "on", proactive: { ...PARAMS, age: "12s" } });
    expect(taken(done)).toEqual(["17 vm 1", "32 vm 1"]);
  });

  test("a page that is shared instead has another age to live", async () => {
    // Page 0 is scanned at 16 s and leaves a hint; page 1, of equal content, comes later and is cold before the next scan, at 32 s.
    const trace = {
      ...written([...every(4, 0, 41), touch(17, 1), touch(41, 2)]),
      contents: [0, 1].map((ppn) => ({ s: 41, ppn, hash: 7n, zbytes: 4096 })),
    };
    const done = await run(trace, { share: { scanTime: "256s", contents: "end-state" } });
    expect(taken(done)).toEqual(["30 vm 1", "40 vm 1"]);
    expect(counters(done)).toMatchObject({ sharedBeforeSwap: 1, swapOut: 1, proactive: 2 });
  });

  test("times are in hypervisor time", async () => {
    expect(taken(await run(written([touch(0, 0), ...every(2, 1, 10)]), { timeScale: 2 }))).toEqual(["7.5 vm 1"]);
  });

  test("needs swap, and a host", async () => {
    const trace = written([touch(0, 0)]);
    await expect(run(trace, { swap: "off" })).rejects.toThrow(
      "proactive: the pages it takes are compressed or swapped, and swap is off; turn swap on",
    );
    await expect(run(trace, { host: undefined, share: undefined, compress: undefined })).rejects.toThrow(
      "proactive: acts on a host of finite memory; give host.memory",
    );
  });
});
