import fc from "fast-check";
import { expect, test } from "vitest";
import { breaksMetBlocks, HARD, HIGH, CLEAR, LOW, nextState, SOFT, STATE_RULES } from "./memory-state.ts";
import { thresholdsOf, type Thresholds } from "./min-free.ts";

const thresholds = thresholdsOf(1000, 100_000, 0.1);

/** States after each free memory in turn. */
const path = (start: number, limits: Thresholds, ...free: readonly number[]): string => {
  let state = start;
  return free.map((pages) => STATE_RULES[(state = nextState(state, pages, limits))].name).join(" ");
};

test("a state is entered below its threshold", () => {
  for (const [free, state] of [
    [1001, HIGH],
    [1000, HIGH],
    [999, CLEAR],
    [640, CLEAR],
    [639, SOFT],
    [320, SOFT],
    [319, HARD],
    [160, HARD],
    [159, LOW],
    [0, LOW],
  ])
    expect(nextState(HIGH, free, thresholds)).toBe(state);
});

test("a state is left a tenth above its threshold", () => {
  //                           enters, stays twice, leaves
  expect(path(HIGH, thresholds, 999, 1000, 1099, 1100)).toBe("clear clear clear high");
  expect(path(HIGH, thresholds, 639, 640, 703, 704)).toBe("soft soft soft clear");
  expect(path(HIGH, thresholds, 319, 320, 351, 352)).toBe("hard hard hard soft");
  expect(path(HIGH, thresholds, 159, 160, 175, 176)).toBe("low low low hard");
});

test("one step may pass several states, down and up", () => {
  expect(nextState(HIGH, 100, thresholds)).toBe(LOW);
  expect(nextState(LOW, 5000, thresholds)).toBe(HIGH);
  expect(nextState(LOW, 1099, thresholds)).toBe(CLEAR);
  expect(nextState(LOW, 640, thresholds)).toBe(SOFT); // not clear: soft is left at 704 only
  expect(nextState(CLEAR, 300, thresholds)).toBe(HARD);
});

test("the host of 2002 goes from high to soft and back", () => {
  const old = thresholdsOf("percent-2002", 10_000, 0.1);
  expect(path(HIGH, old, 500, 400, 399, 439, 440)).toBe("high high soft soft high");
});

test("what acts in which state", () => {
  const lines = STATE_RULES.map(({ name, scans, scansBrokenFirst, breaks, fillsNeed, balloon, blocks }) =>
    [
      name,
      scans ? (scansBrokenFirst ? "scan, broken first" : "scan") : "-",
      breaks,
      fillsNeed ? "need" : "limits",
      balloon,
      blocks ? "block" : "-",
    ].join(" | "),
  );
  expect(lines).toEqual([
    "high | scan | scarce | limits | deflates | -",
    "clear | scan, broken first | met | limits | holds | -",
    "soft | scan | met | need | holds | -",
    "hard | - | all | need | frozen | -",
    "low | - | all | need | frozen | block",
  ]);
});

test("in high, 2 MB blocks are broken below 400 % of minFree; in every other state always", () => {
  expect(breaksMetBlocks(HIGH, 4000, 1000, 400)).toBe(false);
  expect(breaksMetBlocks(HIGH, 3999, 1000, 400)).toBe(true);
  expect(breaksMetBlocks(HIGH, 3000, 1000, 300)).toBe(false);
  for (const state of [CLEAR, SOFT, HARD, LOW]) expect(breaksMetBlocks(state, 1e6, 1000, 400)).toBe(true);
});

test("laws of the next state, whatever the host, the hysteresis and the free memory", () => {
  const rules = fc.constantFrom("sliding" as const, "percent-2002" as const, 0, 3, 1000);
  fc.assert(
    fc.property(
      rules,
      fc.integer({ min: 2000, max: 2 ** 20 }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.integer({ min: HIGH, max: LOW }),
      fc.double({ min: 0, max: 0.2, noNaN: true }),
      fc.nat(100),
      (rule, hostPages, hysteresis, current, share, more) => {
        const limits = thresholdsOf(rule, hostPages, hysteresis);
        const free = Math.floor(share * hostPages);
        const next = nextState(current, free, limits);
        expect(nextState(next, free, limits)).toBe(next); // asked again, the same
        expect(nextState(current, free + more, limits)).toBeLessThanOrEqual(next); // more free memory, no worse state
        expect(next).toBeGreaterThanOrEqual(nextState(HIGH, free, limits)); // hysteresis only delays what is better
        expect(next).toBeLessThanOrEqual(nextState(LOW, free, limits));
        if (next > HIGH) expect(free).toBeLessThan(limits.leaveAt[next]);
        if (next > current) expect(free).toBeLessThan(limits.enterBelow[next]);
      },
    ),
    { seed: 1, numRuns: 1000 },
  );
});
