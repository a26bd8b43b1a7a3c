import { find, readParams } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { loopMixPages, phasePages, zipfPages } from "../page-traces.ts";
import { policies } from "../policies.ts";
import type { CompetingPages } from "./competing-pages.ts";
import { policyCurve, type PolicyAnswer } from "./policy-curve.ts";

const PAGES = 16_384;
const SEEDS = [1, 2, 3, 4, 5, 6];
const SIZES = [1600, 4000, 9000];
const RATE = 0.1;

const families = { zipf: zipfPages(PAGES, 250_000), loopmix: loopMixPages(PAGES, 250_000), phases: phasePages(PAGES, 250_000) };

async function answerOf(touched: Uint32Array, name: string, rate?: number, seed = 1): Promise<PolicyAnswer> {
  const present = new Uint32Array(new Set(touched)).sort();
  const pages: CompetingPages = {
    vm: "",
    pageCount: PAGES,
    distinct: present.length,
    present: async () => present,
    references: touched.length,
    accesses: touched.length,
    firstOf: [0],
  };
  const policy = find("policy", policies, name);
  const counted = await policyCurve({ label: name, policy, params: readParams(name, policy.params, {}) }, pages, SIZES, rate, seed);
  const cut = touched.length >>> 1;
  counted.step(touched.subarray(0, cut), cut);
  counted.step(touched.subarray(cut), touched.length - cut);
  return counted.finish();
}

/** How far the sampled misses are off at each size: on average over the seeds, and at most, as shares of the exact ones. */
async function errorsOf(family: keyof typeof families, name: string): Promise<readonly { readonly mean: number; readonly most: number }[]> {
  const exact = (await answerOf(families[family], name)).points;
  const answers: PolicyAnswer[] = [];
  for (const seed of SEEDS) answers.push(await answerOf(families[family], name, RATE, seed));
  return exact.map(({ misses }, s) => {
    const errors = answers.map(({ points }) => (points[s]?.misses ?? NaN) / misses - 1);
    return { mean: errors.reduce((sum, error) => sum + error, 0) / errors.length, most: Math.max(...errors.map(Math.abs)) };
  });
}

describe("on a tenth of the pages, in memories of a tenth", () => {
  test.each(["fifo", "clock", "lfu", "arc", "2q", "belady"] as const)("%s misses nearly as on all of them", async (name) => {
    for (const family of ["zipf", "loopmix"] as const)
      for (const { mean, most } of await errorsOf(family, name)) {
        expect([family, Math.abs(mean) < 0.05]).toEqual([family, true]);
        expect([family, most < 0.16]).toEqual([family, true]);
      }
  });

  test("what is said of it: how many pages, no band, and less is not enough for sieve, whose hand does not scale", async () => {
    const { points, sampledPages, all } = await answerOf(families.phases, "sieve", RATE);
    expect([sampledPages, all]).toEqual([Math.ceil(PAGES * RATE), []]);
    for (const { low, high } of points) expect([low, high]).toEqual([NaN, NaN]);
    const [{ mean }] = await errorsOf("phases", "sieve");
    expect(mean).toBeLessThan(-0.15);
  });

  test("the smallest memories of the bound are nearly those of all pages", async () => {
    const pageIns = [0, 10_000, 40_000];
    const [exact, sampled] = [await answerOf(families.zipf, "belady"), await answerOf(families.zipf, "belady", RATE)];
    const [truth, found] = [exact, sampled].map(({ least }) => least?.(pageIns).map(({ pages }) => pages) ?? []);
    pageIns.forEach((_, i) => expect(Math.abs((found?.[i] ?? NaN) / (truth?.[i] ?? NaN) - 1)).toBeLessThan(0.15));
  });
});

test("with every page in the sample any policy misses as it does without", async () => {
  for (const name of ["fifo", "belady", "arc"]) {
    const [whole, sampled] = [await answerOf(families.zipf, name), await answerOf(families.zipf, name, 1)];
    expect(sampled.points).toEqual(whole.points);
    expect(sampled.sampledPages).toBe(new Set(families.zipf).size);
  }
});
