import { InputError } from "@tidemark/data/shapes";

/** Reads on: up to `length` bytes into `into` at `at`; 0 at the end. */
export type ReadBytes = (into: Buffer, at: number, length: number) => Promise<number>;

/** Small enough to stay in the cache of a core between its reading and its scanning. */
export const CHUNK = 1 << 18;
const LONGEST = 1 << 24;

/** What is noted of a text that a tool has written and whose last line has no end. */
export const OPEN_END = "the last line has no end: the file may be cut short";

/** A window that moves over the bytes of a source: `bytes[start, end)` is there and not yet used. */
export class ByteWindow {
  /** One byte longer than the window ever gets, for a line feed at the end. */
  bytes: Buffer = Buffer.allocUnsafe(CHUNK + 1);
  #home: Buffer = this.bytes;
  start = 0;
  end = 0;
  /** Bytes of the source before `bytes[0]`. */
  passed = 0;
  /** Nothing comes after `end`. */
  atEnd = false;
  /** The byte that was read last; -1: none was. */
  lastByte = -1;
  readonly #read: ReadBytes;
  readonly #name: string;

  constructor(name: string, read: ReadBytes) {
    this.#name = name;
    this.#read = read;
  }

  /** From now on the bytes lie in `home`, of CHUNK + 1 bytes, while no line is longer than that. */
  moveTo(home: Buffer): void {
    this.#home = home;
    this.#comeHome();
  }

  #comeHome(): void {
    if (this.bytes === this.#home || this.end - this.start >= this.#home.length - 1) return;
    this.bytes.copy(this.#home, 0, this.start, this.end);
    this.bytes = this.#home;
    this.#startAtFront();
  }

  /** Brings more bytes behind those not yet used, which move to the front. */
  async fill(): Promise<void> {
    this.#comeHome();
    if (this.start > 0) {
      this.bytes.copyWithin(0, this.start, this.end);
      this.#startAtFront();
    }
    if (this.end === this.bytes.length - 1) this.#grow();
    while (!this.atEnd && this.end < this.bytes.length - 1) {
      const got = await this.#read(this.bytes, this.end, this.bytes.length - 1 - this.end);
      if (got === 0) this.atEnd = true;
      else this.lastByte = this.bytes[this.end + got - 1];
      this.end += got;
    }
  }

  #startAtFront(): void {
    this.passed += this.start;
    this.end -= this.start;
    this.start = 0;
  }

  #grow(): void {
    if (this.end >= LONGEST)
      throw new InputError(`${this.#name}: a line is longer than 16 MiB; is this a text file, and every quote closed?`);
    const bigger = Buffer.allocUnsafe(2 * (this.bytes.length - 1) + 1);
    this.bytes.copy(bigger, 0, 0, this.end);
    this.bytes = bigger;
  }
}
