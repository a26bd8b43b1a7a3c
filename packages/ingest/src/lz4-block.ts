/** A block refers to at most so many bytes before it. */
export const LZ4_HISTORY = 1 << 16;

/**
 * Decodes `input[from, to)` (LZ4 Block Format) to `out` at `at`, behind the bytes that it may refer to; returns where it ends, at `limit` at the
 * latest. Throws where it makes no sense.
 */
export function decodeLz4Block(input: Uint8Array, from: number, to: number, out: Uint8Array, at: number, limit: number): number {
  let o = at;
  let p = from;
  while (p < to) {
    const token = input[p++];
    let literals = token >>> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255 && p < to) literals += more = input[p++];
    }
    if (p + literals > to || o + literals > limit) throw new Error("an LZ4 block is damaged");
    for (let i = 0; i < literals; i++) out[o++] = input[p++];
    if (p >= to) break;
    if (p + 2 > to) throw new Error("an LZ4 block is damaged");
    const distance = input[p] | (input[p + 1] << 8);
    p += 2;
    let match = (token & 15) + 4;
    if (match === 19) {
      let more = 255;
      while (more === 255 && p < to) match += more = input[p++];
    }
    if (distance === 0 || distance > o || o + match > limit) throw new Error("an LZ4 block is damaged");
    // The match may overlap what it produces: byte by byte.
    for (let i = 0; i < match; i++, o++) out[o] = out[o - distance];
  }
  return o;
}
