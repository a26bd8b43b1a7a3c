/** What a touch, or the guest, can be made to wait for. */
export const STALL_CAUSES = [
  "first touch",
  "zeroing",
  "copy on write",
  "decompression",
  "swap-in",
  "guest swap-in",
  "guest swap-out",
  "double paging",
  "blocked",
  "large page break",
] as const;
export type StallCause = (typeof STALL_CAUSES)[number];
export const [
  FIRST_TOUCH,
  ZEROING,
  COPY_ON_WRITE,
  DECOMPRESSION,
  SWAP_IN,
  GUEST_SWAP_IN,
  GUEST_SWAP_OUT,
  DOUBLE_PAGING,
  BLOCKED,
  LARGE_BREAK,
] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** ns of a stall by cause. */
export type StallCosts = readonly number[];

/**
 * The stalls of one VM: how often by cause, and the latency of every access row that waited. Rows that did not are counted by
 * the replay. Costs are fixed while it runs, so events times costs is the time.
 */
export class Stalls {
  readonly events = new Float64Array(STALL_CAUSES.length);
  /** Rows by latency, ns; of rows that waited. */
  readonly rowsByNs = new Map<number, number>();
  /** All that the VM has waited so far. */
  totalNs = 0;
  readonly #costs: StallCosts;
  /** `totalNs` when the row at hand began. */
  #rowFromNs = 0;

  constructor(costs: StallCosts) {
    this.#costs = costs;
  }

  add(cause: number, times = 1): void {
    this.events[cause] += times;
    this.totalNs += times * this.#costs[cause];
  }

  /** What the row at hand waited so far; begins the next row. */
  endRow(): number {
    const ns = this.totalNs - this.#rowFromNs;
    if (ns > 0) this.rowsByNs.set(ns, (this.rowsByNs.get(ns) ?? 0) + 1);
    this.#rowFromNs = this.totalNs;
    return ns;
  }

  /** What was added outside of a row (at a poll) belongs to no row. */
  endTick(): void {
    this.#rowFromNs = this.totalNs;
  }

  ns(cause: number): number {
    return this.events[cause] * this.#costs[cause];
  }
}
