import { InputError } from "@tidemark/data/shapes";
import type { RawAccesses, RawGuest } from "./raw-batch.ts";
import type { Source } from "./source.ts";

/** Passes batches on whose times never go back; names the two lines otherwise. */
export async function* checkOrder<T extends RawAccesses | RawGuest>(source: Source, batches: AsyncIterable<T>): AsyncGenerator<T> {
  let last = -1;
  let lastLine = 0;
  for await (const batch of batches) {
    const { timeNs, length, row, origin } = batch;
    const at = firstBack(timeNs, length, last);
    if (at < length) {
      const previous = at === 0 ? lastLine : origin.lineOf(row[at - 1]);
      const before = at === 0 ? last : timeNs[at - 1];
      const place = source.numbersRows ? "row" : "line";
      throw new InputError(
        `${source.where(origin.lineOf(row[at]))}: time ${timeNs[at]} ns is before ${before} ns on ${place} ${previous}; sort the input, or pass --sort`,
      );
    }
    if (length > 0) {
      last = timeNs[length - 1];
      lastLine = origin.lineOf(row[length - 1]);
    }
    yield batch;
  }
}

/** The first time that is before its predecessor; `length` where there is none. The previous time is read again: kept in a local it would be boxed. */
function firstBack(timeNs: Float64Array, length: number, before: number): number {
  if (length > 0 && timeNs[0] < before) return 0;
  for (let i = 1; i < length; i++) if (timeNs[i] < timeNs[i - 1]) return i;
  return length;
}
