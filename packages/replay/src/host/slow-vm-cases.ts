import fc from "fast-check";
import type { Content, Told, Touch } from "../testing.ts";
import { PAGES_PER_BLOCK } from "./slow-machine.ts";

const PAGE = 4096;
const END_S = 12;
/** Mostly whole and quarter seconds, where the ticks are. */
const time = fc.oneof(
  fc.nat(END_S),
  fc.nat(4 * END_S).map((quarters) => quarters / 4),
  fc.nat(END_S * 1000).map((ms) => ms / 1000),
);
const few = <T>(each: fc.Arbitrary<T>, maxLength: number) => fc.array(each, { maxLength, size: "max" });

/** What the VMs of a family of cases have in common. Of listed values each VM has one; undefined: the scenario's default. */
export interface VmFamily {
  readonly pagesMin: number;
  readonly pagesMax: number;
  readonly backings: readonly string[];
  /** Single accesses. */
  readonly touchesMax: number;
  /** How often at least, when, and to what part all memory is touched in one go; of large VMs every so many pages. */
  readonly sweepsMin: number;
  readonly sweepS: readonly number[];
  readonly sweepParts: readonly number[];
  readonly sweepStep: number;
  /** Blocks of 2 MB that are freed whole, at most. */
  readonly freedBlocks: number;
  /** Of what the VM touches, percent; NaN: no limit. */
  readonly limitPercents: readonly number[];
  readonly drivers: readonly (boolean | undefined)[];
}

const run = (s: number, first: number, pages: number, step: number, op: Touch["op"]): Touch[] =>
  Array.from({ length: Math.ceil(pages / step) }, (_, i) => ({ s, ppn: first + step * i, op }));

function vmOf(pages: number, family: VmFamily) {
  // Mostly few pages again and again, some anywhere, a few beyond the VM's memory.
  const ppn = fc.oneof(
    { weight: 5, arbitrary: fc.nat(Math.min(pages - 1, 12)) },
    { weight: 5, arbitrary: fc.nat(pages - 1) },
    { weight: 1, arbitrary: fc.nat(pages + 3) },
  );
  const op = fc.constantFrom("R" as const, "R" as const, "W" as const, "X" as const);
  const single = fc.record({ s: time, ppn, op, count: fc.integer({ min: 1, max: 3 }) });
  const pass = fc.tuple(time, ppn, fc.integer({ min: 2, max: 40 }), op).map(([s, first, n, each]) => run(s, first, n, 1, each));
  const sweep = fc
    .tuple(fc.constantFrom(...family.sweepS), fc.constantFrom(...family.sweepParts), op)
    .map(([s, part, each]) => run(s, 0, pages * part, family.sweepStep, each));
  const event = fc.constantFrom("alloc" as const, "free" as const);
  const part = fc.record({ s: time, event, ppn: fc.nat(pages + 1), pages: fc.constantFrom(1, 1, 3, 16, 64) });
  const block = fc.nat(Math.floor(pages / PAGES_PER_BLOCK)).map((number) => number * PAGES_PER_BLOCK);
  const whole = fc.record({ s: time, event: fc.constant("free" as const), ppn: block, pages: fc.constant(PAGES_PER_BLOCK) });
  const told = fc.tuple(few<Told>(part, 12), few<Told>(whole, family.freedBlocks)).map((events) => events.flat());
  const hash = fc.constantFrom(0n, 1n, 2n, 2n ** 40n + 1n);
  const zbytes = fc.constantFrom(0, 1, 1024, 1025, 2048, 2049, 4096);
  const content = fc.record({ s: fc.oneof(fc.constant(END_S), fc.constant(0), time), ppn: fc.nat(pages - 1), hash, zbytes });
  const alike = fc
    .record({ from: fc.nat(pages - 1), hash, zbytes })
    .map(({ from, ...same }): Content[] => Array.from({ length: pages - from }, (_, i) => ({ s: END_S, ppn: from + i, ...same })));
  return fc.record({
    pages: fc.constant(pages),
    touches: fc
      .tuple(
        fc.array(single, { minLength: 1, maxLength: family.touchesMax, size: "max" }),
        few(pass, 3),
        fc.array(sweep, { minLength: family.sweepsMin, maxLength: 2 }),
      )
      .map((parts): Touch[] => parts.flat(2)),
    told: fc.oneof(
      fc.constant<Told[]>([]),
      told,
      told.map((rest): Told[] => [{ s: 0, event: "alloc", ppn: 0, pages }, ...rest]),
    ),
    contents: fc.oneof(fc.constant<Content[]>([]), few<Content>(content, 40), alike, alike),
    copies: fc.constantFrom(1, 1, 1, 2),
    reservedPercent: fc.constantFrom(0, 0, 0, 0, 0, 10, 50),
    limitPercent: fc.constantFrom(...family.limitPercents),
    /** After its first access. */
    stopMs: fc.constantFrom(undefined, undefined, undefined, undefined, 1, 4000, 6250, 30_000),
    settings: fc.record({
      backing: fc.constantFrom(...family.backings),
      stagger: fc.constantFrom(undefined, "250ms", "1s", "3500ms"),
      start: fc.constantFrom(undefined, undefined, "1s", "1500ms"),
      shares: fc.constantFrom(undefined, "high", "low", 1, 500),
      driver: fc.constantFrom(...family.drivers),
      guestSwap: fc.constantFrom(undefined, undefined, undefined, 0, 2 * PAGE, 12 * PAGE),
      salt: fc.constantFrom(undefined, undefined, "a", "b"),
    }),
  });
}

/** A random VM, with its trace. */
export const vms = (family: VmFamily) => fc.integer({ min: family.pagesMin, max: family.pagesMax }).chain((pages) => vmOf(pages, family));

export type VmShape = ReturnType<typeof vms> extends fc.Arbitrary<infer Shape> ? Shape : never;
