import { NO_PAGE } from "../policy.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CompressionCache, INCOMPRESSIBLE, slotQuarters, zipCap } from "./compression.ts";

test("a page takes a quarter of a machine page up to 1 KB, half of one up to 2 KB, else it is swapped", () => {
  expect([0, 1, 1024, 1025, 2048, 2049, 4096].map(slotQuarters)).toEqual([1, 1, 1, 2, 2, INCOMPRESSIBLE, INCOMPRESSIBLE]);
});

test("the cap is a tenth of the VM", () => {
  expect(zipCap(1000, 10)).toBe(100);
  expect(zipCap(19, 10)).toBe(1);
  expect(zipCap(9, 10)).toBe(0);
});

test("machine pages are taken as they are begun, and the cache says when it is full", () => {
  const cache = new CompressionCache(100, 2);
  const pages = [cache.pages];
  for (const ppn of [10, 11, 12]) {
    cache.put(ppn, 2);
    pages.push(cache.pages);
  }
  expect(pages).toEqual([0, 1, 1, 2]);
  cache.put(13, 1);
  expect(cache.fits(1)).toBe(true);
  expect(cache.fits(2)).toBe(false);
  expect(cache.oldest).toBe(10);
  cache.remove(10);
  expect(cache.fits(3)).toBe(true);
  expect([cache.pages, cache.zippedPages, cache.oldest]).toEqual([2, 3, 11]);
});

test("a cache without room holds nothing", () => {
  const cache = new CompressionCache(9, zipCap(9, 10));
  expect(cache.fits(1)).toBe(false);
  expect(cache.oldest).toBe(NO_PAGE);
});

test("our own mistakes are seen", () => {
  const cache = new CompressionCache(10, 1);
  cache.put(3, 2);
  expect(() => cache.put(3, 1)).toThrow("bug: PPN 3 is put into 1 quarters");
  expect(() => cache.put(4, INCOMPRESSIBLE)).toThrow("bug: PPN 4 is put into 0 quarters");
  expect(() => cache.remove(4)).toThrow("bug: PPN 4 is not in the compression cache");
  cache.put(4, 2);
  expect(() => cache.put(5, 1)).toThrow("bug: PPN 5 is put into 1 quarters");
});

test("behaves as a list of pages in the order in which they came", () => {
  const act = fc.record({ ppn: fc.nat(30), zbytes: fc.nat(3000), touch: fc.boolean() });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(act, { maxLength: 200, size: "max" }), (capPages, acts) => {
      const fast = new CompressionCache(31, capPages);
      const slow: { ppn: number; bytes: number }[] = [];
      const bytes = (): number => slow.reduce((sum, page) => sum + page.bytes, 0);
      for (const { ppn, zbytes, touch } of acts) {
        const at = slow.findIndex((page) => page.ppn === ppn);
        expect(fast.quartersOf(ppn) > 0).toBe(at >= 0);
        if (at >= 0) {
          if (!touch) continue;
          slow.splice(at, 1);
          fast.remove(ppn);
        } else if (zbytes <= 2048) {
          const room = zbytes <= 1024 ? 1024 : 2048;
          const evicted: number[] = [];
          while (!fast.fits(slotQuarters(zbytes))) {
            evicted.push(fast.oldest);
            fast.remove(fast.oldest);
          }
          const expected: number[] = [];
          while (bytes() + room > 4096 * capPages) expected.push(slow.shift()?.ppn ?? NO_PAGE);
          expect(evicted).toEqual(expected);
          slow.push({ ppn, bytes: room });
          fast.put(ppn, slotQuarters(zbytes));
        }
        expect([fast.oldest, fast.zippedPages, fast.pages]).toEqual([slow[0]?.ppn ?? NO_PAGE, slow.length, Math.ceil(bytes() / 4096)]);
        expect(fast.pages).toBeLessThanOrEqual(capPages);
      }
    }),
    { seed: 1, numRuns: 80 },
  );
});
