import { assert, type Params, seededRandom, type Values } from "@tidemark/data";
import type { Policy } from "../policy.ts";
import { beladyBound, leastMemories } from "./belady-misses.ts";
import { clockMisses } from "./clock-misses.ts";
import type { CompetingPages } from "./competing-pages.ts";
import { fifoMisses } from "./fifo-misses.ts";
import type { CurvePoint } from "./knee.ts";
import { lruCurve } from "./lru-curve.ts";
import { lruMisses } from "./lru-misses.ts";
import type { MissCounter } from "./miss-counter.ts";
import { nextUses } from "./next-uses.ts";
import { samplePages, sampleTouches } from "./page-sample.ts";
import { policyMisses } from "./policy-misses.ts";
import { sampledLruCurve } from "./sampled-lru-curve.ts";

/** A victim policy that is asked for. */
export interface AskedPolicy {
  /** As it was given: `lru`, `slru:segments=2`. */
  readonly label: string;
  readonly policy: Policy;
  readonly params: Values<Params>;
}

/** A point with its band; NaN where it was counted exactly. */
export interface BandPoint extends CurvePoint {
  readonly low: number;
  readonly high: number;
}

/** The misses of one policy on pages that compete, being counted. */
export interface PolicyCurve {
  readonly label: string;
  step(pages: Uint32Array, length: number): void;
  finish(): PolicyAnswer;
}
export interface PolicyAnswer {
  /** At the sizes asked for, by rising size. */
  readonly points: readonly BandPoint[];
  /** At every size, or as many as a sample tells apart; empty where only the sizes asked for were counted. */
  readonly all: readonly BandPoint[];
  /** NaN where every page was followed. */
  readonly sampledPages: number;
  /** Of Belady's policy: the smallest memories that have no more than so many misses beyond first accesses, by rising number. */
  readonly least?: (pageIns: readonly number[]) => readonly CurvePoint[];
}

/** Of LRU at so few sizes it is faster to count each than all at once. */
const FEW = 2;
/** Sizes at which a sampled curve is told. */
const SAMPLED_SIZES = 1000;

/** The fastest way to count what was asked; with a sampling `rate`, from the accesses to some of the pages. */
export async function policyCurve(
  asked: AskedPolicy,
  pages: CompetingPages,
  sizes: readonly number[],
  rate: number | undefined,
  seed: number,
): Promise<PolicyCurve> {
  if (rate === undefined) return wholeCurve(asked, pages, sizes, seed);
  return asked.policy.name === "lru" ? sampledLru(asked.label, pages, sizes, rate, seed) : scaledCurve(asked, pages, sizes, rate, seed);
}

type CountedPages = Pick<CompetingPages, "vm" | "pageCount" | "distinct" | "references">;

function wholeCurve(asked: AskedPolicy, pages: CountedPages, sizes: readonly number[], seed: number): PolicyCurve {
  const { label, policy, params } = asked;
  const { vm, pageCount, distinct } = pages;
  if (policy.name === "lru" && sizes.length > FEW) {
    const { step, finish } = lruCurve(pageCount, distinct);
    return {
      label,
      step,
      finish() {
        const misses = finish();
        const at = (size: number): BandPoint => exact(size, misses[Math.min(size, distinct)]);
        return { points: sizes.map(at), all: Array.from({ length: distinct }, (_, i) => at(i + 1)), sampledPages: NaN };
      },
    };
  }
  if (policy.sees === "future") return beladyCurve(asked, pages, sizes);
  const counters = sizes.map((size): MissCounter => {
    if (policy.name === "lru") return lruMisses(pageCount, size);
    if (policy.name === "fifo") return fifoMisses(pageCount, size);
    if (policy.name === "clock") return clockMisses(pageCount, size);
    return policyMisses(pageCount, size, policy, params, seededRandom(seed, vm, `${label} ${size}`));
  });
  return {
    label,
    step(touched, length) {
      for (const counter of counters) counter.step(touched, length);
    },
    finish: () => ({ points: sizes.map((size, s) => exact(size, counters[s].misses())), all: [], sampledPages: NaN }),
  };
}

/** When the last access has been seen, the future of all of them is known. */
function beladyCurve({ label, policy }: AskedPolicy, pages: CountedPages, sizes: readonly number[]): PolicyCurve {
  assert(policy.name === "belady", "of those that see the future, a curve knows Belady's policy");
  const { pageCount, distinct, references } = pages;
  const { step, found } = nextUses(pageCount, references);
  return {
    label,
    step,
    finish() {
      const bound = beladyBound(found());
      const points = sizes.map((size) => exact(size, size >= bound.enough ? distinct : bound.missesAt(size)));
      return {
        points,
        all: [],
        sampledPages: NaN,
        least: (pageIns) => leastMemories(bound, distinct, pageIns, points),
      };
    },
  };
}

/**
 * A policy on a sample of the pages, in memories smaller by as much (Waldspurger 2017: miniature simulation). As of LRU (`sampledLruCurve`),
 * first accesses are known, what misses besides in the sample stands for so many more, and the rest are hits. There is no band.
 */
async function scaledCurve(
  asked: AskedPolicy,
  { vm, pageCount, distinct, references, present }: CompetingPages,
  sizes: readonly number[],
  rate: number,
  seed: number,
): Promise<PolicyCurve> {
  const sample = samplePages(await present(), pageCount, rate, 1, seededRandom(seed, vm, "page sample"));
  const { size: sampledPages } = sample;
  const touches = sampleTouches(sample);
  const reached = sampledPages / distinct;
  const scaled = (size: number): number => Math.max(1, Math.round(size * reached));
  const small: CountedPages = { vm, pageCount: sampledPages, distinct: sampledPages, references: Math.ceil(references * reached) };
  const { label, step, finish } = wholeCurve(asked, small, sizes.map(scaled), seed);
  const whole = (misses: number): number => Math.min(references, distinct + (misses - sampledPages) / reached);
  let slots = new Uint32Array(0);
  return {
    label,
    step(pages, length) {
      if (slots.length < length) slots = new Uint32Array(length);
      step(slots, touches(pages, length, slots));
    },
    finish() {
      const { points, least } = finish();
      return {
        points: points.map(({ misses }, s) => exact(sizes[s], whole(misses))),
        all: [],
        sampledPages,
        ...(least === undefined
          ? {}
          : {
              least: (pageIns: readonly number[]) =>
                least(pageIns.map((allowed) => allowed * reached)).map(({ pages, misses }) => ({
                  pages: Math.round(pages / reached),
                  misses: whole(misses),
                })),
            }),
      };
    },
  };
}

const exact = (pages: number, misses: number): BandPoint => ({ pages, misses, low: NaN, high: NaN });

async function sampledLru(
  label: string,
  { vm, pageCount, distinct, present }: CompetingPages,
  sizes: readonly number[],
  rate: number,
  seed: number,
): Promise<PolicyCurve> {
  const { sampledPages, step, finish } = sampledLruCurve(pageCount, await present(), rate, seededRandom(seed, vm, "page sample"));
  return {
    label,
    step,
    finish() {
      const estimate = finish();
      const at = (pages: number): BandPoint => ({ pages, ...estimate(pages) });
      const told = Math.min(sampledPages, SAMPLED_SIZES);
      return {
        points: sizes.map(at),
        all: Array.from({ length: told }, (_, i) => at(Math.ceil(((i + 1) * distinct) / told))),
        sampledPages,
      };
    },
  };
}
