import { expect, test } from "vitest";
import { skylake } from "../cores/skylake.ts";
import { price, readCosts, type CountOf } from "../costs.ts";
import { nested } from "../modes/nested.ts";
import { shadowLazy } from "../modes/shadow-lazy.ts";
import { shadow } from "../modes/shadow.ts";
import type { Mode } from "../mode.ts";
import { seededRandom } from "../random.ts";
import { listCounters } from "./counters.ts";
import { event, row, translate, type Setting, type Step } from "./testing.ts";

// The orderings that Wang 2011 (VEE) and the vendors report, on traces made for them; default costs.
const costs = readCosts({});
const accessCycles = costs.access;

/** Cycles of a run of the trace's steady part: the whole less what the first `warm` steps cost. */
function cyclesOf(steps: readonly Step[], warm: number, mode: Mode, setting: Setting = {}): number {
  const total = (some: readonly Step[]): number => {
    const { counters } = translate(some, { ...setting, cores: [skylake], modes: [mode] }).translators[0];
    const list = listCounters(counters);
    const count: CountOf = (group, name) => list.find((c) => c.group === group && c.counter === name)?.value ?? 0;
    return price(count, costs).total + counters.accesses * accessCycles;
  };
  return total(steps) - total(steps.slice(0, warm));
}

const random = seededRandom(1, "orderings", "pages");
const KERNEL = 2 ** 52 - 4096;

/** A shell that starts processes: each maps pages one fault at a time, works on them a little and is gone. */
const processes = Array.from({ length: 40 }, (_, k) => k + 2).flatMap((space): Step[] => [
  event("switch", { space }),
  row(KERNEL, 9, { space, count: 500 }),
  ...Array.from({ length: 60 }, (_, page): Step[] => [
    event("fault"),
    row(KERNEL + (page % 16), 20 + (page % 16), { space, count: 300 }),
    row(page, 1000 + page, { space, kind: 1, count: 60 }),
  ]).flat(),
]);

/** Random accesses over far more pages than the TLB holds; the tables never change. */
const PAGES = 30_000;
const everyPage = Array.from({ length: PAGES }, (_, page) => row(page, page, { count: 3 }));
const misses = [
  ...everyPage,
  ...Array.from({ length: 60_000 }, () => Math.floor(random() * PAGES)).map((page) => row(page, page, { count: 3 })),
];

/** A program that stays within a few pages, with a system call now and then. */
const ordinary = Array.from({ length: 20_000 }, (_, i) =>
  i % 20 === 0 ? row(KERNEL + (i % 7), 5 + (i % 7), { count: 200 }) : row(Math.floor(random() * 300), 100, { count: 100 }),
).map((step) => (step.is === "row" && step.vpn < 300 ? { ...step, ppn: step.vpn + 100 } : step));

test("process creation: nested is several times faster than shadow", () => {
  const [s, lazy, n] = [shadow, shadowLazy, nested].map((mode) => cyclesOf(processes, 0, mode));
  expect(s / n).toBeGreaterThan(1.48);
  expect(s / n).toBeLessThan(7);
  expect(lazy).toBeLessThan(s);
  expect(lazy).toBeGreaterThan(n);
});

test("many TLB misses over tables that do not change: shadow is faster than nested", () => {
  const [s, n] = [shadow, nested].map((mode) => cyclesOf(misses, PAGES, mode));
  expect(n / s).toBeGreaterThan(1.1);
});

test("large pages take most of that away", () => {
  const gap = (setting: Setting): number => {
    const [s, n] = [shadow, nested].map((mode) => cyclesOf(misses, PAGES, mode, setting));
    return n / s - 1;
  };
  expect(gap({ guestPages: "2m", hostPages: "2m" })).toBeLessThan(gap({}) / 4);
});

test("a program that fits the TLB and leaves its tables alone shows no difference", () => {
  const [s, n] = [shadow, nested].map((mode) => cyclesOf(ordinary, 10_000, mode));
  expect(Math.abs(s / n - 1)).toBeLessThan(0.05);
});
