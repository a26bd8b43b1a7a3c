const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;
const STRIPE = 16;

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const wordAt = (bytes: Uint8Array, at: number): number => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);

/** The 32-bit xxHash with seed 0 (xxHash fast digest algorithm 0.1.1) of bytes that come in pieces. */
export class Xxh32 {
  readonly #lanes = Int32Array.of(P1 + P2, P2, 0, -P1);
  /** The bytes behind the last whole stripe. */
  readonly #rest = new Uint8Array(STRIPE);
  #length = 0;

  update(bytes: Uint8Array): this {
    const held = this.#length % STRIPE;
    this.#length += bytes.length;
    let at = 0;
    if (held > 0) {
      at = Math.min(STRIPE - held, bytes.length);
      this.#rest.set(bytes.subarray(0, at), held);
      if (held + at === STRIPE) this.#stripes(this.#rest, 0, STRIPE);
    }
    const whole = at + (bytes.length - at - ((bytes.length - at) % STRIPE));
    this.#stripes(bytes, at, whole);
    if (whole < bytes.length) this.#rest.set(bytes.subarray(whole));
    return this;
  }

  #stripes(bytes: Uint8Array, from: number, to: number): void {
    const lanes = this.#lanes;
    let [a, b, c, d] = lanes;
    for (let at = from; at < to; at += STRIPE) {
      a = Math.imul(rotate((a + Math.imul(wordAt(bytes, at), P2)) | 0, 13), P1);
      b = Math.imul(rotate((b + Math.imul(wordAt(bytes, at + 4), P2)) | 0, 13), P1);
      c = Math.imul(rotate((c + Math.imul(wordAt(bytes, at + 8), P2)) | 0, 13), P1);
      d = Math.imul(rotate((d + Math.imul(wordAt(bytes, at + 12), P2)) | 0, 13), P1);
    }
    lanes[0] = a;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
  }

  /** Of all bytes so far. */
  digest(): number {
    const [a, b, c, d] = this.#lanes;
    let hash = this.#length < STRIPE ? P5 : rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    hash = (hash + this.#length) | 0;
    const held = this.#length % STRIPE;
    let at = 0;
    for (; at + 4 <= held; at += 4) hash = Math.imul(rotate((hash + Math.imul(wordAt(this.#rest, at), P3)) | 0, 17), P4);
    for (; at < held; at++) hash = Math.imul(rotate((hash + Math.imul(this.#rest[at], P5)) | 0, 11), P1);
    hash = Math.imul(hash ^ (hash >>> 15), P2);
    hash = Math.imul(hash ^ (hash >>> 13), P3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
