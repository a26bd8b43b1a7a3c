import { inflateSync } from "node:zlib";
import { Resvg } from "@resvg/resvg-js";
import { expect, test } from "vitest";
import { enlarged, pngAround, pngPalette } from "./indexed-png.ts";

const picture = { width: 3, height: 2, indices: Uint8Array.of(0, 1, 2, 2, 1, 0) };
const palette = pngPalette([
  [255, 0, 0],
  [0, 0, 255],
]);

test("another decoder sees the same pixels", () => {
  const { head, rest } = pngAround(picture);
  const png = Buffer.concat([head, palette, rest]).toString("base64");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><image width="3" height="2" href="data:image/png;base64,${png}" image-rendering="optimizeSpeed"/></svg>`;
  const drawn = new Resvg(svg).render().pixels;
  const pixels = Array.from({ length: 6 }, (_, i) => [...drawn.subarray(4 * i, 4 * i + 4)].join(" "));
  const [none, red, blue] = ["0 0 0 0", "255 0 0 255", "0 0 255 255"];
  expect(pixels).toEqual([none, red, blue, blue, red, none]);
});

test("the parts join as base64 texts", () => {
  const { head, rest } = pngAround(picture);
  const text = [head, palette, rest].map((part) => Buffer.from(part).toString("base64")).join("");
  expect(text).toBe(Buffer.concat([head, palette, rest]).toString("base64"));
});

test("enlarging repeats pixels and costs little", () => {
  expect([...enlarged(picture, 2).indices]).toEqual([0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 2, 2, 1, 1, 0, 0, 2, 2, 1, 1, 0, 0]);
  const noise = { width: 240, height: 128, indices: Uint8Array.from({ length: 240 * 128 }, (_, i) => (i * i * 31 + i) % 64) };
  const large = pngAround(enlarged(noise, 6)).rest;
  expect(large.length).toBeLessThan(2 * pngAround(noise).rest.length + 40_000);
  expect(() => inflateSync(large.subarray(13 + 8, -16))).not.toThrow();
});
