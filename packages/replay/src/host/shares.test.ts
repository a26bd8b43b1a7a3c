import { expect, test } from "vitest";
import { sharesOf } from "./shares.ts";

test("a level's shares grow with the VM, a number's do not", () => {
  const gigabyte = 2 ** 18;
  expect(sharesOf("normal", gigabyte)).toBe(10_240); // RMG: 10 × 1024 for a VM of 1 GB
  expect(sharesOf("high", gigabyte)).toBe(20_480);
  expect(sharesOf("low", gigabyte)).toBe(5_120);
  expect(sharesOf("normal", 2 * gigabyte)).toBe(20_480);
  expect(sharesOf(777, gigabyte)).toBe(777);
});
