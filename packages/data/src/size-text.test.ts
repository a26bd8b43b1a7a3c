import { expect, test } from "vitest";
import { InputError } from "./fail.ts";
import { BLOCK_PAGES, formatPages, PAGE_BYTES, parseSize } from "./size-text.ts";

test("a 2 MB block is 512 pages of 4 KB", () => {
  expect([PAGE_BYTES, BLOCK_PAGES * PAGE_BYTES]).toEqual([4096, 2 * 2 ** 20]);
});

test.each([
  ["4096", 4096],
  ["4096B", 4096],
  [65_536, 65_536],
  ["4KiB", 4096],
  ["256MiB", 2 ** 28],
  ["256 MB", 2 ** 28],
  [" 1.5GiB ", 1.5 * 2 ** 30],
  ["1TB", 2 ** 40],
])("%j is %d bytes", (text, bytes) => {
  expect(parseSize(text, "--size")).toBe(bytes);
});

test.each(["", "0", "0MiB", "4095", "1KiB", "-4096", "256M", "256mib", "0.0001GiB", "1e9", "99999999TiB", "MiB", "1 GiB 2"])(
  "%j is refused",
  (text) => {
    const message = `--size: "${text}" is not a memory size in whole 4 KB pages; write for example 256MiB or 1GiB`;
    expect(() => parseSize(text, "--size")).toThrow(new InputError(message));
  },
);

test.each([
  [0, "0 KiB"],
  [1, "4 KiB"],
  [255, "1,020 KiB"],
  [256, "1 MiB"],
  [56_275, "219.8 MiB"],
  [-33_063, "−129.2 MiB"],
  [262_144, "1 GiB"],
  [917_504, "3.5 GiB"],
  [2 ** 28, "1 TiB"],
])("%d pages read %s", (pages, text) => {
  expect(formatPages(pages)).toBe(text);
});
