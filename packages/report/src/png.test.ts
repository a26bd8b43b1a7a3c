import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { waterfall } from "./charts/waterfall.ts";
import { chartPng } from "./png.ts";
import { chartSvg } from "./svg.ts";
import { exampleRun } from "./testing.ts";

test("a PNG has twice the SVG's size, letters in it, and the same bytes each time", async () => {
  const svg = await chartSvg(waterfall, exampleRun());
  const png = Buffer.from(chartPng(svg));
  const width = Number(/<svg [^>]*width="([\d.]+)"/.exec(svg)?.[1]);
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBe(2 * width);
  const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  expect(digest(chartPng(svg))).toBe(digest(png));
  const blank = chartPng(svg.replaceAll(/<text[^>]*>[^<]*<\/text>/g, ""));
  expect(png.length).toBeGreaterThan(blank.length + 5_000);
});
