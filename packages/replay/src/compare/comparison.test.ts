import { caseParametersTable, casesTable, differencesTable, InputError, type Run } from "@tidemark/data";
import { expect, test } from "vitest";
import { scenarioSchema } from "../scenario.ts";
import { lines, replayOf, textOf, touchesOf, traceOf } from "../testing.ts";
import { figuresOf } from "./case-figures.ts";
import { checkScenario } from "./check-scenario.ts";
import { comparisonOf, type ComparedCase } from "./comparison.ts";

/** Eight pages written, then the first six read again. */
const TRACE = {
  touches: touchesOf("1 0 W · 2 1 W · 3 2 W · 4 3 W · 5 4 W · 6 5 W · 7 6 W · 8 7 W · 9 0 R · 10 1 R · 11 2 R · 12 3 R · 13 4 R · 14 5 R"),
  configuredPages: 16,
};
const SCENARIO = { window: "4s", sample: "1s" };
const HOSTED = { ...SCENARIO, share: "off", balloon: "off", compress: "off" };
const host = (pages: number) => ({ memory: `${pages * 4}KiB`, minFree: "4KiB", overheadPerVm: "0" });

const compared = (name: string, { manifest, tables }: Run, text = name): ComparedCase => ({
  name,
  parameters: [{ path: "host.memory", text }],
  manifest,
  figures: figuresOf({ manifest, tables }),
  failed: "",
});
const FAILED: ComparedCase = { name: "none", parameters: [], manifest: undefined, figures: undefined, failed: "too little" };

test("memory is the mean that is held, waiting the sum at the scenario's costs, and both are taken from the baseline's", async () => {
  const ample = await replayOf(TRACE, { ...HOSTED, host: host(20), stallCosts: { firstTouch: "1us", zeroing: 0 } });
  const run = comparisonOf([compared("ample", ample), FAILED], "ample");
  // Samples at 1 … 14 s: 1, 2, … 8 pages, then 8 six times: 84 / 14.
  expect(textOf(run, casesTable, ["case", "role", "failed", "machine", "span", "consumed", "saved", "stall", "swapin", "dominated"])).toBe(
    lines(`ample baseline "" 20 13 6 0 8000 0 ""
           none "" too little - - - - - - ""`),
  );
  expect(textOf(run, caseParametersTable, ["case", "parameter", "value"])).toBe("ample host.memory ample");
});

test("every VM stands beside itself in the baseline", async () => {
  const ample = await replayOf(TRACE, { ...HOSTED, host: host(20) });
  const small = await replayOf(TRACE, { ...HOSTED, host: host(6), swap: { policy: "lru" } });
  const run = comparisonOf([compared("small", small), compared("ample", ample)], "ample");
  const [row] = textOf(run, differencesTable, ["case", "vm", "saved", "stallMore", "swapin", "swapinMore"]).split("\n");
  const [name, vm, saved, stallMore, swapin, swapinMore] = (row ?? "").split(" ");
  expect([name, vm]).toEqual(["small", "vm"]);
  expect(Number(saved)).toBeGreaterThan(0);
  expect(Number(swapin)).toBeGreaterThan(0);
  expect(swapinMore).toBe(swapin);
  const stallOf = (each: Run): number => figuresOf(each)?.vms[0]?.stall ?? NaN;
  expect(Number(stallMore)).toBe(stallOf(small) - stallOf(ample));
  expect(textOf(run, differencesTable, ["case", "saved", "stallMore", "swapinMore"]).split("\n")[1]).toBe("ample 0 0 0");
});

test("waits and swap-ins after the last sample are in the figures", async () => {
  const small = { ...HOSTED, host: host(6), swap: { policy: "lru" } };
  // Samples at 1, 11 s of 1 … 14 s, or one at the very end: the same was played.
  const [figures, whole] = [await replayOf(TRACE, { ...small, sample: "10s" }), await replayOf(TRACE, small)].map(figuresOf);
  expect(figures?.vms[0]?.swapin).toBe(6);
  expect([figures?.vms[0]?.swapin, figures?.vms[0]?.stall]).toEqual([whole?.vms[0]?.swapin, whole?.vms[0]?.stall]);
});

test("the error of reported active memory is the mean of its distances, where there is a report", async () => {
  const run = await replayOf(TRACE, SCENARIO);
  const figures = figuresOf(run);
  const [active, reported] = ["active", "activeReported"].map((column) => textOf(run, run.tables[0].spec, [column]).split("\n"));
  const known = reported.flatMap((text, i) => (text === "-" ? [] : [Math.abs(Number(text) - Number(active[i]))]));
  expect(known.length).toBeGreaterThan(3);
  expect(figures?.vms[0]?.activeError).toBeCloseTo(known.reduce((sum, each) => sum + each, 0) / known.length);
  expect(figures?.machine).toBeNaN();
});

test("cycles are those of the one way of translating; of several they are not known", async () => {
  const translation = (modes: readonly string[]) => ({ ...SCENARIO, translation: { modes } });
  const one = figuresOf(await replayOf(TRACE, translation(["nested"])));
  expect(one?.vms[0]?.cycles).toBeGreaterThan(0);
  expect(figuresOf(await replayOf(TRACE, translation(["nested", "shadow"])))?.vms[0]?.cycles).toBeNaN();
  expect(figuresOf(await replayOf(TRACE, SCENARIO))?.vms[0]?.cycles).toBeNaN();
});

test("a VM that the baseline does not have has no differences", async () => {
  const two = {
    ...TRACE,
    vms: ["a", "b"],
    touches: [...TRACE.touches, ...TRACE.touches.map((touch) => ({ ...touch, vm: 1 }))].toSorted((x, y) => x.s - y.s),
  };
  const both = await replayOf(two, SCENARIO);
  const alone = await replayOf(two, { ...SCENARIO, vms: ["a"] });
  const run = comparisonOf([compared("alone", alone), compared("both", both)], "alone");
  expect(textOf(run, differencesTable, ["case", "vm", "saved", "stallMore"])).toBe(
    lines(`alone a 0 0
           both a 0 0
           both b - -`),
  );
});

test("runs of different versions are said to be", async () => {
  const run = await replayOf(TRACE, SCENARIO);
  const older = { ...run, manifest: { ...run.manifest, tool: "tidemark 0.0.9" } };
  const assumedOf = (other: Run): readonly string[] => comparisonOf([compared("new", run), compared("old", other)], "new").manifest.assumed;
  expect(assumedOf(older)).toEqual([
    `the runs were made by ${run.manifest.tool} and tidemark 0.0.9: a difference may come of that, not of the cases`,
    ...assumedOf(run),
  ]);
});

test("a run without samples of memory has no figures", async () => {
  const { manifest } = await replayOf(TRACE, SCENARIO);
  expect(figuresOf({ manifest, tables: [] })).toBeUndefined();
});

test("what a replay would refuse is refused before", async () => {
  const open = () => traceOf(TRACE);
  const scenario = (rest: object) => scenarioSchema.parse({ vms: [{ trace: "t" }], ...rest });
  await expect(checkScenario(scenario({ ...HOSTED, host: host(20) }), open)).resolves.toBeUndefined();
  for (const [rest, message] of [
    [{ host: host(4), vms: [{ trace: "t", reservation: "64KiB" }] }, /needs 0\.1 MiB of reservation/],
    [{ host: host(20), swap: { policy: "belady" } }, /needs the future of the trace/],
    [{ span: "5s" }, /^span: /],
    [{ balloon: "off" }, /^balloon: acts on a host of finite memory/],
    [{ vms: [{ trace: "t", vm: "x" }] }, /has no VM "x"/],
  ] as const) {
    await expect(checkScenario(scenario(rest), open)).rejects.toThrow(message);
    await expect(checkScenario(scenario(rest), open)).rejects.toBeInstanceOf(InputError);
  }
});
