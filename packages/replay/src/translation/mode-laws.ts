import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { core } from "../core.ts";
import { cores } from "../cores.ts";
import type { Mode } from "../mode.ts";
import { modes } from "../modes.ts";
import { PAGE_SIZES } from "./page-size.ts";
import { slowTranslation } from "./slow-translation.ts";
import { countersOf, mixedLevels, translate, type Setting, type Step } from "./testing.ts";

/** A core so small that every cache of it overflows in a short trace. */
const tiny = core({
  name: "tiny",
  about: "two of everything",
  source: "this test",
  l1: [{ holds: ["4k", "2m"], entries: 2, ways: 1 }],
  l1Fetch: [{ holds: ["4k"], entries: 1, ways: 1 }],
  l2: [{ holds: ["4k", "2m", "1g"], entries: 4, ways: 2 }],
  pdesInL2: true,
  paging: [
    { tables: [2], entries: 1, ways: 1 },
    { tables: [3], entries: 1, ways: 1 },
  ],
  hostPaging: [{ tables: [1, 2, 3], entries: 2, ways: 2 }],
  nestedTlb: { entries: 2, ways: 2 },
});

const KERNEL = 2 ** 52 - 2 ** 35;
const vpn = fc.constantFrom(
  0,
  0,
  1,
  1,
  2,
  511,
  512,
  513,
  2 ** 18,
  2 ** 18 + 1,
  2 ** 27,
  2 ** 34,
  KERNEL,
  KERNEL + 1,
  KERNEL + 600,
  2 ** 52 - 1,
);
const ppn = fc.constantFrom(0, 1, 2, 3, 4, 600, 5000, 2 ** 18 + 1);
const when = { gap: fc.constantFrom(0, 0, 1, 10, 60, 400), vcpu: fc.constantFrom(0, 0, 0, 1) };
const space = fc.constantFrom(0, 4096, 4096, 4096, 4096, 8192, 12288);
const rowStep = fc.record({ is: fc.constant("row" as const), ...when, space, vpn, ppn, kind: fc.nat(2), count: fc.constantFrom(1, 1, 3) });
const eventStep = fc.record({
  is: fc.constantFrom(
    "switch" as const,
    "invlpg" as const,
    "fault" as const,
    "fault" as const,
    "wp" as const,
    "map" as const,
    "unmap" as const,
  ),
  ...when,
  space,
  vpn: fc.oneof(vpn, fc.constant(NaN)),
  ppn: fc.oneof(ppn, fc.constant(0xffff_ffff)),
  count: fc.constantFrom(1, 2, 3),
});
/** Rows of one 2 MB region: of one size, and of few pages. */
const stretch = fc.tuple(rowStep, fc.array(rowStep, { minLength: 3, maxLength: 12 })).map(([first, more]) =>
  [first, ...more].map((step) => ({
    ...step,
    vcpu: first.vcpu,
    space: first.space,
    vpn: first.vpn - (first.vpn % 512) + (step.vpn % 3),
    ppn: (first.vpn % 7) + (step.vpn % 3),
  })),
);
const forgetStep = fc.record({ is: fc.constant("forget" as const), ppn });
/** A pair stays as it is most of the time: PPNs are drawn anew for few rows. */
const trace = fc
  .array(
    fc.oneof(
      { arbitrary: rowStep.map((step) => [step]), weight: 8 },
      { arbitrary: rowStep.map((step) => [{ ...step, ppn: (step.vpn % 7) + 1 }]), weight: 30 },
      { arbitrary: stretch, weight: 2 },
      { arbitrary: eventStep.map((step) => [step]), weight: 10 },
      { arbitrary: forgetStep.map((step) => [step]), weight: 2 },
    ),
    { minLength: 20, maxLength: 250, size: "max" },
  )
  .map((drawn): Step[] => {
    let ns = 0;
    return drawn.flat().map((step) => {
      if (step.is === "forget") return step;
      const { gap, ...rest } = step;
      ns += gap;
      return { ...rest, ns };
    });
  });
const setting = fc.record({
  guestPages: fc.constantFrom("4k" as const, "2m" as const, "1g" as const, "trace" as const, "trace" as const),
  tracedLevel: fc.nat(1e6).map(mixedLevels),
  hostPages: fc.constantFrom("4k" as const, "4k" as const, "2m" as const, "1g" as const),
  levels: fc.constantFrom(4, 4, 5),
  hostLevels: fc.constantFrom(4, 4, 5),
  tagged: fc.boolean(),
  isExact: fc.constantFrom(true, true, true, false),
  hasInvlpgs: fc.boolean(),
  warm: fc.boolean(),
  spacesAreRoots: fc.boolean(),
  configuredPages: fc.constantFrom(2 ** 20, 5000),
  given: fc.record({
    shadow: fc.record({ tablePages: fc.constantFrom(0, 8) }),
    "shadow-lazy": fc.record({ tablePages: fc.constantFrom(0, 9), flood: fc.constantFrom(1, 3) }),
    agile: fc.record({ interval: fc.constantFrom(100, 1000), start: fc.constantFrom("shadow", "nested") }),
  }),
});

/** What must have moved in some of the traces for the comparison to mean anything. */
const ALWAYS = [
  "tlb L1 hits 4k",
  "tlb L2 hits 4k",
  "tlb misses 4k",
  "tlb misses 2m",
  "tlb misses 1g",
  "guest page-table writes",
  "guest ambiguous changes",
];

/** With other seeds and more runs: TIDEMARK_SEED=7 TIDEMARK_RUNS=20. */
const { TIDEMARK_SEED = "1", TIDEMARK_RUNS = "1" } = process.env;
const search = (traces: number) => ({ seed: Number(TIDEMARK_SEED), numRuns: traces * Number(TIDEMARK_RUNS) });

/** Sizes that the TLB was asked for, of several mappings in one trace. */
const sizesSeen = (counters: Record<string, number>): number =>
  PAGE_SIZES.filter((size) => Object.entries(counters).some(([name, value]) => value > 0 && name.includes(": tlb ") && name.endsWith(size)))
    .length;

/** What every mode owes. Called once from each mode's test, with the counters that its random traces must be seen to move. */
export function modeLaws(mode: Mode, moves: readonly string[]): void {
  describe(`${mode.name} obeys the mode laws`, () => {
    test("is listed", () => {
      expect(modes).toContain(mode);
    });

    test("counts as the slow model does, on every core", () => {
      const moved = new Map<string, number>();
      let mixed = 0;
      fc.assert(
        fc.property(
          trace,
          setting,
          fc.constantFrom(...cores, tiny, tiny, tiny, tiny),
          fc.constantFrom(1, 3, 65_536),
          (steps, drawn, core, batchRows) => {
            const chosen: Setting = { ...drawn, cores: [core], modes: [mode], batchRows };
            const counters = countersOf(translate(steps, chosen));
            expect(counters).toEqual(slowTranslation(steps, chosen, core, mode));
            if (sizesSeen(counters) > 1) mixed++;
            for (const [name, value] of Object.entries(counters)) {
              const counter = name.split(": ")[1];
              if (value > 0) moved.set(counter, (moved.get(counter) ?? 0) + 1);
            }
          },
        ),
        search(120),
      );
      expect(mixed, "traces with mappings of several sizes").toBeGreaterThan(20);
      for (const counter of [...ALWAYS, ...moves]) expect(moved.get(counter) ?? 0, counter).toBeGreaterThan(4);
    });

    test("no TLB or walk cache ever holds what the tables no longer say", () => {
      fc.assert(
        fc.property(trace, setting, fc.constantFrom(...cores, tiny, tiny), (steps, drawn, core) => {
          translate(steps, { ...drawn, cores: [core], modes: [mode], batchRows: 1, checked: true });
        }),
        search(60),
      );
    });

    test("rows per batch change no counter", () => {
      fc.assert(
        fc.property(trace, setting, (steps, drawn) => {
          const chosen: Setting = { ...drawn, cores: [tiny], modes: [mode] };
          const [one, seven, most] = [1, 7, 65_536].map((batchRows) => countersOf(translate(steps, { ...chosen, batchRows })));
          expect(seven).toEqual(one);
          expect(most).toEqual(one);
        }),
        { seed: 2, numRuns: 30 },
      );
    });

    test("changes nothing that the guest does", () => {
      fc.assert(
        fc.property(trace, setting, (steps, drawn) => {
          const guestOf = (chosen: readonly Mode[]) => translate(steps, { ...drawn, cores: [tiny], modes: chosen }).watch.counters;
          expect(guestOf([mode])).toEqual(guestOf([]));
        }),
        { seed: 3, numRuns: 20 },
      );
    });
  });
}
