import { instantsTable, timelineTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { observerLaws } from "../observer-laws.ts";
import { lines, replayOf, textOf, touchesOf, type HandWritten } from "../testing.ts";
import { counters } from "./counters.ts";

observerLaws(counters, timelineTable, instantsTable);

const WRITTEN: HandWritten = {
  touches: touchesOf("0 0 W · 1 1 R · 2 600 W · 3 9000 W · 4 0 R · 6 1 W"),
  told: [
    { s: 1, event: "alloc", ppn: 0, pages: 4 },
    { s: 3, event: "free", ppn: 0, pages: 2 },
    { s: 4, event: "free", ppn: 1 },
  ],
  configuredPages: 1024,
};

test("residency, activity and allocator state at every sample", async () => {
  const run = await replayOf(WRITTEN, { window: "2s", sample: "2s" });
  expect(
    textOf(run, timelineTable, [
      "time",
      "vm",
      "granted",
      "consumed",
      "unbacked",
      "active",
      "activewrite",
      "freed",
      "allocatorUnknown",
      "guestAllocated",
    ]),
  ).toBe(
    //     t     granted consumed unbacked active activewrite freed unknown allocated
    lines(`
      0 vm  1  1  1023  1  1  0  1  -
      2 vm  3  3  1021  2  1  0  1  4
      4 vm  3  3  1021  1  0  1  1  2
      6 vm  3  3  1021  1  1  1  1  2
    `),
  );
});

test("faults, zeroed pages and accesses outside memory add up; 2 MB blocks end at the configured size", async () => {
  const columns = ["time", "granted", "faults", "zeroed", "outsideAccesses"] as const;
  const touches = WRITTEN.touches.map((t) => ({ ...t, count: t.ppn === 9000 ? 5 : 1 }));
  const at = async (backing: string) =>
    textOf(await replayOf({ ...WRITTEN, touches, configuredPages: 700 }, { window: "2s", sample: "3s", backing }), timelineTable, columns);
  expect(await at("4k")).toBe("0 1 1 1 0\n3 3 3 3 5\n6 3 3 3 5");
  expect(await at("2m")).toBe("0 512 1 512 0\n3 700 2 700 5\n6 700 2 700 5");
});

test("the guest's own view is its last sample, and unknown before the first", async () => {
  const meminfo = [
    { timeNs: 2e9, vm: 0, counter: "MemTotal", value: 2000, unit: "kB" },
    { timeNs: 2e9, vm: 0, counter: "MemFree", value: 1600, unit: "kB" },
    { timeNs: 3e9, vm: 0, counter: "MemTotal", value: 2000, unit: "kB" },
    { timeNs: 3e9, vm: 0, counter: "MemFree", value: 800, unit: "kB" },
  ];
  const run = await replayOf({ ...WRITTEN, meminfo }, { window: "2s", sample: "1s" });
  expect(textOf(run, timelineTable, ["time", "guestUsed", "guestOutside"])).toBe(
    "0 - -\n1 - -\n2 100 524\n3 300 524\n4 300 524\n5 300 524\n6 300 524",
  );
});

test("without guest events nothing is said of allocations; when all is freed, none is left", async () => {
  const freed = await replayOf({ ...WRITTEN, told: [{ s: 0, event: "free", ppn: 0 }] }, { window: "2s", sample: "6s" });
  expect(textOf(freed, timelineTable, ["guestAllocated", "allocatorUnknown"])).toBe("0 0\n0 2");
  const run = await replayOf({ ...WRITTEN, told: [] }, { window: "2s", sample: "6s" });
  expect(textOf(run, timelineTable, ["guestAllocated", "allocatorUnknown"])).toBe("- 1\n- 3");
});

test("instants are those asked for, in order of time, with the rest of the trace", async () => {
  const run = await replayOf(WRITTEN, { window: "2s", sample: "6s" }, ["end", "1.5s", "peak"]);
  expect(textOf(run, instantsTable, ["asked", "time", "vm", "granted", "active", "remaining"])).toBe(
    lines(`
      1.5s 1.5 vm 2 2 4.5
      peak 2   vm 3 2 4
      end  6   vm 3 1 0
    `),
  );
});

test("what the estimator reports is unknown before its first full period", async () => {
  const run = await replayOf(WRITTEN, { window: "2s", sample: "1s", estimator: { name: "abit-scan" } });
  // Scans at 2, 4 and 6 s: {0, 1, 600}, {0}, {1}.
  expect(textOf(run, timelineTable, ["time", "activeReported"])).toBe("0 -\n1 -\n2 3\n3 3\n4 1\n5 1\n6 1");
});
