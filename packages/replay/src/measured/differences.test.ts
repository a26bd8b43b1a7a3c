import { counterColumns, hostTable, measuredCounters, measuredTable, rowsOf, tableOf, timelineTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { measuredDifferences } from "./differences.ts";

const unknown = (columns: object): Record<string, number> => Object.fromEntries(Object.keys(columns).map((name) => [name, NaN]));

/** `time:pages` in seconds, of one counter. */
const series = (text: string) => text.split(" ").map((pair) => pair.split(":").map(Number) as [number, number]);
const measured = (vm: string, counter: string, text: string) =>
  series(text).map(([time, pages]) => ({ ...Object(unknown(measuredCounters)), vm, time: time * 1e9, [counter]: pages }));
const simulated = (vm: string, counter: string, text: string) =>
  series(text).map(([time, pages]) => ({ ...Object(unknown(counterColumns)), vm, time: time * 1e9, [counter]: pages }));

test("bias, error and correlation of samples by hand, each held against the last simulated one", () => {
  // Pairs (measured, simulated): (10, 12) at 0, (20, 24) at 1.5, (30, 36) at 2; the sample at 9 lies behind the replay.
  const rows = rowsOf(
    measuredDifferences(
      tableOf(measuredTable, measured("web", "consumed", "0:10 1.5:20 2:30 9:99")),
      tableOf(timelineTable, simulated("web", "consumed", "0:12 1:24 2:36 3:48")),
      undefined,
    ),
  );
  expect(rows).toEqual([
    {
      vm: "web",
      counter: "consumed",
      samples: 3,
      measured: 20,
      simulated: 24,
      bias: 4,
      error: expect.closeTo(Math.sqrt((4 + 16 + 36) / 3), 12),
      correlation: expect.closeTo(100, 9),
    },
  ]);
});

test("a series that does not change has no correlation; counters that one side lacks are left out; VMs are held apart", () => {
  const rows = rowsOf(
    measuredDifferences(
      tableOf(measuredTable, [...measured("web", "swapped", "0:5 1:5"), ...measured("db", "granted", "0:1 1:2")]),
      tableOf(timelineTable, [...simulated("web", "swapped", "0:1 1:3"), ...simulated("db", "consumed", "0:1 1:2")]),
      undefined,
    ),
  );
  expect(rows).toEqual([
    { vm: "web", counter: "swapped", samples: 2, measured: 5, simulated: 2, bias: -3, error: Math.sqrt(10), correlation: NaN },
  ]);
});

test("the host: its own counters, sums over its VMs, and as consumed all that is not free", () => {
  const host = [0, 1].map((t) => ({
    ...Object(unknown(hostTable.columns)),
    state: "high",
    time: t * 1e9,
    machine: 100,
    free: 30 - 10 * t,
    consumed: 5,
  }));
  const rows = rowsOf(
    measuredDifferences(
      tableOf(
        measuredTable,
        [
          ...measured("", "consumed", "0:70 1:81"),
          ...measured("", "free", "0:29 1:19"),
          ...measured("", "swapped", "0:6 1:6"),
          ...measured("", "state", "0:0 1:1"),
          ...measured("web", "free", "0:1 1:1"),
        ].sort((a, b) => a.time - b.time),
      ),
      tableOf(timelineTable, [...simulated("web", "swapped", "0:1 1:3"), ...simulated("db", "swapped", "0:4 1:2")]),
      tableOf(hostTable, host),
    ),
  );
  expect(rows.map(({ vm, counter, measured: m, simulated: s }) => `${vm}|${counter} ${m} ${s}`)).toEqual([
    "|consumed 75.5 75",
    "|swapped 6 5",
    "|free 24 25",
  ]);
});
