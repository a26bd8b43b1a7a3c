import { BATCH_ROWS } from "@tidemark/data/shapes";
import type { RawContents } from "../raw-batch.ts";

/** Of sixteen pages: zero, and one of contents that every guest has. The others are a guest's own. */
const ZERO_OF_16 = 2;
const COMMON_OF_16 = 4;
const COMMON_CONTENTS = 4096;
/** Smallest and largest compressed size. */
const [SMALLEST, LARGEST] = [64, 4096];

/** What the pages 0 to pages − 1 of a guest hold at the end: made up, the same for equal seeds. Yields batches, which serve again. */
export function* synthContents(seed: number, vm: number, pages: number): Generator<RawContents> {
  const raw: RawContents = {
    of: "contents",
    length: 0,
    vm: new Uint32Array(BATCH_ROWS).fill(vm),
    row: new Uint32Array(BATCH_ROWS),
    origin: { lineOf: (row) => row, textOf: () => "" },
    ppn: new Uint32Array(BATCH_ROWS),
    timeNs: new Float64Array(BATCH_ROWS).fill(NaN),
    hash: new BigUint64Array(BATCH_ROWS),
    zbytes: new Uint32Array(BATCH_ROWS),
  };
  const halves = new Uint32Array(raw.hash.buffer);
  for (let from = 0; from < pages; from += BATCH_ROWS) {
    raw.length = Math.min(BATCH_ROWS, pages - from);
    for (let i = 0; i < raw.length; i++) {
      const drawn = mixed(seed, vm, from + i);
      const kind = drawn >>> 28;
      const isCommon = kind >= ZERO_OF_16 && kind < ZERO_OF_16 + COMMON_OF_16;
      const content = isCommon ? mixed(0, 0, drawn % COMMON_CONTENTS) : mixed(drawn, vm, from + i);
      raw.ppn[i] = from + i;
      halves[2 * i] = kind < ZERO_OF_16 ? 0 : content | 1;
      halves[2 * i + 1] = kind < ZERO_OF_16 ? 0 : isCommon ? 1 : mixed(content, vm, from + i) | 2;
      raw.zbytes[i] = kind < ZERO_OF_16 ? SMALLEST : SMALLEST + (content % (LARGEST - SMALLEST));
    }
    yield raw;
  }
}

/** Finaliser of MurmurHash3 (A. Appleby) over three numbers. */
function mixed(a: number, b: number, c: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35) ^ Math.imul(c + 1, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
