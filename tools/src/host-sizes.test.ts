import { expect, test } from "vitest";
import { replayOf, type Touch } from "../../packages/replay/src/testing.ts";
import { sizesText, statesText } from "./host-sizes.ts";

const PAGE = 4096;
/** Two VMs of 40 pages that they touch in turn, on a host that has room for them or has not. */
const touches = [0, 5, 10].flatMap((s) =>
  [0, 1].flatMap((vm) => Array.from({ length: 40 }, (_, ppn): Touch => ({ s: s + vm, vm, ppn, op: "W" }))),
);
const onHost = async (pages: number, percent: number) => ({
  percent,
  run: await replayOf(
    { vms: ["a", "b"], touches, configuredPages: 40 },
    { host: { memory: pages * PAGE, minFree: 20 * PAGE, overheadPerVm: PAGE }, window: "2s", sample: "1s" },
  ),
});
const cells = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
const tablesOf = (text: string): string[][][] =>
  text
    .split("\n\n")
    .filter((part) => part.startsWith("|"))
    .map((part) => part.split("\n").map(cells));

test("four tables, a row per size, or per size and VM; what never happened is a dash", async () => {
  const text = sizesText([await onHost(200, 100), await onHost(93, 50)]);
  const [sizes, beginnings, reclaimed, waits, ...more] = tablesOf(text);
  expect(more).toEqual([]);
  expect(sizes[0]).toEqual(["memory for VMs", "host", "overhead", "minFree", "high", "clear", "soft", "hard", "low"]);
  expect(sizes[2]).toEqual(["100 %", "800 KiB", "8 KiB", "80 KiB", "100.0 %", "–", "–", "–", "–"]);
  const shares = sizes[3].slice(4).map((cell) => (cell.startsWith("<") ? 0 : Number.parseFloat(cell.replace("–", "0"))));
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
  expect(beginnings.slice(2).map(([size, , balloon]) => [size, balloon])).toEqual([
    ["100 %", "–"],
    ["50 %", expect.stringMatching(/^\d+\.\d\d s$/)],
  ]);
  expect(reclaimed[2].slice(1)).toEqual(["–", "–", "–", "–"]);
  expect(reclaimed[3][2]).toMatch(/^\d+(\.\d)? KiB \(\d+(\.\d)? KiB\)$/);
  // What nobody waited for, copies for one, has no column.
  expect(waits[0].slice(0, 4)).toEqual(["memory for VMs", "VM", "in all", "first touch of new memory"]);
  expect(waits[0]).not.toContain("copies of shared pages");
  expect(waits.slice(2).map(([size, vm]) => `${size} ${vm}`)).toEqual(["100 % a", "100 % b", "50 % a", "50 % b"]);
});

test("states alone, and no host, no tables", async () => {
  expect(tablesOf(statesText([await onHost(200, 87.5)]))).toHaveLength(1);
  const run = await replayOf({ touches: touches.filter(({ vm }) => vm === 0), configuredPages: 40 }, {});
  expect(() => statesText([{ percent: 100, run }])).toThrow("a run without a host");
});
