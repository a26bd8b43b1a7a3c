import { readSync } from "node:fs";

const LF = 10;
const PIECE = 1 << 16;

/** Where lines begin in the part `[from, to)` of a file, whose first line begins at `from`. */
export class LineStarts {
  readonly #fd: number;
  readonly #from: number;
  readonly #to: number;
  readonly #piece = Buffer.allocUnsafe(PIECE);

  constructor(fd: number, from: number, to: number) {
    this.#fd = fd;
    this.#from = from;
    this.#to = to;
  }

  /** The first line that begins at `place` or behind it; the end where there is none. */
  from(place: number): number {
    if (place <= this.#from) return this.#from;
    for (let at = place - 1; at < this.#to;) {
      const got = readSync(this.#fd, this.#piece, 0, Math.min(PIECE, this.#to - at), at);
      if (got === 0) break;
      const lf = this.#piece.subarray(0, got).indexOf(LF);
      if (lf >= 0) return at + lf + 1;
      at += got;
    }
    return this.#to;
  }
}
