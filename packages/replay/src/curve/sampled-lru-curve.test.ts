import { seededRandom, type Random } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { loopMixPages, phasePages, scanPages, zipfPages } from "../page-traces.ts";
import { lruCurve } from "./lru-curve.ts";
import { samplePages } from "./page-sample.ts";
import { sampledLruCurve, type Estimated } from "./sampled-lru-curve.ts";
import { stackDistances } from "./stack-distances.ts";

const PAGES = 16_384;
const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);
const RATE = 0.05;

interface Played {
  readonly pages: Uint32Array;
  readonly present: Uint32Array;
  readonly truth: Float64Array;
}
function playedOf(pages: Uint32Array): Played {
  const present = new Uint32Array(new Set(pages));
  const curve = lruCurve(PAGES, present.length);
  curve.step(pages, pages.length);
  return { pages, present, truth: curve.finish() };
}
function estimate({ pages, present }: Played, rate: number, seed: number): (size: number) => Estimated {
  const curve = sampledLruCurve(PAGES, present, rate, seededRandom(seed, "", "test"));
  curve.step(pages, pages.length);
  return curve.finish();
}

/** From 10 sampled pages of memory to all, each a seventh more than the last. */
function sizesOf({ present }: Played): number[] {
  const sizes: number[] = [];
  for (let size = 10 / RATE; size < present.length; size = Math.ceil((size * 8) / 7)) sizes.push(size);
  return sizes;
}

const zipf = playedOf(zipfPages(PAGES, 250_000));

/** The share of sizes and seeds at which the true misses lie in the stated band. */
function covered(played: Played): number {
  const sizes = sizesOf(played);
  expect(sizes.length).toBeGreaterThan(20);
  let inside = 0;
  for (const seed of SEEDS) {
    const at = estimate(played, RATE, seed);
    for (const size of sizes) {
      const { low, high } = at(size);
      if (low <= played.truth[size] && played.truth[size] <= high) inside++;
    }
  }
  return inside / (sizes.length * SEEDS.length);
}

describe("the true misses lie in the stated band in at least 95 % of sizes and seeds", () => {
  test.each([
    { name: "zipf", played: () => zipf },
    { name: "a loop, a hot set and noise", played: () => playedOf(loopMixPages(PAGES, 250_000)) },
    { name: "phases", played: () => playedOf(phasePages(PAGES, 250_000)) },
    { name: "a scan", played: () => playedOf(scanPages(PAGES, 100_000)) },
  ])("$name, which the band was chosen on", ({ played }) => {
    expect(covered(played())).toBeGreaterThan(0.95);
  });

  test.each([
    { name: "a walk with jumps", pages: walkPages },
    { name: "two loops of different speed", pages: twoLoopPages },
    { name: "phases that overlap, with a hot set", pages: overlappingPhasePages },
    { name: "a flatter zipf", pages: flatZipfPages },
  ])("$name, which it was not", ({ pages }) => {
    const shares = [1, 2, 3].map((seed) => covered(playedOf(pages(seededRandom(seed, "", "pages")))));
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.95);
  });
});

const madeOf = (next: (i: number) => number): Uint32Array => Uint32Array.from({ length: 250_000 }, (_, i) => next(i));

/** To a page up to three away, and now and then to any. */
function walkPages(random: Random): Uint32Array {
  let at = 0;
  return madeOf(() => {
    const step = (random() < 0.5 ? 1 : -1) * (1 + Math.floor(3 * random()));
    at = random() < 0.0005 ? Math.floor(random() * PAGES) : (at + PAGES + step) % PAGES;
    return at;
  });
}

/** One half of the accesses goes round 1500 pages, the other round 9000. */
function twoLoopPages(random: Random): Uint32Array {
  let short = 0;
  let long = 0;
  return madeOf(() => (random() < 0.5 ? (short = (short + 1) % 1500) : 2000 + (long = (long + 1) % 9000)));
}

/** Thirteen phases of 3000 pages somewhere; a tenth of the accesses goes to 200 pages, 2 % anywhere. */
function overlappingPhasePages(random: Random): Uint32Array {
  const starts = Array.from({ length: 13 }, () => Math.floor(random() * PAGES));
  return madeOf((i) => {
    const x = random();
    if (x < 0.12) return Math.floor(random() * (x < 0.02 ? PAGES : 200));
    return (starts[Math.floor((i * 13) / 250_000)] + Math.floor(random() * 3000)) % PAGES;
  });
}

/** Rank r with a probability proportional to r^−0.8, nearly: the inverse of the integral. */
const flatZipfPages = (random: Random): Uint32Array =>
  madeOf(() => Math.imul(Math.min(PAGES - 1, Math.floor((random() * PAGES ** 0.2) ** 5)), 0x9e3779b1) & (PAGES - 1));

test("bands are not wide for want of courage: a quarter of the accesses at most from 100 sampled pages on, and narrower with more pages", () => {
  const width = (rate: number): number => {
    const { low, high } = estimate(zipf, rate, 1)(4000);
    return high - low;
  };
  expect(width(0.05)).toBeLessThan(zipf.pages.length / 4);
  expect(width(0.2)).toBeLessThan(width(0.05) / 1.5);
});

test("scaled by the accesses in the sample, zipf's misses are off by far more than the band, and more than by the pages", () => {
  const size = 4000;
  const truth = zipf.truth[size];
  let ours = 0;
  let uncorrected = 0;
  let outside = 0;
  for (const seed of SEEDS) {
    const { misses, low, high } = estimate(zipf, RATE, seed)(size);
    const plain = plainShards(zipf, RATE, seed, size);
    ours += (misses / truth - 1) ** 2;
    uncorrected += (plain / truth - 1) ** 2;
    if (plain < low || plain > high) outside++;
  }
  expect(uncorrected).toBeGreaterThan(20 * ours);
  expect(outside / SEEDS.length).toBeGreaterThan(0.5);
});

/** SHARDS without the correction: the share of misses among the sampled accesses, times all accesses. */
function plainShards({ pages, present }: Played, rate: number, seed: number, size: number): number {
  const { size: sampled, slotOf } = samplePages(present, PAGES, rate, 32, seededRandom(seed, "", "test"));
  const slots = pages.map((page) => slotOf[page]).filter((slot) => slot < sampled);
  const distances: number[] = [];
  stackDistances(sampled, sampled).step(slots, slots.length, (told, _, length) => void distances.push(...told.subarray(0, length)));
  const missing = distances.filter((distance) => distance === 0 || distance > size * rate).length;
  return (missing / slots.length) * pages.length;
}

test("where memory is small the estimate is not off to one side", () => {
  const phases = playedOf(phasePages(PAGES, 250_000));
  const mean = SEEDS.reduce((sum, seed) => sum + estimate(phases, RATE, seed)(200).misses, 0) / SEEDS.length;
  expect(Math.abs(mean / phases.truth[200] - 1)).toBeLessThan(0.003);
});

test("with every page in the sample the curve is exact, and the band has no width", () => {
  const at = estimate(zipf, 1, 1);
  for (const size of [1, 2, 3, 17, 1000, zipf.present.length]) {
    const misses = zipf.truth[size];
    expect(at(size)).toEqual({ misses, low: misses, high: misses });
  }
});

test("memory of less than 8 sampled pages is not resolved: it misses no less than that of 8, and that is all", () => {
  const at = estimate(zipf, RATE, 1);
  expect(at(100).low).toBeCloseTo(at(1 + 7 / RATE).low, -2);
  expect(at(100).high).toBe(zipf.pages.length);
});
