import fc from "fast-check";
import { expect, test } from "vitest";
import { CLEAR, HARD, HIGH, LOW, SOFT, STATE_RULES } from "./memory-state.ts";
import { allocatedPages, balance, balloonCap, memoryForVms, type BalancedVm, type Pressure } from "./targets.ts";

const host = (given: Partial<Pressure>): Pressure => ({
  state: HIGH,
  freePages: 5000,
  minFreePages: 1000,
  margin: 0.1,
  idleTax: 0.75,
  ...given,
});
const vm = (given: Partial<BalancedVm>): BalancedVm => ({
  shares: 1000,
  activePages: 0,
  reservationPages: 0,
  limitPages: 1e6,
  allocatedPages: 2000,
  canBalloon: true,
  balloonPages: 0,
  balloonCapPages: 1300,
  ...given,
});

/** target excess balloon page-out blocked reason, a line per VM. */
const plan = (pressure: Pressure, ...vms: readonly BalancedVm[]): readonly string[] =>
  balance(pressure, vms).vms.map(
    ({ targetPages, excessPages, balloonPages, pageOutPages, blocked, reason }) =>
      `${targetPages} -${excessPages} balloon ${balloonPages} out ${pageOutPages}${blocked ? " blocked" : ""} ${reason}`,
  );

test("in high and clear nobody gives but what is above the limit, however little is free", () => {
  const over = vm({ limitPages: 1500 });
  for (const state of [HIGH, CLEAR])
    expect(plan(host({ state, freePages: 900 }), vm({}), over)).toEqual([
      "2000 -0 balloon 0 out 0 none",
      "1500 -500 balloon 500 out 0 limit",
    ]);
});

test("the excess over the limit that the balloon cannot take is paged out", () => {
  expect(plan(host({}), vm({ limitPages: 500 }))).toEqual(["500 -1500 balloon 1300 out 200 limit"]);
  expect(plan(host({}), vm({ limitPages: 500, canBalloon: false }))).toEqual(["500 -1500 balloon 0 out 1500 limit"]);
  expect(plan(host({}), vm({ limitPages: 1900, balloonPages: 1250 }))).toEqual(["1900 -100 balloon 1300 out 50 limit"]);
});

test("without excess a balloon deflates in high while enough is free, and is held otherwise", () => {
  const held = vm({ balloonPages: 300 });
  expect(plan(host({ freePages: 1101 }), held)).toEqual(["2000 -0 balloon 0 out 0 none"]);
  expect(plan(host({ freePages: 1100 }), held)).toEqual(["2000 -0 balloon 300 out 0 none"]);
  expect(plan(host({ state: CLEAR, freePages: 1101 }), held)).toEqual(["2000 -0 balloon 300 out 0 none"]);
  expect(plan(host({ state: SOFT, freePages: 1101 }), held)).toEqual(["2000 -0 balloon 300 out 0 none"]);
  // A cap that has shrunk below the balloon is kept to.
  expect(plan(host({ state: CLEAR }), vm({ balloonPages: 1400 }))).toEqual(["2000 -0 balloon 1300 out 0 none"]);
});

test("soft fills the need by balloons, and pages out only where none can act", () => {
  const soft = host({ state: SOFT, freePages: 500 }); // 1100 are aimed at: 600 are needed
  expect(plan(soft, vm({}), vm({ canBalloon: false }))).toEqual(["1700 -300 balloon 300 out 0 need", "1700 -300 balloon 0 out 300 need"]);
  expect(plan(soft, vm({ balloonPages: 1200 }), vm({ canBalloon: false }))).toEqual([
    "1700 -300 balloon 1300 out 200 need",
    "1700 -300 balloon 0 out 300 need",
  ]);
});

test("in hard balloons stand still and all excess is paged out; in low who is above the target waits as well", () => {
  const busy = vm({ activePages: 2000, balloonPages: 70 });
  expect(plan(host({ state: HARD, freePages: 200 }), vm({ balloonPages: 50 }), busy)).toEqual([
    "1100 -900 balloon 50 out 900 need",
    "2000 -0 balloon 70 out 0 none",
  ]);
  expect(plan(host({ state: LOW, freePages: 100 }), vm({ balloonPages: 1400 }), busy)).toEqual([
    "1000 -1000 balloon 1400 out 1000 blocked need",
    "2000 -0 balloon 70 out 0 none",
  ]);
});

test("the reason says who is spared by a reservation, and what nobody can give is unmet", () => {
  const low = host({ state: LOW, freePages: 0 });
  const vms = [vm({ reservationPages: 2000 }), vm({ reservationPages: 1500, limitPages: 1900 }), vm({ limitPages: 1900, shares: 1e6 })];
  expect(plan(low, ...vms).map((line) => line.split(" ").at(-1))).toEqual(["reservation", "need", "need"]);
  const { needPages, unmetPages, aimPages } = balance(low, vms.slice(0, 2));
  expect({ needPages, unmetPages, aimPages }).toEqual({ needPages: 1100, unmetPages: 600, aimPages: 1100 });
  expect(balance(low, vms).unmetPages).toBe(0);
});

test("ρ is told as it was before anything is taken", () => {
  const { vms } = balance(host({ state: SOFT, freePages: 0 }), [vm({}), vm({ activePages: 2000 })]);
  expect(vms.map(({ rho }) => rho)).toEqual([0.125, 0.5]);
});

test("a balloon holds 65 % of the VM at most, and nothing of its reservation", () => {
  expect(balloonCap(1000, 0, 65)).toBe(650);
  expect(balloonCap(1001, 0, 65)).toBe(650);
  expect(balloonCap(1000, 400, 65)).toBe(600);
  expect(balloonCap(1000, 1000, 65)).toBe(0);
});

test("a VM is charged a k-th of what it shares, for a started page, and for its compression cache", () => {
  const charged = (zip: number, ...references: readonly (readonly [number, number])[]): number => allocatedPages(new Map(references), zip);
  expect(charged(3, [1, 10])).toBe(13);
  expect(charged(3, [1, 10], [2, 1])).toBe(14);
  expect(charged(0, [4, 25_600])).toBe(6400); // 100 MB shared by four VMs: 25 MB each
  // Thirds and sixths of a page that make up a whole one are not a second one.
  expect(charged(0, [3, 1], [6, 4])).toBe(1);
  expect(charged(0, [12, 5], [20, 11], [30, 1])).toBe(1); // in floating point 1.0000000000000002
  expect(charged(0, [3, 1], [6, 4], [1_000_003, 1])).toBe(2);
  const primes = [2, 3, 5, 7, 11, 13];
  expect(charged(0, [1, 5e9], ...primes.map((k) => [k, 7e9 * k - 1] as const), ...primes.map((k) => [2 * k, 2] as const))).toBe(47e9);
});

test("what VMs share is what the hypervisor, their overhead and the free memory leave", () => {
  expect(memoryForVms(100_000, 5000, 900, 1000, 0.1)).toBe(93_000);
  expect(memoryForVms(1000, 500, 900, 1000, 0.1)).toBe(0);
});

const anyVm = fc
  .record({
    shares: fc.integer({ min: 1, max: 9000 }),
    activePages: fc.nat(3000),
    reservationPages: fc.nat(1000),
    room: fc.nat(3000),
    allocatedPages: fc.nat(3000),
    canBalloon: fc.boolean(),
    balloonPages: fc.nat(1000),
    balloonCapPages: fc.nat(1000),
  })
  .map(({ room, ...rest }): BalancedVm => ({ ...rest, limitPages: rest.reservationPages + room }));

test("laws of the balance", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: HIGH, max: LOW }),
      fc.nat(3000),
      fc.array(anyVm, { minLength: 1, maxLength: 6 }),
      (state, freePages, vms) => {
        const result = balance(host({ state, freePages }), vms);
        const given = result.vms.reduce((sum, { excessPages }) => sum + excessPages, 0);
        const overLimits = vms.reduce((sum, { allocatedPages, limitPages }) => sum + Math.max(0, allocatedPages - limitPages), 0);
        expect(given).toBe(Math.max(overLimits, result.needPages - result.unmetPages));
        if (state < SOFT) expect(result.needPages).toBe(0);
        result.vms.forEach(({ targetPages, excessPages, balloonPages, pageOutPages, blocked, reason }, v) => {
          const before = vms[v];
          expect(targetPages + excessPages).toBe(before.allocatedPages);
          expect(targetPages).toBeLessThanOrEqual(before.limitPages);
          expect(targetPages).toBeGreaterThanOrEqual(Math.min(before.reservationPages, before.allocatedPages));
          // The mechanisms together take the excess, each page by one of them.
          expect(Math.max(0, balloonPages - before.balloonPages) + pageOutPages).toBe(excessPages);
          if (balloonPages > before.balloonPages) expect(balloonPages).toBeLessThanOrEqual(before.balloonCapPages);
          if (!before.canBalloon || state >= HARD) expect(balloonPages).toBe(before.balloonPages);
          expect(blocked).toBe(state === LOW && excessPages > 0);
          expect(excessPages > 0).toBe(reason === "limit" || reason === "need");
          if (reason === "reservation") expect(STATE_RULES[state].fillsNeed).toBe(true);
        });
        // Free memory that the targets would bring about is what was aimed at, unless reservations forbid it.
        if (STATE_RULES[state].fillsNeed) expect(freePages + given + result.unmetPages).toBeGreaterThanOrEqual(result.aimPages);
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});
