import { counting, OUT_AT, playPieces } from "./counting.ts";

/** Stamps per different page: the more, the rarer they are numbered anew. */
const STAMPS_PER_PAGE = 4;
/** Stamps of a block. */
const BLOCK = 512;

/** Stack distances of accesses, one after the other. */
export interface StackDistances {
  /** Plays the first `length` of `pages`, after those before, and hands on their distances piece by piece; 0: the page's first access. */
  step(pages: Uint32Array, length: number, told?: (distances: Uint32Array, from: number, length: number) => void): void;
  /** Accesses by distance, of all that were played. */
  counts(): Uint32Array;
}

/**
 * Stack distances of accesses to `distinct` different pages with numbers below `pageCount`: how many different pages were used since the
 * page itself was, itself included (Mattson 1970). An access hits in every LRU memory of at least so many pages, so that one pass gives
 * the misses of all.
 *
 * The latest use of each page is a stamp with a bit that is set; the distance is the number of such bits from there on. Bits are set
 * from the start and cleared when the page is used again. They are counted by words within a block, and by a Fenwick tree over whole
 * blocks: O(log pages) per access. A block enters the tree when its last stamp is given, so that no update goes further. When the stamps
 * run out, those that count are numbered anew, in order.
 */
export function stackDistances(pageCount: number, distinct: number): StackDistances {
  const stamps = BLOCK * (1 + Math.ceil((STAMPS_PER_PAGE * distinct) / BLOCK));
  const { run, at, rows, out, array, start, end } = counting([
    4 * pageCount,
    4 * stamps,
    stamps / 8,
    4 * (stamps / BLOCK + 1),
    4 * (distinct + 1),
  ]);
  const [lastOf, pageAt, bits, tree, counts] = at;
  run.place(lastOf, pageCount, pageAt, bits, tree, 0, stamps);
  return {
    step(pages, length, told) {
      playPieces(rows, pages, length, (from, piece) => {
        run.distances(start, end(piece), OUT_AT);
        run.tally(OUT_AT, OUT_AT + 4 * piece, counts);
        told?.(out, from, piece);
      });
    },
    counts: () => array(counts, distinct + 1),
  };
}
