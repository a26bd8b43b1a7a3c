import { assert, type Params, readParams, seededRandom, type Values } from "@tidemark/data/shapes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { missCount } from "./miss-count.ts";
import { ACCESSED, DIRTY, NO_PAGE, type Policy, type PolicyView, type Reclaimer } from "./policy.ts";

/** A policy written with plain arrays, to be told and asked the same. */
export type SlowModel = (view: PolicyView) => Reclaimer;
type Given = { readonly [name: string]: string | number };

const PAGES = 10;
const defaultsOf = (policy: Policy): Values<Params> => readParams(policy.name, policy.params, {});
const seeded = () => seededRandom(1, "vm", "policy-laws");

/** Paging on demand with sets and lists; the page each access pushed out, NO_PAGE for a fault into a free page, "." for a hit. */
function play(policy: Policy, create: SlowModel, capacity: number, pages: readonly number[]): (number | ".")[] {
  const resident = new Set<number>();
  const accessed = new Set<number>();
  let now = 0;
  const reclaimer = create({
    pages: PAGES,
    capacity: () => capacity,
    random: seeded(),
    takeBits(page) {
      assert(policy.sees === "bits" && resident.has(page), `bits of ${page}`);
      return accessed.delete(page) ? ACCESSED : 0;
    },
    nextUse(page) {
      assert(policy.sees === "future" && pages[now] === page, `future of ${page}`);
      const next = pages.indexOf(page, now + 1);
      return next < 0 ? Infinity : next;
    },
  });
  return pages.map((page, i) => {
    now = i;
    if (resident.has(page)) {
      accessed.add(page);
      reclaimer.touched?.(page, false);
      return ".";
    }
    let victim = NO_PAGE;
    if (resident.size === capacity) {
      victim = reclaimer.victim(page);
      assert(resident.delete(victim), `${victim} is not resident`);
      accessed.delete(victim);
      reclaimer.removed(victim, true);
    }
    resident.add(page);
    reclaimer.admitted(page, false);
    return victim;
  });
}

/**
 * Plays "a b c a d" and writes, under each access, the page that it pushed out: "." for a hit, "+" for a fault into a free page.
 */
export function victimsOf(policy: Policy, capacity: number, text: string, given: Given = {}): string {
  const names = [...new Set(text.split(" "))];
  const pages = text.split(" ").map((name) => names.indexOf(name));
  const create: SlowModel = (view) => policy.create(view, readParams(policy.name, policy.params, given));
  return play(policy, create, capacity, pages)
    .map((mark) => (mark === "." ? "." : mark === NO_PAGE ? "+" : names[mark]))
    .join(" ");
}
export const missesIn = (marks: string): number => marks.split(" ").filter((mark) => mark !== ".").length;

/** Fewest misses there can be: give up the page needed last (Belady 1966). */
export function fewestMisses(pages: readonly number[], capacity: number): number {
  const resident = new Set<number>();
  let misses = 0;
  pages.forEach((page, i) => {
    if (resident.has(page)) return;
    misses++;
    const nextOf = (p: number): number => (pages.includes(p, i) ? pages.indexOf(p, i) : Infinity);
    if (resident.size === capacity) resident.delete([...resident].reduce((a, b) => (nextOf(b) > nextOf(a) ? b : a)));
    resident.add(page);
  });
  return misses;
}

/** What a host does; the page is meant where the deed has one. */
const DEEDS = ["touch", "touch", "touch", "write", "free", "page out", "ask", "reclaim", "hold back", "release", "resize", "tick"] as const;
interface Deed {
  readonly deed: (typeof DEEDS)[number];
  readonly page: number;
}
const deeds = fc.array(fc.record({ deed: fc.constantFrom(...DEEDS), page: fc.nat(PAGES - 1) }), { maxLength: 120, size: "max" });

/**
 * A host that touches, frees, pages out and holds back pages in any order, moves the VM's target, and asks for victims, for a page or for none.
 * Every answer is checked; all of them, and those of emptying the VM at the end, are returned.
 */
function answersOf(policy: Policy, create: SlowModel, list: readonly Deed[]): number[] {
  const resident = new Set<number>();
  const held = new Set<number>();
  const bits = new Uint8Array(PAGES);
  const answers: number[] = [];
  let capacity = 5;
  let now = 0;
  let touching = NO_PAGE;
  const reclaimer = create({
    pages: PAGES,
    capacity: () => capacity,
    random: seeded(),
    takeBits(page) {
      assert(policy.sees === "bits" && resident.has(page), `bits of ${page}`);
      const taken = bits[page];
      bits[page] &= ~ACCESSED;
      return taken;
    },
    nextUse(page) {
      assert(policy.sees === "future" && page === touching, `future of ${page}`);
      const next = list.findIndex((d, i) => i > now && d.page === page);
      return next < 0 ? Infinity : next;
    },
  });
  const admit = (page: number, isWrite: boolean): void => {
    touching = page;
    resident.add(page);
    bits[page] = isWrite ? DIRTY : 0;
    reclaimer.admitted(page, isWrite);
  };
  const remove = (page: number, isPagedOut: boolean): void => {
    resident.delete(page);
    reclaimer.removed(page, isPagedOut);
  };
  const ask = (incoming: number): number => {
    const victim = reclaimer.victim(incoming);
    assert(resident.size === 0 ? victim === NO_PAGE : resident.has(victim), `${victim} of ${[...resident].join(" ")}`);
    answers.push(victim);
    return victim;
  };
  list.forEach(({ deed, page }, i) => {
    now = i;
    const isWrite = deed === "write";
    if (deed === "touch" || isWrite) {
      if (held.has(page)) return;
      if (resident.has(page)) {
        touching = page;
        bits[page] |= isWrite ? ACCESSED | DIRTY : ACCESSED;
        reclaimer.touched?.(page, isWrite);
      } else {
        while (resident.size >= capacity) remove(ask(page), true);
        admit(page, isWrite);
      }
    } else if (deed === "free" || deed === "page out") {
      if (resident.has(page)) remove(page, deed === "page out");
    } else if (deed === "ask") ask(NO_PAGE);
    else if (deed === "reclaim") {
      const victim = ask(NO_PAGE);
      if (victim !== NO_PAGE) remove(victim, true);
    } else if (deed === "hold back") {
      const victim = ask(NO_PAGE);
      if (victim === NO_PAGE) return;
      remove(victim, false);
      held.add(victim);
    } else if (deed === "release") {
      for (const kept of held) admit(kept, false);
      held.clear();
    } else if (deed === "resize") capacity = 1 + page;
    else reclaimer.tick?.(i * 1e9);
  });
  while (resident.size > 0) remove(ask(NO_PAGE), true);
  ask(NO_PAGE);
  return answers;
}

/** Every parameter at both ends of its range, and at every choice, with the others as they are. */
function extremesOf(params: Params): Given[] {
  return Object.entries(params).flatMap(([name, param]) =>
    (param.type === "choice" ? param.choices : [param.min, param.max]).map((value) => ({ [name]: value })),
  );
}

/** What every policy owes. Called once from each policy's test, with a slow model where the textbook leaves nothing open. */
export function policyLaws(policy: Policy, model?: SlowModel): void {
  const trace = fc.array(fc.nat(PAGES - 1), { minLength: 1, maxLength: 80, size: "max" });
  const memory = fc.integer({ min: 1, max: PAGES });
  const check = (law: (pages: number[], capacity: number) => void) => fc.assert(fc.property(trace, memory, law), { seed: 1, numRuns: 200 });
  const checkDeeds = (law: (list: Deed[]) => void, numRuns = 200) => fc.assert(fc.property(deeds, law), { seed: 1, numRuns });
  const create: SlowModel = (view) => policy.create(view, defaultsOf(policy));
  const count = (pages: readonly number[], capacity: number): number =>
    missCount(Uint32Array.from(pages), PAGES, capacity, policy, defaultsOf(policy), seeded());

  describe(`${policy.name} obeys the policy laws`, () => {
    test("the same accesses give the same victims, and the misses that are counted", () => {
      check((pages, capacity) => {
        const marks = play(policy, create, capacity, pages);
        expect(play(policy, create, capacity, pages)).toEqual(marks);
        expect(count(pages, capacity)).toBe(marks.filter((mark) => mark !== ".").length);
      });
    });
    test("every page misses once while all fit, and no policy misses less than the optimum", () => {
      check((pages, capacity) => {
        expect(count(pages, PAGES)).toBe(new Set(pages).size);
        expect(count(pages, capacity)).toBeGreaterThanOrEqual(fewestMisses(pages, capacity));
      });
    });
    test("whatever the host does, victims are resident pages, and repeated asking empties the VM", () => {
      checkDeeds((list) => {
        expect(answersOf(policy, create, list)).toEqual(answersOf(policy, create, list));
      });
    });
    test("it is told no more than it says it sees", () => {
      const { touched } = create({ pages: 1, capacity: () => 1, random: seeded(), takeBits: () => 0, nextUse: () => 0 });
      expect(touched !== undefined).toBe(policy.sees === "touches" || policy.sees === "future");
    });
    for (const given of extremesOf(policy.params)) {
      test(`so it does with ${JSON.stringify(given)}`, () => {
        const values = readParams(policy.name, policy.params, given);
        checkDeeds((list) => void answersOf(policy, (view) => policy.create(view, values), list), 60);
      });
    }
    if (model === undefined) return;
    test("it agrees with a slow model", () => {
      check((pages, capacity) => {
        expect(play(policy, create, capacity, pages)).toEqual(play(policy, model, capacity, pages));
      });
      checkDeeds((list) => {
        expect(answersOf(policy, create, list)).toEqual(answersOf(policy, model, list));
      });
    });
  });
}
