import { NONE } from "@tidemark/data";
import { expect, test } from "vitest";
import { ANONYMOUS, KERNEL, kindOfGfp, PAGE_CACHE, UNKNOWN_KIND } from "./page-kind.ts";

// Flags as captured from a Linux 6.1 guest's mm_page_alloc.
test.each([
  ["an anonymous page (GFP_HIGHUSER_MOVABLE | __GFP_ZERO)", 0x140dca, ANONYMOUS],
  ["a tmpfs page (GFP_HIGHUSER_MOVABLE)", 0x140cca, PAGE_CACHE],
  ["a page table (GFP_KERNEL_ACCOUNT | __GFP_ZERO)", 0x400dc0, KERNEL],
  ["a slab page", 0xd20d0, KERNEL],
  ["no flags recorded", NONE, UNKNOWN_KIND],
])("%s", (_, gfp, kind) => {
  expect(kindOfGfp(gfp)).toBe(kind);
});
