import fc from "fast-check";
import { expect, test } from "vitest";
import { entitlements, type Claim } from "./entitlement.ts";

const MB = 256;
const claim = (given: Partial<Claim>): Claim => ({ shares: 1000, activePages: 0, minPages: 0, maxPages: 1e6, ...given });
const total = (pages: readonly number[]): number => pages.reduce((all, one) => all + one, 0);

test("without tax memory is divided by shares alone (Waldspurger 2002 Fig. 7: 179 MB each)", () => {
  const idle = claim({ shares: 2560, activePages: 0, maxPages: 256 * MB });
  const busy = claim({ shares: 2560, activePages: 256 * MB, maxPages: 256 * MB });
  expect(entitlements([idle, busy], 358 * MB, 0).map((pages) => pages / MB)).toEqual([179, 179]);
  expect(entitlements([claim({ shares: 300 }), claim({ shares: 100 })], 1000, 0)).toEqual([750, 250]);
});

test("with the tax the idle VM keeps a quarter of what the busy one is worth", () => {
  const idle = claim({ activePages: 0 });
  const busy = claim({ activePages: 1e6 });
  expect(entitlements([idle, busy], 1000, 0.75)).toEqual([200, 800]);
  // The VMs of Fig. 7: the busy one is full at 256 MB and leaves the rest.
  const sized = [idle, busy].map((vm) => ({ ...vm, maxPages: 256 * MB, activePages: Math.min(vm.activePages, 256 * MB) }));
  expect(entitlements(sized, 358 * MB, 0.75).map((pages) => pages / MB)).toEqual([102, 256]);
});

test("of two VMs with equal shares, both above their active memory, P2 − P1 = τ(A2 − A1)", () => {
  for (const tax of [0, 0.25, 0.5, 0.75, 0.9]) {
    const [p1, p2] = entitlements([claim({ activePages: 200 }), claim({ activePages: 1000 })], 8000, tax);
    expect(p2 - p1).toBeCloseTo(tax * 800, 9);
    expect(p1 + p2).toBe(8000);
  }
});

test("a VM at a bound leaves the rest to the others, and is left out of their division", () => {
  const [a, b] = [claim({ shares: 100 }), claim({ shares: 200 })];
  expect(entitlements([a, b, claim({ shares: 700, maxPages: 100 })], 1000, 0)).toEqual([300, 600, 100]);
  expect(entitlements([a, b, claim({ shares: 1, minPages: 400 })], 1000, 0)).toEqual([200, 400, 400]);
  expect(entitlements([a, claim({ shares: 200, maxPages: 250 }), claim({ shares: 1, minPages: 400 })], 1000, 0)).toEqual([350, 250, 400]);
});

test("if the maxima fit, all have them; if the minima do not fit, all have their minima", () => {
  const vms = [claim({ minPages: 10, maxPages: 300 }), claim({ minPages: 20, maxPages: 500 })];
  expect(entitlements(vms, 800, 0.75)).toEqual([300, 500]);
  expect(entitlements(vms, 9999, 0.75)).toEqual([300, 500]);
  expect(entitlements(vms, 30, 0.75)).toEqual([10, 20]);
  expect(entitlements(vms, 0, 0.75)).toEqual([10, 20]);
  expect(entitlements([], 100, 0.75)).toEqual([]);
});

test("odd pages go to the largest remainder, and to the earlier VM where remainders are equal", () => {
  const equal = Array.from({ length: 3 }, () => claim({ shares: 7 }));
  expect(entitlements(equal, 100, 0)).toEqual([34, 33, 33]);
  expect(entitlements(equal, 101, 0)).toEqual([34, 34, 33]);
  expect(entitlements([claim({ shares: 1 }), claim({ shares: 2 })], 100, 0)).toEqual([33, 67]); // 33.3, 66.7
  expect(entitlements([claim({ shares: 2 }), claim({ shares: 1 })], 100, 0)).toEqual([67, 33]);
});

test("a tie is a tie though one VM's half page is computed with tax and the other's without", () => {
  let wrong = 0;
  for (const tax of [0.1, 0.3, 0.7, 0.9]) {
    const idle = claim({});
    const busy = claim({ shares: 1000 * (1 - tax), activePages: 1e6 });
    for (let odd = 101; odd < 2000; odd += 2)
      for (const vms of [
        [idle, busy],
        [busy, idle],
      ]) {
        const [first, second] = entitlements(vms, odd, tax);
        if (first !== second + 1) wrong++;
      }
  }
  expect(wrong).toBe(0);
});

test("refuses a tax of everything", () => {
  expect(() => entitlements([claim({})], 1, 1)).toThrow("bug: idle tax 1");
});

const anyClaim = fc
  .record({ shares: fc.integer({ min: 1, max: 100_000 }), active: fc.nat(4000), min: fc.nat(3000), more: fc.nat(3000) })
  .map(({ shares, active, min, more }): Claim => ({ shares, activePages: active, minPages: min, maxPages: min + more }));

test("laws of the division", () => {
  fc.assert(
    fc.property(
      fc.array(anyClaim, { minLength: 1, maxLength: 8 }),
      fc.nat(30_000),
      fc.constantFrom(0, 0.3, 0.75, 0.99),
      (vms, pages, tax) => {
        const got = entitlements(vms, pages, tax);
        const minima = total(vms.map((vm) => vm.minPages));
        const maxima = total(vms.map((vm) => vm.maxPages));
        expect(total(got)).toBe(Math.max(minima, Math.min(pages, maxima)));
        got.forEach((given, v) => {
          expect(given).toBe(Math.round(given));
          expect(given).toBeGreaterThanOrEqual(vms[v].minPages);
          expect(given).toBeLessThanOrEqual(vms[v].maxPages);
        });
        // ρ is one number for all that are not at a bound; who is below it stands at the maximum, who is above it at the minimum.
        const rho = ({ shares, activePages }: Claim, held: number): number =>
          shares / (Math.min(held, activePages) + Math.max(0, held - activePages) / (1 - tax));
        got.forEach((held, v) => {
          got.forEach((other, w) => {
            const mayTake = held < vms[v].maxPages && other > vms[w].minPages;
            if (mayTake && held >= 1 && other >= 1) expect(rho(vms[v], held + 1)).toBeLessThanOrEqual(rho(vms[w], other - 1) * (1 + 1e-9));
          });
        });
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

test("shares count as ratios, and VMs of one kind get the same but for an odd page", () => {
  fc.assert(
    fc.property(fc.array(anyClaim, { minLength: 1, maxLength: 6 }), fc.nat(20_000), (vms, pages) => {
      const got = entitlements(vms, pages, 0.75);
      const scaled = vms.map((vm) => ({ ...vm, shares: 8 * vm.shares }));
      expect(entitlements(scaled, pages, 0.75)).toEqual(got);
      const twice = entitlements([...vms, ...vms], 2 * pages, 0.75);
      vms.forEach((_, v) => {
        expect(Math.abs(twice[v] - twice[v + vms.length])).toBeLessThanOrEqual(1);
        expect(Math.abs(twice[v] - got[v])).toBeLessThanOrEqual(1);
      });
    }),
    { seed: 1, numRuns: 300 },
  );
});
