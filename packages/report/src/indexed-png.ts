import { zlibSync } from "fflate";

/** A picture of at most 255 colours: index 0 is transparent, index i is `colours[i - 1]`; rows from the top. */
export interface IndexedPicture {
  readonly width: number;
  readonly height: number;
  readonly indices: Uint8Array;
}

type Colour = readonly [red: number, green: number, blue: number];

/**
 * A PNG file (W3C PNG, third edition; 8-bit palette) without its palette, which goes between `head` and `rest`. All three have
 * lengths in whole triples of bytes up to the last, so their base64 texts can be joined. Equal pictures give equal bytes.
 */
export function pngAround({ width, height, indices }: IndexedPicture): { readonly head: Uint8Array; readonly rest: Uint8Array } {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3], 8); // bits per pixel, palette
  const lines = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    const line = y * (width + 1);
    lines[line] = 2; // filter "up": the difference from the line above
    for (let x = 0; x < width; x++)
      lines[line + 1 + x] = (indices[y * width + x] ?? 0) - (y === 0 ? 0 : (indices[(y - 1) * width + x] ?? 0));
  }
  return {
    head: Buffer.concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), chunk("IHDR", header)]),
    rest: Buffer.concat([chunk("tRNS", Uint8Array.of(0)), chunk("IDAT", zlibSync(lines)), chunk("IEND", new Uint8Array(0))]),
  };
}

/** The palette of a PNG file: index 0 is kept for what is transparent. */
export const pngPalette = (colours: readonly Colour[]): Uint8Array => chunk("PLTE", Uint8Array.from([[0, 0, 0], ...colours].flat()));

/** The picture with every pixel `times` as wide and high: viewers smooth what they enlarge, and bins have edges. */
export function enlarged({ width, height, indices }: IndexedPicture, times: number): IndexedPicture {
  const wide = width * times;
  const large = new Uint8Array(wide * height * times);
  for (let y = 0; y < height; y++) {
    const line = Uint8Array.from({ length: wide }, (_, x) => indices[y * width + Math.floor(x / times)] ?? 0);
    for (let copy = 0; copy < times; copy++) large.set(line, (y * times + copy) * wide);
  }
  return { width: wide, height: height * times, indices: large };
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}
