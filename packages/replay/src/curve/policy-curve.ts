import type { Params, Values } from "@tidemark/data";
import type { Policy } from "../policy.ts";
import { seededRandom } from "../random.ts";
import { clockMisses } from "./clock-misses.ts";
import type { CompetingPages } from "./competing-pages.ts";
import { fifoMisses } from "./fifo-misses.ts";
import type { CurvePoint } from "./knee.ts";
import { lruCurve } from "./lru-curve.ts";
import { lruMisses } from "./lru-misses.ts";
import type { MissCounter } from "./miss-counter.ts";
import type { NextUses } from "./next-uses.ts";
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
}

/** Of LRU at so few sizes it is faster to count each than all at once. */
const FEW = 2;
/** Sizes at which a sampled curve is told. */
const SAMPLED_SIZES = 1000;

/** The fastest way to count what was asked. With a sampling `rate`, of LRU alone. */
export async function policyCurve(
  { label, policy, params }: AskedPolicy,
  pages: CompetingPages,
  sizes: readonly number[],
  rate: number | undefined,
  seed: number,
  nextUses: NextUses | undefined,
): Promise<PolicyCurve> {
  const { vm, pageCount, distinct } = pages;
  if (rate !== undefined) return sampled(label, pages, sizes, rate, seed);
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
  const counters = sizes.map((size): MissCounter => {
    if (policy.name === "lru") return lruMisses(pageCount, size);
    if (policy.name === "fifo") return fifoMisses(pageCount, size);
    if (policy.name === "clock") return clockMisses(pageCount, size);
    return policyMisses(pageCount, size, policy, params, seededRandom(seed, vm, `${label} ${size}`), nextUses);
  });
  return {
    label,
    step(touched, length) {
      for (const counter of counters) counter.step(touched, length);
    },
    finish: () => ({ points: sizes.map((size, s) => exact(size, counters[s].misses())), all: [], sampledPages: NaN }),
  };
}

const exact = (pages: number, misses: number): BandPoint => ({ pages, misses, low: NaN, high: NaN });

async function sampled(
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
