import { InputError, type TracedPpns } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { instantOf, markersOf, peakOf } from "./instants.ts";
import { traceOf } from "./testing.ts";

/** `ppn@first` pairs, in order of first touch. */
function ppnsOf(text: string): TracedPpns {
  const pairs = text === "" ? [] : text.split(" ").map((pair) => pair.split("@").map(Number));
  return {
    ppn: Uint32Array.from(pairs, ([ppn]) => ppn),
    firstNs: Float64Array.from(pairs, ([, first]) => first),
    lastNs: new Float64Array(pairs.length),
  };
}

describe("the first instant of maximal consumed memory", () => {
  test.each([
    // pages, first touch     4 KB  2 MB
    ["", NaN, NaN],
    ["0@5", 5, 5],
    ["0@5 1@7", 7, 5],
    ["0@5 512@7 513@9", 9, 7],
    ["0@5 512@7 1@9 1023@9", 9, 7],
    ["0@5 1024@7 600@8", 8, 8], // PPN 1024 is beyond the 1,024 configured pages
    ["1024@7", NaN, NaN],
    ["700@3 0@3", 3, 3],
  ])("of pages first touched %s: %d with 4 KB, %d with 2 MB backing", (text, small, large) => {
    expect(peakOf(ppnsOf(text), 1024, 1)).toBe(small);
    expect(peakOf(ppnsOf(text), 1024, 512)).toBe(large);
  });
});

test("markers are found with their VM", async () => {
  const trace = traceOf({
    vms: ["a", "b"],
    touches: [],
    told: [
      { s: 1, event: "alloc", ppn: 3, value: 9 },
      { s: 2, event: "mark", value: 11, vm: 1 },
      { s: 3, event: "mark", value: 12 },
    ],
    batchRows: 2,
  });
  expect(await markersOf(trace)).toEqual([
    { timeNs: 2e9, vm: 1, id: 11 },
    { timeNs: 3e9, vm: 0, id: 12 },
  ]);
});

describe("the instant that is asked for", () => {
  const own = [{ timeNs: 6e9, vm: 0, id: 11 }];
  const all = [
    { timeNs: 1e9, vm: 1, id: 5 },
    { timeNs: 4e9, vm: 1, id: 11 },
    ...own,
    { timeNs: 7e9, vm: 1, id: 12 },
    { timeNs: 10e9, vm: 1, id: 20 },
    { timeNs: 12e9, vm: 1, id: 98 },
  ];
  const ask = (asked: string, peakNs = 8e9, markers = own) => instantOf(asked, { name: "a", peakNs, markers }, all, 2e9, 10e9);

  test.each([
    ["end", 10e9],
    ["peak", 8e9],
    ["6.5s", 6.5e9],
    ["2s", 2e9],
    ["10s", 10e9],
    ["mark:11", 6e9], // its own, not the other VM's earlier one
    ["mark:12", 7e9],
    ["mark:20", 10e9],
    ["mark:5", 2e9], // before the first access there is nothing to see
  ])("%s is at %d ns", (asked, timeNs) => {
    expect(ask(asked)).toBe(timeNs);
  });

  test("a VM without accesses has its peak at the end", () => {
    expect(ask("peak", NaN)).toBe(10e9);
  });

  test.each([
    ["mark:13", "--at mark:13: the trace has no such marker; it has 5, 11, 12, 20, 98"],
    ["mark:98", "--at mark:98: marker 98 comes after the last access; the trace ends at 10 s"],
    ["1.9s", "--at 1.9s: outside the trace, whose accesses run from 2 s to 10 s"],
    ["10001ms", "--at 10001ms: outside the trace, whose accesses run from 2 s to 10 s"],
    ["mark:", '--at: "mark:" is not a time'],
    ["last", '--at: "last" is not a time'],
    ["6.5", '--at: "6.5" is not a time'],
  ])("%s is refused", (asked, message) => {
    expect(() => ask(asked)).toThrow(message);
    expect(() => ask(asked)).toThrow(InputError);
  });

  test("a trace without markers says so", () => {
    const nobody = { name: "a", peakNs: 1, markers: [] };
    expect(() => instantOf("mark:1", nobody, [], 0, 1)).toThrow(new InputError("--at mark:1: the trace has no such marker; it has none"));
  });
});
