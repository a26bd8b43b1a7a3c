import fc from "fast-check";
import { readParams } from "@tidemark/data";
import { expect, test } from "vitest";
import { ACCESSED, DIRTY, NO_PAGE } from "../policy.ts";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { clock } from "./clock.ts";
import { wsclock } from "./wsclock.ts";

policyLaws(wsclock);

/** Pages admitted by hand, with a window of 10 s and bits set by hand. */
function byHand() {
  const bits = new Uint8Array(8);
  const looked: number[] = [];
  const takeBits = (page: number): number => {
    looked.push(page);
    const taken = bits[page];
    bits[page] &= ~ACCESSED;
    return taken;
  };
  const params = readParams(wsclock.name, wsclock.params, { window: "10s" });
  const reclaimer = wsclock.create({ pages: 8, capacity: () => 8, random: () => 0, takeBits, nextUse: () => NaN }, params);
  const admit = (...pages: number[]): void => {
    for (const page of pages) reclaimer.admitted(page, false);
  };
  const at = (s: number): void => reclaimer.tick?.(s * 1e9);
  const reclaim = (): number => {
    const victim = reclaimer.victim(NO_PAGE);
    if (victim !== NO_PAGE) reclaimer.removed(victim, true);
    return victim;
  };
  return { bits, looked, admit, at, reclaim };
}

test("a page not accessed for a window goes, wherever it stands", () => {
  const { bits, admit, at, reclaim } = byHand();
  admit(0, 1, 2, 3);
  at(6);
  bits[0] = bits[1] = bits[3] = ACCESSED;
  expect(reclaim()).toBe(2); // none is idle yet: second chance, and the hand has seen 0 and 1
  bits[3] = ACCESSED;
  at(16);
  expect([reclaim(), reclaim()]).toEqual([0, 1]); // 3 was seen used just now
});

test("a page is not idle before a window has passed since it came; without idle pages the one used longest ago goes", () => {
  const { bits, admit, at, reclaim } = byHand();
  admit(0, 1);
  at(9);
  admit(2);
  bits[0] = ACCESSED;
  at(12);
  expect([reclaim(), reclaim()]).toEqual([1, 2]); // idle for 12 s; came 3 s ago; 0 was seen used just now
});

test("a page is as old as its admission", () => {
  const { bits, admit, at, reclaim } = byHand();
  admit(0, 1);
  at(5);
  bits[0] = ACCESSED;
  expect(reclaim()).toBe(1);
  at(9);
  admit(2);
  at(12);
  expect(reclaim()).toBe(0); // used at 5 s; 2 came at 9 s
});

test("after a turn in vain it looks for idle pages when there can be one again", () => {
  const { bits, looked, admit, at, reclaim } = byHand();
  admit(0, 1, 2, 3, 4);
  at(4);
  bits.fill(ACCESSED, 0, 4);
  expect(reclaim()).toBe(4); // the second chance: the others were seen used at 4 s
  at(10);
  bits[1] = ACCESSED;
  expect(reclaim()).toBe(0); // a turn in vain: 0, 2 and 3 were used at 4 s
  bits[2] = ACCESSED;
  looked.length = 0;
  at(13);
  expect(reclaim()).toBe(1); // nobody can be idle before 14 s
  expect(looked).toEqual([1]);
  at(14);
  expect(reclaim()).toBe(3); // 2 was used since
});

test("a clean idle page goes before a dirty one, which is passed over once", () => {
  const { bits, admit, at, reclaim } = byHand();
  admit(0, 1, 2, 3);
  bits[0] = DIRTY;
  at(10);
  expect(reclaim()).toBe(1);
  admit(4);
  at(20);
  expect([2, 3, 0, 4].map(reclaim)).toEqual([2, 3, 0, 4]);
});

test("a dirty page is passed over again once it was used or came back", () => {
  const used = byHand();
  used.admit(0, 1);
  used.bits[0] = DIRTY;
  used.at(10);
  expect(used.reclaim()).toBe(1);
  used.bits[0] = ACCESSED | DIRTY;
  used.admit(2);
  used.at(12);
  expect(used.reclaim()).toBe(2); // the hand sees that 0 was used
  used.admit(3);
  used.at(22);
  expect(used.reclaim()).toBe(3);

  const back = byHand();
  back.admit(0, 1);
  back.bits[0] = DIRTY;
  back.at(10);
  expect([back.reclaim(), back.reclaim()]).toEqual([1, 0]);
  back.admit(0, 2);
  back.at(20);
  expect(back.reclaim()).toBe(2);
});

test("dirty idle pages go before those in use", () => {
  const { bits, admit, at, reclaim } = byHand();
  admit(0, 1, 2);
  bits[0] = ACCESSED;
  bits[1] = bits[2] = DIRTY;
  at(10);
  expect([reclaim(), reclaim(), reclaim(), reclaim()]).toEqual([1, 2, 0, NO_PAGE]);
});

test("having been asked in vain leaves nothing behind", () => {
  const { bits, admit, at, reclaim } = byHand();
  at(10);
  expect(reclaim()).toBe(NO_PAGE);
  admit(0, 1);
  bits[0] = DIRTY;
  at(20);
  expect(reclaim()).toBe(1);
});

test("without a clock it is the second chance", () => {
  const text = fc.array(fc.constantFrom(..."abcdefgh"), { minLength: 1, maxLength: 60 }).map((names) => names.join(" "));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 8 }), (accesses, capacity) => {
      expect(victimsOf(wsclock, capacity, accesses)).toBe(victimsOf(clock, capacity, accesses));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("it ticks eight times a window", () => {
  expect(wsclock.tickNs?.({ window: 8e9 })).toBe(1e9);
});
