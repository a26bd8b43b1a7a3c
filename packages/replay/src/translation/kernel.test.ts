import { InputError, seededRandom } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { core } from "../core.ts";
import { native } from "../modes/native.ts";
import { nestedFlat } from "../modes/nested-flat.ts";
import { nested } from "../modes/nested.ts";
import { shadow } from "../modes/shadow.ts";
import { Kernel } from "./kernel.ts";
import { PAGE_SIZES } from "./page-size.ts";
import { slowTranslation } from "./slow-translation.ts";
import { countersOf, mixedLevels, row, translate, type Setting, type Step } from "./testing.ts";

// The laws of the modes (mode-laws.ts) play few pages: of a wide set they never fill all ways. Here sets are full, of every width that the
// kernel treats in its own way, and geometries are of the odd kinds that a user may give.
const cache = fc
  .record({ ways: fc.constantFrom<number>(1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 24), sets: fc.constantFrom(1, 1, 2, 4) })
  .map(({ ways, sets }) => ({ ways, entries: ways * sets }));
const wide = fc
  .record({ ways: fc.integer({ min: 5, max: 40 }), sets: fc.constantFrom(1, 1, 2) })
  .map(({ ways, sets }) => ({ ways, entries: ways * sets }));
const holds = fc.constantFrom<readonly (readonly ("4k" | "2m" | "1g")[])[]>(
  [["4k", "2m", "1g"]],
  [["4k"], ["2m", "1g"]],
  [["4k", "2m"]],
  [],
);
const levels = fc.constantFrom<readonly (readonly number[])[]>([[1], [2], [3], [4]], [[1, 2, 3, 4]], [[2], [3, 4]], [[4]], [[2, 3]], []);
const tlb = (each: typeof cache) =>
  fc.tuple(holds, each, each).map(([sizes, ...made]) => sizes.map((size, i) => ({ holds: [...size], ...made[i] })));
const paging = fc
  .tuple(levels, cache, cache, cache, cache)
  .map(([tables, ...made]) => tables.map((level, i) => ({ tables: [...level], ...made[i] })));
const geometry = fc
  .record({
    l1: tlb(cache),
    l1Fetch: fc.option(tlb(cache), { nil: undefined }),
    l2: tlb(wide),
    paging,
    hostPaging: paging,
    nestedTlb: fc.option(cache, { nil: null }),
    pdesInL2: fc.boolean(),
  })
  .map((drawn) => {
    const pdesInL2 =
      drawn.pdesInL2 && drawn.l2.some(({ holds: sizes }) => sizes.includes("4k")) && !drawn.paging.some(({ tables }) => tables.includes(1));
    return core({ ...drawn, pdesInL2, name: "odd", about: "drawn", source: "this test" });
  });

const ROWS = 1500;
/**
 * Pages of several tables at every level, the lower ones more often; some come again soon, some late. `together`: rows after which a
 * mapping of another size may follow.
 */
function traceOf(seed: number, pages: number, vcpus: number, firstPpn: number, { tracedLevel }: Setting = {}, together = 1): Step[] {
  const random = seededRandom(seed, "vm", "kernel test");
  const upTo = (n: number): number => Math.floor(random() * n);
  const all = Array.from({ length: pages }, (_, i) => ({ i, vpn: (i % 3) * 2 ** 18 + (i % 5) * 2 ** 27 + (i % 7) * 512 + i }));
  const bySize = [1, 2, 3]
    .map((level) => all.filter(({ vpn }) => (tracedLevel?.(1, vpn) ?? 1) === level))
    .filter(({ length }) => length > 0);
  let alike = all;
  return Array.from({ length: ROWS }, (_, at) => {
    if (at % together === 0) alike = bySize[upTo(bySize.length)];
    const page = alike[upTo(3) === 0 ? upTo(alike.length) : upTo(Math.ceil(alike.length / 4))];
    return row(page.vpn, firstPpn + page.i * 300, { vcpu: upTo(vcpus), kind: upTo(3), count: 1 + (upTo(4) === 0 ? upTo(5) : 0) });
  });
}

const setting = fc.record({
  guestPages: fc.constantFrom("4k" as const, "4k" as const, "2m" as const, "1g" as const),
  hostPages: fc.constantFrom("4k" as const, "4k" as const, "2m" as const, "1g" as const),
  levels: fc.constantFrom(4, 5),
  hostLevels: fc.constantFrom(4, 5),
});
const mixed = fc.record({ guestPages: fc.constant("trace" as const), tracedLevel: fc.nat(1e6).map(mixedLevels) });
const mode = fc.constantFrom(native, nested, nestedFlat, shadow);

/** With other seeds and more runs: TIDEMARK_SEED=7 TIDEMARK_RUNS=20. */
const { TIDEMARK_SEED = "1", TIDEMARK_RUNS = "1" } = process.env;
const search = (traces: number) => ({ seed: Number(TIDEMARK_SEED), numRuns: traces * Number(TIDEMARK_RUNS) });

function asSlow(steps: readonly Step[], chosen: Setting, each: ReturnType<typeof core>, by: typeof native): Record<string, number> {
  const counters = countersOf(translate(steps, { ...chosen, cores: [each], modes: [by] }));
  expect(counters).toEqual(slowTranslation(steps, chosen, each, by));
  return counters;
}

test("counts as the slow model does on cores of any geometry, their sets full", () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.constantFrom(20, 60, 150),
      fc.constantFrom(1, 1, 2),
      setting,
      geometry,
      mode,
      (seed, pages, vcpus, chosen, drawn, by) => {
        asSlow(traceOf(seed, pages, vcpus, 7), chosen, drawn, by);
      },
    ),
    search(60),
  );
});

test("the same with mappings of three sizes side by side, row by row and in stretches", () => {
  let several = 0;
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.constantFrom(20, 60, 150),
      fc.constantFrom(1, 1, 1, 2),
      fc.constantFrom(1, 2, 40, 300),
      setting,
      mixed,
      geometry,
      mode,
      (seed, pages, vcpus, together, drawn, sizes, each, by) => {
        const chosen = { ...drawn, ...sizes };
        const counters = asSlow(traceOf(seed, pages, vcpus, 7, chosen, together), chosen, each, by);
        const misses = PAGE_SIZES.filter((size) => counters[`odd ${by.name}: tlb misses ${size}`] > 0);
        if (misses.length > 1) several++;
      },
    ),
    search(60),
  );
  expect(several).toBeGreaterThan(30);
});

/** No TLB holds anything. What a walk finds in each cache depends on what the walk before it lacked in the one before: the third is not as the second. */
const walksOnly = core({
  name: "walks only",
  about: "no TLB, a chain of small walk caches",
  source: "this test",
  l1: [],
  l2: [],
  paging: [],
  hostPaging: [1, 2, 3].map((level) => ({ tables: [level], entries: 1, ways: 1 })),
  nestedTlb: { entries: 4, ways: 1 },
});

test("every access of a row that no TLB remembers is walked for itself", () => {
  for (const seed of [0, 1, 2]) asSlow(traceOf(seed, 20, 1, 7), {}, walksOnly, nested);
});

test("the same with guest-physical addresses of 2^31 pages and more", () => {
  fc.assert(
    fc.property(fc.nat(1000), setting, geometry, fc.constantFrom(nested, nestedFlat), (seed, chosen, drawn, by) => {
      asSlow(traceOf(seed, 40, 1, 2 ** 31 - 20 * 300), { ...chosen, configuredPages: 2 ** 31 + 2 ** 20 }, drawn, by);
    }),
    { seed: 1, numRuns: 6 },
  );
});

/** Nearly every access misses, nearly every miss asks the nested TLB for two PPNs, and it has one set. */
const oneSet = (ways: number, upperWays: number) =>
  core({
    name: "one set",
    about: "each cache of one set",
    source: "this test",
    l1: [{ holds: ["4k"], entries: 1, ways: 1 }],
    l2: [],
    paging: [{ tables: [2], entries: 4, ways: 4 }],
    hostPaging: [
      { tables: [1], entries: upperWays, ways: upperWays },
      { tables: [2], entries: 2, ways: 2 },
    ],
    nestedTlb: { entries: ways, ways },
  });

test("counts as the slow model does with every way of a set that stays in registers", () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.constantFrom(16, 16, 15, 4),
      fc.constantFrom(1, 2, 3, 4),
      fc.constantFrom(10, 14, 18),
      (seed, ways, upper, pages) => {
        asSlow(traceOf(seed, pages, 1, 7), {}, oneSet(ways, upper), nested);
      },
    ),
    { seed: 1, numRuns: 20 },
  );
});

test("the longest walk there is", () => {
  const bare = core({
    name: "bare",
    about: "nothing but a page",
    source: "this test",
    l1: [{ holds: ["4k"], entries: 1, ways: 1 }],
    l2: [],
    paging: [],
    hostPaging: [],
    nestedTlb: null,
  });
  const steps = traceOf(1, 20, 1, 7);
  const chosen: Setting = { levels: 5, hostLevels: 5 };
  asSlow(steps, chosen, bare, nested);
  const { "bare nested: walks 35 references": longest, "bare nested: walks all": all } = countersOf(
    translate(steps, { ...chosen, cores: [bare], modes: [nested] }),
  );
  expect(longest).toBe(all);
});

/** Caches as large as they come: those of 256 vCPUs take many times the memory that there is at first. */
const huge = core({
  name: "huge",
  about: "65,536 of everything",
  source: "this test",
  l1: [{ holds: ["4k"], entries: 65_536, ways: 64 }],
  l2: [{ holds: ["4k"], entries: 65_536, ways: 1 }],
  paging: [],
  hostPaging: [],
  nestedTlb: { entries: 65_536, ways: 1 },
});

test("sets are picked by the VPN, by more of its bits than an entry's place in one table, too", () => {
  const direct = core({
    name: "direct",
    about: "one way, more sets than a table has entries",
    source: "this test",
    l1: [{ holds: ["4k"], entries: 1024, ways: 1 }],
    l2: [{ holds: ["4k"], entries: 8192, ways: 1 }],
    paging: [],
    hostPaging: [],
    nestedTlb: null,
  });
  const random = seededRandom(1, "vm", "kernel test");
  const steps = Array.from({ length: 2000 }, () => Math.floor(random() * 16)).map((i) => row(i * 512 + (i % 2), i));
  const counters = asSlow(steps, {}, direct, nested);
  // 16 pages in 4 sets of the first level, in 16 of the second.
  expect(counters).toMatchObject({ "direct nested: tlb misses 4k": 16 });
  expect(counters["direct nested: tlb L2 hits 4k"]).toBeGreaterThan(1000);
});

test("a batch of more rows than the kernel takes at once, of as many vCPUs as there can be", () => {
  const steps = Array.from({ length: 70_000 }, (_, i) => row(i % 700, i % 700, { vcpu: (i >> 4) % 256 }));
  const chosen: Setting = { cores: [huge], modes: [nested] };
  const counters = countersOf(translate(steps, { ...chosen, batchRows: 70_000 }));
  expect(counters).toEqual(countersOf(translate(steps, { ...chosen, batchRows: 5000 })));
  // Nothing is ever pushed out: every vCPU misses once for each page that it has.
  const pairs = new Set(steps.map((step) => (step.is === "row" ? `${step.vcpu} ${step.vpn}` : ""))).size;
  expect(counters).toMatchObject({ "huge nested: tlb misses 4k": pairs, "huge nested: tlb L1 hits 4k": 70_000 - pairs });
});

test("memory beyond 32 bits of address is the user's to know of", () => {
  expect(() => new Kernel().ints(2 ** 30 + 2 ** 26)).toThrow(
    new InputError(
      "translation: the page tables, TLBs and walk caches of a VM take 4.25 GiB, more than there is or 4 GiB; take fewer modes or cores at once, or a cut of the trace",
    ),
  );
});
