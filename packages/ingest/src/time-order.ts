import { InputError } from "@tidemark/data";
import type { RawAccesses, RawGuest } from "./raw-batch.ts";
import type { Source } from "./source.ts";

/** Passes batches on whose times never go back; names the two lines otherwise. */
export async function* checkOrder<T extends RawAccesses | RawGuest>(source: Source, batches: AsyncIterable<T>): AsyncGenerator<T> {
  let last = -1;
  let lastLine = 0;
  for await (const batch of batches) {
    const { timeNs, length, row, origin } = batch;
    for (let i = 0; i < length; i++) {
      const time = timeNs[i];
      if (time < last) {
        const previous = i === 0 ? lastLine : origin.lineOf(row[i - 1]);
        const line = origin.lineOf(row[i]);
        const place = source.numbersRows ? "row" : "line";
        throw new InputError(
          `${source.where(line)}: time ${time} ns is before ${last} ns on ${place} ${previous}; sort the input, or pass --sort`,
        );
      }
      last = time;
    }
    if (length > 0) lastLine = origin.lineOf(row[length - 1]);
    yield batch;
  }
}
