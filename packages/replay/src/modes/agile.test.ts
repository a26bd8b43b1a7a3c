import { expect, test } from "vitest";
import { none } from "../cores/none.ts";
import { modeLaws } from "../translation/mode-laws.ts";
import { counted, event, row } from "../translation/testing.ts";
import { agile } from "./agile.ts";

modeLaws(agile, [
  "exits hidden fault",
  "exits page-table write",
  "exits ept violation",
  "hypervisor subtrees to nested",
  "hypervisor subtrees to shadow",
]);

const MS = 1e6;

/** Two writes to the table of a level above page 0: for level 1 of its neighbours' entries, above that of entries for new tables. */
function twoWrites(level: number, gapNs: number) {
  const step = 512 ** (level - 1);
  const map = (vpn: number, ns: number) => event("map", { vpn, ppn: 100 + vpn / step, ns });
  return [row(0, 1), map(step, MS), map(2 * step, MS + gapNs), row(0, 1, { ns: MS + gapNs })];
}
/** The pages that the mappings are about are known to the trace. */
const laterRows = (level: number, ns: number) => [1, 2].map((k) => row(k * 512 ** (level - 1), 100 + k, { ns }));

test("a walk switches where a table was written twice: 8, 12, 16, 20 references", () => {
  const walks = [1, 2, 3, 4].map((level) => {
    const steps = [...twoWrites(level, 10 * MS), ...laterRows(level, 20 * MS)];
    const counters = counted(steps, none, agile);
    return Object.entries(counters)
      .filter(([name]) => /^walks \d/.test(name))
      .map(([name, n]) => `${n} × ${name.split(" ")[1]}`);
  });
  expect(walks).toEqual([8, 12, 16, 20].map((references) => ["1 × 4", `3 × ${references}`]));
});

test("writes further apart than the interval leave a table in shadow", () => {
  expect(counted([...twoWrites(1, 1001 * MS), ...laterRows(1, 1002 * MS)], none, agile)).toMatchObject({ "walks 4 references": 4 });
});

test("an interval without a write brings a subtree back to shadow", () => {
  const steps = [...twoWrites(1, 10 * MS), ...laterRows(1, 20 * MS), row(0, 1, { ns: 1999 * MS }), row(0, 1, { ns: 2001 * MS })];
  expect(counted(steps, none, agile)).toMatchObject({
    "walks 8 references": 4,
    "walks 4 references": 2,
    "hypervisor subtrees to nested": 1,
    "hypervisor subtrees to shadow": 1,
  });
});

test("faults and writes in a nested subtree do not exit", () => {
  const before = [...twoWrites(1, 10 * MS), row(1, 101, { ns: 20 * MS }), row(2, 102, { ns: 20 * MS })];
  const after = [...before, event("fault", { ns: 21 * MS }), row(3, 103, { ns: 22 * MS })];
  const [one, other] = [before, after].map((steps) => counted(steps, none, agile));
  for (const reason of ["hidden fault", "page-table write", "reflected fault"])
    expect(other[`exits ${reason}`]).toBe(one[`exits ${reason}`]);
  expect(other["exits ept violation"]).toBe(one["exits ept violation"] + 1);
});
