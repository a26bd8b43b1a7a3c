import { assert } from "@tidemark/data/shapes";

/**
 * How many resident pages were last touched in which epoch, per group and future: the ledger without a scan of the pages.
 *
 * Time is cut into epochs at every instant that anyone will ask about or look back to, so all touches of one epoch have
 * the same age class at every instant asked, and counts per epoch are exact. Only a page's first touch in an epoch moves
 * it. Epochs older than any age boundary are folded into one row: memory is bounded by the window, not by the trace.
 *
 *     row 0      epochs that have left the ring      each row: group 0 returns | group 0 final | group 1 returns | …
 *     row 1      resident, never touched
 *     row 2 …    the ring: epoch e at 2 + (e & mask)
 *
 * "final" counts the pages whose last touch of the whole trace is done: the future split.
 */
export interface Census {
  /** Epochs kept apart; a power of two. */
  readonly ringEpochs: number;
  /** Cells per row: two per group. */
  stride: number;
  cells: Int32Array;
  /** The epoch now running; 0 before the first. */
  epoch: number;
  /** Touched resident pages by epoch of their last touch. */
  readonly touched: Int32Array;
  /** Resident pages by epoch of their last write. */
  readonly written: Int32Array;
}

export const OLD_ROW = 0,
  SLACK_ROW = 1,
  RING_ROW = 2;

/** `epochs`: epochs of the whole replay. `lookBackEpochs`: most epochs that any age boundary looks back. */
export function createCensus(epochs: number, lookBackEpochs: number): Census {
  let ringEpochs = 2;
  while (ringEpochs < lookBackEpochs + 1) ringEpochs *= 2;
  const stride = 32;
  return {
    ringEpochs,
    stride,
    cells: new Int32Array((RING_ROW + ringEpochs) * stride),
    epoch: 0,
    touched: new Int32Array(epochs + 2),
    written: new Int32Array(epochs + 2),
  };
}

/** First cell of the row that holds `epoch`. */
export function rowStart(census: Census, epoch: number): number {
  const row = epoch <= census.epoch - census.ringEpochs ? OLD_ROW : RING_ROW + (epoch & (census.ringEpochs - 1));
  return row * census.stride;
}

/** Begins the next epoch: the ring slot it takes is folded into the old row. */
export function nextEpoch(census: Census): void {
  const { cells, stride } = census;
  census.epoch++;
  const slot = (RING_ROW + (census.epoch & (census.ringEpochs - 1))) * stride;
  for (let i = 0; i < stride; i++) {
    const leaving = cells[slot + i];
    if (leaving !== 0) {
      cells[i] = cells[i] + leaving;
      cells[slot + i] = 0;
    }
  }
}

/** Makes room for groups up to `groups`. */
export function growCensus(census: Census, groups: number): void {
  if (2 * groups <= census.stride) return;
  const stride = 4 * groups;
  const rows = RING_ROW + census.ringEpochs;
  const cells = new Int32Array(rows * stride);
  for (let row = 0; row < rows; row++) cells.set(census.cells.subarray(row * census.stride, (row + 1) * census.stride), row * stride);
  census.stride = stride;
  census.cells = cells;
  assert(2 * groups <= stride, "the census has room for every group");
}
