import { assert, RESOLVED_PAGES, type Random } from "@tidemark/data";
import { samplePages, sampleTouches } from "./page-sample.ts";
import { stackDistances } from "./stack-distances.ts";

/** Parts of the sample whose differences tell how far it can be off. */
const GROUPS = 32;
/** Student's t, 31 degrees of freedom, 97.5 %: the band is one of 95 %. */
const T = 2.04;

/** What a sample says of the misses at one memory size, and the band that holds the true figure 95 times in 100. */
export interface Estimated {
  readonly misses: number;
  readonly low: number;
  readonly high: number;
}

/** Estimates the misses of LRU at every memory size from the accesses to some of the pages. */
export interface SampledLruCurve {
  /** Pages in the sample. */
  readonly sampledPages: number;
  /** Plays the first `length` of `pages`, after those before. */
  step(pages: Uint32Array, length: number): void;
  /** Ends the counting. What comes back answers for any size from 1 page on. */
  finish(): (size: number) => Estimated;
}

/**
 * Spatially sampled LRU (SHARDS, Waldspurger 2015): stack distances among the sampled pages are true distances times the rate. `present`
 * are the different pages of the trace, with numbers below `pageCount`; ⌈rate · present⌉ of them are drawn.
 *
 * Misses are first accesses, known exactly, and others, estimated as those of the sample over the rate. That is SHARDS with the
 * expected-count correction (SHARDS-adj): what the sample has too few or too many of are hits of the pages used most, and hits are
 * what is left. Scaled by the accesses in the sample instead, every figure is off by the popular pages that are in it or not.
 *
 * The band is ours: vertically the spread between random groups of the sampled pages, horizontally that of a binomial count of the sampled
 * pages that fit; both at once.
 */
export function sampledLruCurve(pageCount: number, present: Uint32Array, rate: number, random: Random): SampledLruCurve {
  const sample = samplePages(present, pageCount, rate, GROUPS, random);
  const { size: sampledPages, groupOf } = sample;
  const touches = sampleTouches(sample);
  const stack = stackDistances(sampledPages, sampledPages);
  /** Accesses by group and distance. */
  const width = sampledPages + 1;
  const countOf = new Float64Array(GROUPS * width);
  let slots = new Uint32Array(0);
  let accesses = 0;
  const reached = sampledPages / present.length;

  return {
    sampledPages,
    step(pages, length) {
      if (slots.length < length) slots = new Uint32Array(length);
      const sampled = touches(pages, length, slots);
      accesses += length;
      stack.step(slots, sampled, (distances, from, piece) => {
        for (let i = 0; i < piece; i++) countOf[groupOf[slots[from + i]] * width + distances[i]]++;
      });
    },
    finish() {
      /** Accesses that are not first ones, with distances beyond x: in all, and their standard error, both of the whole trace. */
      const beyond = new Float64Array(width + 1);
      const errorAt = new Float64Array(width + 1);
      const groupBeyond = new Float64Array(GROUPS);
      for (let x = sampledPages - 1; x >= 0; x--) {
        let sum = 0;
        for (let group = 0; group < GROUPS; group++) sum += groupBeyond[group] += countOf[group * width + x + 1];
        let squares = 0;
        for (let group = 0; group < GROUPS; group++) squares += (groupBeyond[group] - sum / GROUPS) ** 2;
        beyond[x] = sum / reached;
        errorAt[x] = Math.sqrt(((GROUPS * squares) / (GROUPS - 1)) * (1 - reached)) / reached;
      }
      const firsts = present.length;
      assert(accesses >= firsts, "every page is accessed");
      const within = (misses: number): number => Math.min(accesses, Math.max(firsts, misses));
      const lowAt = (at: number): number => within(firsts + between(beyond, at) - T * between(errorAt, at));
      const highAt = (at: number): number => within(firsts + between(beyond, at) + T * between(errorAt, at));
      const spreadAt = (at: number): number => T * Math.sqrt(at * (1 - reached));
      const fits = (at: number): number => Math.min(sampledPages, Math.max(0, at));
      return (size) => {
        if (size >= firsts) return { misses: firsts, low: firsts, high: firsts };
        const at = fits(size * reached);
        const misses = within(firsts + between(beyond, at));
        // Of memory that is not resolved all that is known is that it misses no less.
        const resolved = reached < 1 ? Math.max(RESOLVED_PAGES, at) : at;
        const low = Math.min(misses, lowAt(fits(resolved + spreadAt(resolved))));
        return { misses, low, high: resolved > at ? accesses : highAt(fits(at - spreadAt(at))) };
      };
    },
  };
}

/** A value between two entries of a column, by the straight line. */
function between(column: Float64Array, at: number): number {
  const below = Math.floor(at);
  const part = at - below;
  return part === 0 ? column[below] : column[below] * (1 - part) + column[below + 1] * part;
}
