import type { RawAccesses, RawGuest } from "./raw-batch.ts";
import type { OpenSource } from "./source.ts";
import type { TraceBuilder } from "./trace-builder.ts";

/** A source whose rows have their place in time, and the batch of it that is being used. */
interface Cursor {
  readonly open: OpenSource;
  readonly batches: AsyncGenerator<RawAccesses | RawGuest>;
  batch: RawAccesses | RawGuest;
  at: number;
}

/** The events of one source, in the order of time. */
export interface EventStream {
  readonly open: OpenSource;
  readonly batches: AsyncGenerator<RawAccesses | RawGuest>;
}

/** Brings the rows of all sources into one order: by time, guest events before accesses, sources in the order given. Ends every stream. */
export async function mergeEvents(streams: readonly EventStream[], builder: TraceBuilder): Promise<void> {
  try {
    await inOrder(streams, builder);
  } finally {
    // Where one source or the disk fails, the other streams stand in the middle of their files.
    for (const { batches } of streams) await batches.return(undefined);
  }
}

async function inOrder(streams: readonly EventStream[], builder: TraceBuilder): Promise<void> {
  const cursors: Cursor[] = [];
  for (const { open, batches } of streams) {
    const first = await batches.next();
    if (first.done !== true) cursors.push({ open, batches, batch: first.value, at: 0 });
  }
  for (let i = cursors.length - 1; i >= 0; i--) await settle(cursors, i);
  while (cursors.length > 0) {
    let best = 0;
    let second = -1;
    for (let i = 1; i < cursors.length; i++) {
      if (precedes(cursors[i], cursors[best])) {
        second = best;
        best = i;
      } else if (second < 0 || precedes(cursors[i], cursors[second])) second = i;
    }
    const cursor = cursors[best];
    const to = second < 0 ? cursor.batch.length : runEnd(cursor, cursors[second]);
    if (cursor.batch.of === "accesses") builder.accesses(cursor.open.source, cursor.batch, cursor.at, to);
    else builder.guest(cursor.open.source, cursor.batch, cursor.at, to);
    cursor.at = to;
    await settle(cursors, best);
  }
}

/** Moves on to the next batch with rows in it, or takes the cursor out. */
async function settle(cursors: Cursor[], index: number): Promise<void> {
  const cursor = cursors[index];
  while (cursor.at >= cursor.batch.length) {
    const next = await cursor.batches.next();
    if (next.done === true) {
      cursors.splice(index, 1);
      return;
    }
    cursor.batch = next.value;
    cursor.at = 0;
  }
}

function precedes(a: Cursor, b: Cursor): boolean {
  const time = a.batch.timeNs[a.at] - b.batch.timeNs[b.at];
  return time < 0 || (time === 0 && ranks(a, b));
}

/** At equal times. */
function ranks(a: Cursor, b: Cursor): boolean {
  if (a.batch.of !== b.batch.of) return a.batch.of === "guest";
  return a.open.source.index < b.open.source.index;
}

/** End of the rows of `cursor` that come before the head of `other`: found by doubling steps, then by halving. */
function runEnd(cursor: Cursor, other: Cursor): number {
  const { timeNs, length } = cursor.batch;
  const limit = other.batch.timeNs[other.at];
  const keepsEqual = ranks(cursor, other);
  const belongs = (i: number): boolean => timeNs[i] < limit || (keepsEqual && timeNs[i] === limit);
  let low = cursor.at;
  let step = 1;
  while (low + step < length && belongs(low + step)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(length, low + step);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (belongs(middle)) low = middle;
    else high = middle;
  }
  return high;
}
