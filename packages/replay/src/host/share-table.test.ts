import { NONE } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ABSENT, HINT, SHARED, ShareTable } from "./share-table.ts";

test("a page leaves a hint, is shared with a second, and stays shared when the second is written", () => {
  const table = new ShareTable(10);
  expect(table.find(0, 7, 9)).toBe(NONE);
  table.placeHint(3, 0, 7, 9);
  expect(table.find(0, 7, 9)).toBe(3);
  table.promote(3);
  table.reference(3);
  expect([table.refsOf(3), table.sharedPages, table.references]).toEqual([2, 1, 2]);
  expect(table.unreference(3)).toBe(1);
  expect([table.kindOf(3), table.find(0, 7, 9)]).toEqual([SHARED, 3]); // a third page still finds it
  expect(table.unreference(3)).toBe(0);
  expect([table.kindOf(3), table.find(0, 7, 9), table.sharedPages, table.references]).toEqual([ABSENT, NONE, 0, 0]);
});

test("pages of different salt do not meet, nor contents that differ in one half of the hash", () => {
  const one = new ShareTable(1); // a single chain: nothing is told apart by where it lies
  one.placeHint(0, 5, 7, 9);
  expect([one.find(6, 7, 9), one.find(5, 7, 8), one.find(5, 8, 9), one.find(5, 7, 9)]).toEqual([NONE, NONE, NONE, 0]);
  const table = new ShareTable(10);
  table.placeHint(1, 5, 7, 9);
  table.placeHint(2, 6, 7, 9);
  expect([table.find(5, 7, 9), table.find(6, 7, 9)]).toEqual([1, 2]);
});

test("a stale hint gives way to the page that found it, wherever that had a hint before", () => {
  const table = new ShareTable(10);
  table.placeHint(1, 0, 100, 0);
  table.placeHint(2, 0, 200, 0);
  table.replaceStale(1, 2);
  expect([table.find(0, 100, 0), table.find(0, 200, 0), table.hints]).toEqual([2, NONE, 1]);
  expect(table.kindOf(1)).toBe(ABSENT);
});

test("a page leaves one hint at a time", () => {
  const table = new ShareTable(10);
  table.placeHint(1, 0, 100, 0);
  table.placeHint(1, 0, 200, 0);
  expect([table.find(0, 100, 0), table.find(0, 200, 0), table.hints]).toEqual([NONE, 1, 1]);
  table.remove(1);
  table.remove(1);
  expect([table.find(0, 200, 0), table.hints]).toEqual([NONE, 0]);
});

test("a thousand pages with the first thousand contents are all found", () => {
  const table = new ShareTable(1000);
  for (let mpn = 0; mpn < 1000; mpn++) table.placeHint(mpn, mpn % 3, mpn, 0);
  for (let mpn = 0; mpn < 1000; mpn++) expect(table.find(mpn % 3, mpn, 0)).toBe(mpn);
});

test("our own mistakes are seen", () => {
  const table = new ShareTable(10);
  table.placeHint(1, 0, 5, 5);
  expect(() => table.placeHint(2, 0, 5, 5)).toThrow("bug: MPN 2 leaves a hint where there is an entry");
  expect(() => table.reference(1)).toThrow("bug: MPN 1 is not shared and is referenced");
  expect(() => table.unreference(1)).toThrow("bug: MPN 1 is not shared and loses a reference");
  expect(() => table.replaceStale(2, 1)).toThrow("bug: MPN 1 replaces MPN 2, which is no other hint");
  table.promote(1);
  expect(() => table.promote(1)).toThrow("bug: MPN 1 is no hint and becomes shared");
  expect(() => table.remove(1)).toThrow("bug: MPN 1 is shared and removed as a hint");
  expect(() => table.placeHint(1, 0, 6, 6)).toThrow("bug: MPN 1 is shared and leaves a hint");
});

const PAGES = 12;

test("behaves as a map from content to entry", () => {
  const halves = fc.constantFrom(0, 1, 2, 0x8000_0000, 0xffff_ffff);
  const act = fc.record({ mpn: fc.nat(PAGES - 1), salt: fc.nat(2), low: halves, high: fc.constantFrom(0, 0xffff_ffff), does: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 120, size: "max" }), (acts) => {
      const fast = new ShareTable(PAGES);
      const slow = new Map<string, { mpn: number; refs: number }>(); // refs 0: a hint
      const entryOf = (mpn: number): string | undefined => [...slow].find(([, entry]) => entry.mpn === mpn)?.[0];
      for (const { mpn, salt, low, high, does } of acts) {
        const key = `${salt} ${low} ${high}`;
        const found = slow.get(key);
        const own = entryOf(mpn);
        const shared = own !== undefined && (slow.get(own)?.refs ?? 0) > 0;
        expect(fast.find(salt, low, high)).toBe(found?.mpn ?? NONE);
        if (does === 0) {
          // The page is gone, or one of those that share it.
          if (shared) {
            const left = (slow.get(own)?.refs ?? 0) - 1;
            expect(fast.unreference(mpn)).toBe(left);
            if (left === 0) slow.delete(own);
            else slow.set(own, { mpn, refs: left });
          } else {
            fast.remove(mpn);
            if (own !== undefined) slow.delete(own);
          }
        } else if (found === undefined) {
          if (shared) continue;
          fast.placeHint(mpn, salt, low, high);
          if (own !== undefined) slow.delete(own);
          slow.set(key, { mpn, refs: 0 });
        } else if (found.refs > 0) {
          fast.reference(found.mpn);
          found.refs++;
        } else if (does === 1) {
          if (shared || found.mpn === mpn) continue;
          fast.replaceStale(found.mpn, mpn);
          if (own !== undefined) slow.delete(own);
          slow.set(key, { mpn, refs: 0 });
        } else {
          fast.promote(found.mpn);
          found.refs = 1;
        }
        const entries = [...slow.values()];
        const refs = Array.from({ length: PAGES }, () => 0);
        const kinds = Array.from({ length: PAGES }, () => ABSENT);
        for (const entry of entries) {
          refs[entry.mpn] = entry.refs;
          kinds[entry.mpn] = entry.refs === 0 ? HINT : SHARED;
        }
        expect(refs.map((_, page) => fast.refsOf(page))).toEqual(refs);
        expect(kinds.map((_, page) => fast.kindOf(page))).toEqual(kinds);
        expect([fast.hints, fast.sharedPages, fast.references]).toEqual([
          entries.filter((entry) => entry.refs === 0).length,
          entries.filter((entry) => entry.refs > 0).length,
          entries.reduce((sum, entry) => sum + entry.refs, 0),
        ]);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});
