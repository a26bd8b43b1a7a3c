import { actionsTable, latencyTable, pickTable, rowsOf, timelineTable, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { replayOf, textOf, type HandWritten, type Touch } from "../testing.ts";

const PAGES = 100;
/** All pages are touched at 0 s; then page 0, which fifo takes first, is read at the given times; the last at the end. */
const written = (readS: readonly number[], endS = 20): HandWritten => ({
  touches: [
    ...Array.from({ length: PAGES }, (_, ppn): Touch => ({ s: 0, ppn, op: "R" })),
    ...readS.map((s): Touch => ({ s, ppn: 0, op: "R" })),
    { s: endS, ppn: PAGES - 1, op: "R" },
  ],
  configuredPages: PAGES,
});
const FREE = { firstTouch: 0, zeroing: 0 };
const run = (trace: HandWritten, scenario: object = {}) =>
  replayOf(
    trace,
    {
      host: { memory: "64MiB", minFree: 0, overheadPerVm: 0 },
      window: "1s",
      sample: "1s",
      share: "off",
      compress: "off",
      swap: { policy: "fifo" },
      senpai: { ratio: 0.1 },
      stallCosts: FREE,
      ...scenario,
    },
    [],
    "rows",
  );
const taken = ({ tables }: Pick<Run, "tables">): readonly string[] => {
  const table = pickTable(tables, actionsTable);
  return (table === undefined ? [] : rowsOf(table))
    .filter(({ action }) => action === "senpai")
    .map(({ time, pages, reason }) => `${time / 1e9}: ${pages}, ${reason}`);
};

describe("Senpai", () => {
  test("takes a part of what is resident every 6 s while nobody waits", async () => {
    const done = await run(written([]));
    expect(taken(done)).toEqual([
      "6: 10, pressure 0 %, below 0.1 %",
      "12: 9, pressure 0 %, below 0.1 %",
      "18: 8, pressure 0 %, below 0.1 %",
    ]);
    expect(textOf(done, timelineTable, ["granted", "swapped"]).split("\n").slice(17, 19)).toEqual(["81 19", "73 27"]);
  });

  // One swap-in in the second period: 3 ms of 6 s are half of the threshold of 0.1 %, 6 ms are all of it.
  test.each([
    ["3ms", "12: 4, pressure 0.05 %, below 0.1 %"], // 91 × 0.1 × 0.5
    ["6ms", "18: 9, pressure 0 %, below 0.1 %"],
    ["60ms", "18: 9, pressure 0 %, below 0.1 %"],
  ])("takes less by as much as VMs wait: a swap-in of %s", async (swapIn, second) => {
    expect(taken(await run(written([7]), { stallCosts: { ...FREE, swapIn } })).slice(0, 2)).toEqual([
      "6: 10, pressure 0 %, below 0.1 %",
      second,
    ]);
  });

  test("every wait is pressure, that of first touches, too", async () => {
    // 100 first touches of 30 µs and their zeroing of 15 µs: 4.5 ms in the first 6 s, three quarters of the threshold.
    const done = await run(written([]), { stallCosts: { firstTouch: "30us", zeroing: "15us" } });
    expect(taken(done)[0]).toBe("6: 2, pressure 0.075 %, below 0.1 %");
  });

  test("whole pages: a small VM gives nothing at TMO's ratio", async () => {
    expect(taken(await run(written([]), { senpai: "on" }))).toEqual([]);
  });

  test("period and pressure are in hypervisor time", async () => {
    // 6 s of hypervisor time are 3 s of the trace; a wait is as long as it is.
    const done = await run(written([4], 7), { timeScale: 2, stallCosts: { ...FREE, swapIn: "3ms" } });
    expect(taken(done)).toEqual(["3: 10, pressure 0 %, below 0.1 %", "6: 4, pressure 0.05 %, below 0.1 %"]);
  });

  test("no access waits for what a turn does", async () => {
    const trace = { ...written([7]), configuredPages: 512 };
    const done = await run(trace, { backing: "2m", balloon: "off", senpai: { ratio: 0.01, threshold: 100 } });
    // The turn at 6 s breaks the large page; the swap-in of page 0 at 7 s takes no longer for it.
    expect(textOf(done, latencyTable, ["latency", "rows"]).split("\n")).toEqual(["0 101", "150000 1"]);
  });

  test("stops at a reservation", async () => {
    expect(taken(await run(written([]), { vms: [{ vm: "vm", reservation: "380KiB" }] }))).toEqual(["6: 5, pressure 0 %, below 0.1 %"]);
  });
});
