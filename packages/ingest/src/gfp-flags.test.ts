import { expect, test } from "vitest";
import { gfpFlags } from "./gfp-flags.ts";

test.each([
  ["GFP_KERNEL", 0xcc0],
  ["GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP", 0x14_0dca],
  ["0x140dca", 0x14_0dca],
  ["GFP_USER|0x100", 0x10_0dc0],
  ["GFP_NOWAIT|__GFP_OF_TOMORROW", 0x800],
  ["none", 0],
])("%s", (text, flags) => {
  expect(gfpFlags(text)).toBe(flags);
  expect(gfpFlags(text), "the second time").toBe(flags);
});
