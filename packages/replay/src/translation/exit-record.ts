import { countUpTo } from "../schedule.ts";
import { EXIT_REASONS, type Counters } from "./counters.ts";

/** Intervals that exits are told by: enough for a chart, whatever the length of the trace. */
const INTERVALS = 120;

/** Ends of equal intervals of a trace; an event at an end belongs to the interval before. */
export const intervalEnds = (originNs: number, endNs: number): Float64Array =>
  Float64Array.from({ length: INTERVALS }, (_, i) => originNs + Math.floor(((endNs - originNs) * (i + 1)) / INTERVALS));

/** Exits of one mode by interval and reason, taken from its counters when an interval ends. */
export class ExitRecord {
  readonly #counters: Counters;
  readonly #ends: Float64Array;
  readonly #originNs: number;
  /** Cumulative, INTERVALS × reasons. */
  readonly #total = new Float64Array(INTERVALS * EXIT_REASONS.length);
  #done = 0;

  constructor(counters: Counters, originNs: number, ends: Float64Array) {
    this.#counters = counters;
    this.#originNs = originNs;
    this.#ends = ends;
  }

  /** Everything up to `timeNs` has been counted, nothing after it. */
  reached(timeNs: number): void {
    for (const upTo = countUpTo(this.#ends, timeNs); this.#done < upTo; this.#done++)
      this.#total.set(this.#counters.exits, this.#done * EXIT_REASONS.length);
  }

  rows(): readonly { readonly time: number; readonly from: number; readonly reason: string; readonly exits: number }[] {
    const rows = [];
    for (let i = 0; i < this.#done; i++) {
      for (let r = 0; r < EXIT_REASONS.length; r++) {
        const before = i === 0 ? 0 : this.#total[(i - 1) * EXIT_REASONS.length + r];
        const exits = this.#total[i * EXIT_REASONS.length + r] - before;
        const from = i === 0 ? this.#originNs : this.#ends[i - 1];
        if (exits > 0) rows.push({ time: this.#ends[i], from, reason: EXIT_REASONS[r], exits });
      }
    }
    return rows;
  }
}
