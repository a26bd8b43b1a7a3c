import { oracleTable, oracleTimeTable, rightSizeTable, workingSetTable, type Trace } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { rightsize, type RightsizePlan } from "./rightsize.ts";
import { scenarioSchema } from "./scenario.ts";
import { lines, textOf, touchesOf, traceOf, type Touch } from "./testing.ts";

const needsOf = (trace: Trace, more: Partial<RightsizePlan> = {}, scenario: object = {}) =>
  rightsize({
    scenario: scenarioSchema.parse({ vms: trace.manifest.vms.map(({ name }) => ({ trace: "t", vm: name })), ...scenario }),
    open: () => trace,
    windowsNs: [],
    stallsNs: [],
    pageInNs: 1e9,
    extra: 0.05,
    tool: "test",
    progress: () => {},
    ...more,
  });

describe("a trace by hand: page 0 read all the time, page 7 written at 1 and 9 s, page 3 once", () => {
  const touches = touchesOf("0 0 R · 1 7 W · 2 0 R · 4 3 R · 4 0 R · 6 0 R · 8 0 R · 9 7 W · 10 0 R");
  const trace = traceOf({ touches, batchRows: 4 });
  const plan = { windowsNs: [2e9, 5e9, 10e9, 60e9], stallsNs: [0, 1e9, 2e9] };

  test("working sets of all, reads and writes; windows as long as the trace or longer are the whole trace", async () => {
    const text = textOf(await needsOf(trace, plan), workingSetTable, ["op", "window", "mean", "max", "time"]);
    // Window 2 s from 2 to 10 s: page 0 throughout, 7 for 1 + 1, 3 for 2. Window 5 s from 5 to 10 s: page 0, 7 for 1 + 1, 3 for 4.
    expect(text).toBe(
      lines(`
        all 2 1.5 2 1
        all 5 2.2 3 4
        all 10 3 3 4
        reads 2 1.25 2 4
        reads 5 1.8 2 4
        reads 10 2 2 4
        writes 2 0.25 1 1
        writes 5 0.4 1 1
        writes 10 1 1 1`),
    );
  });

  test("says which windows are none", async () => {
    const { manifest } = await needsOf(trace, plan);
    expect(manifest.assumed).toContain("windows of 10 s, 60 s: the trace spans 10 s; they are all of it");
  });

  test("sizes: what memory for two pages, and for one, would have cost", async () => {
    const text = textOf(await needsOf(trace, plan), rightSizeTable, ["basis", "window", "pages", "misses", "pageIns", "stall"]);
    expect(text).toContain("touched - 3 3 0 0");
    // Page 7 comes back after 3 and 0: in memory for two it is read again.
    expect(text).toContain("no page-ins - 3 3 0 0");
    expect(text).toContain("live max - 3 3 0 0");
    expect(text).toContain("working set max 2 2 4 1 1");
    expect(text).toContain("working set mean 2 2 4 1 1");
    expect(text).toContain("working set max 5 3 3 0 0");
  });

  test("the oracle takes page 3 after 4 s and 7 between its writes", async () => {
    const run = await needsOf(trace, plan);
    // Consumed: 10 + 9 + 6 page seconds of 10 s. Never again: 3 from 4 s, 7 from 9 s on. The longest gap is 8 s, then 2 s.
    expect(textOf(run, oracleTable, ["stall", "pageIns", "consumed", "held", "saved", "size"])).toBe(
      lines(`
        0 0 2.5 1.8 0.7 3
        1 1 2.5 1 1.5 2
        2 2 2.5 0.8 1.7 2`),
    );
    const times = textOf(run, oracleTimeTable, ["time", "consumed", "neverAgain"]).split("\n");
    expect([times[0], times.find((line) => line.startsWith("4 ")), times.at(-1)]).toEqual(["0 1 0", "4 3 1", "10 3 3"]);
  });
});

test("VMs apart, configured memory where it is known, and accesses beyond it take no part", async () => {
  const touches: Touch[] = [
    { s: 0, ppn: 0, op: "R", vm: 0 },
    { s: 1, ppn: 0, op: "W", vm: 1 },
    { s: 2, ppn: 600, op: "R", vm: 0 },
    { s: 3, ppn: 4, op: "R", vm: 1 },
    { s: 4, ppn: 0, op: "R", vm: 0 },
  ];
  const run = await needsOf(traceOf({ vms: ["a", "b"], touches, configuredPages: 512 }), { windowsNs: [1e9] });
  const text = textOf(run, rightSizeTable, ["vm", "basis", "pages"]);
  expect(text).toContain("a configured 512");
  expect([text.includes("a touched 1"), text.includes("b touched 2")]).toEqual([true, true]);
  expect(
    textOf(run, workingSetTable, ["vm", "op", "window", "max"])
      .split("\n")
      .filter((line) => line.includes("all")),
  ).toEqual(["a all 1 1", "a all 4 1", "b all 1 1", "b all 4 2"]);
  expect(run.manifest.vms.map(({ outsideMemoryAccesses }) => outsideMemoryAccesses)).toEqual([1, 0]);
});

test("windows are those of the ladder and that of active memory; reported active is priced from its first figure on", async () => {
  const touches = Array.from({ length: 41 }, (_, i): Touch => ({ s: i / 2, ppn: i % 10, op: "R" }));
  const run = await needsOf(traceOf({ touches, configuredPages: 10 }), {}, { window: "3s", estimator: { name: "abit-scan" } });
  const windows = textOf(run, workingSetTable, ["op", "window"])
    .split("\n")
    .flatMap((line) => (line.startsWith("all") ? [line.slice(4)] : []));
  expect(windows).toEqual(["0.2", "0.5", "1", "2", "3", "5", "10", "20"]);
  const sizes = textOf(run, rightSizeTable, ["basis", "window", "pages"]).split("\n");
  // 3 s hold six touches, each of another page, the first with the origin seven; shorter windows than that of active memory size nothing.
  expect(sizes).toContain("reported max 3 7");
  expect(sizes).toContain("working set max 3 6");
  expect(sizes.some((line) => line.startsWith("working set max 2 "))).toBe(false);
});

test("one access: the whole trace alone, nothing over time", async () => {
  const run = await needsOf(traceOf({ touches: touchesOf("3 0 R") }));
  expect(textOf(run, workingSetTable, ["op", "window", "mean", "max", "time"])).toBe("all 0 1 1 3\nreads 0 1 1 3\nwrites 0 0 0 -");
  expect(textOf(run, oracleTable, ["stall"])).toBe("");
  expect(textOf(run, oracleTimeTable, ["time", "consumed", "neverAgain"])).toBe("3 1 1");
});

test("no accesses, and a stall that allows more page-ins than can be kept, are refused", async () => {
  await expect(needsOf(traceOf({ touches: [] }))).rejects.toThrow("no accesses to replay");
  await expect(needsOf(traceOf({ touches: touchesOf("0 0 R · 9 0 R") }), { stallsNs: [1e9], pageInNs: 1 })).rejects.toThrow(
    "a stall of 1 s is 1,000,000,000 page-ins of 1 ns, more than can be kept; allow less",
  );
});

test("what cannot be is refused before anything is replayed", async () => {
  const trace = traceOf({ touches: touchesOf("0 0 R · 9 0 R") });
  let begun = 0;
  const read = { ...trace, accesses: () => (begun++, trace.accesses()) };
  await expect(needsOf(read, { stallsNs: [1e9], pageInNs: 1 })).rejects.toThrow("more than can be kept");
  expect(begun).toBe(0);
  await needsOf(read);
  expect(begun).toBe(2);
});

test("progress reaches the end over both passes", async () => {
  const seen: string[] = [];
  await needsOf(traceOf({ touches: touchesOf("0 0 R · 1 0 R · 2 0 R"), batchRows: 2 }), {
    progress: (done, total) => seen.push(`${done}/${total}`),
  });
  expect(seen.slice(-3)).toEqual(["3/6", "5/6", "6/6"]);
});
