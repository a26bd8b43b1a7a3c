import fc from "fast-check";
import { policies } from "../policies.ts";

/** Random parameters of everything that acts on a host: the rest of a scenario, beside its VMs and its host. */
const period = fc.constantFrom(undefined, "500ms", "1s", "2s", "3s");
const maybe = <T>(...values: readonly T[]) => fc.constantFrom(undefined, ...values);
/** A mechanism is off, as it is by default, or has parameters of its own. */
const mechanism = (params: { readonly [name: string]: fc.Arbitrary<unknown> }) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant("off") },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 7, arbitrary: fc.record(params).map(given) },
  );
const given = (record: { readonly [name: string]: unknown }): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const named = policies.filter(({ sees }) => sees !== "future").map(({ name }) => name);
const policy = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(undefined, ...named) },
  // Those that remember what was paged out, and those that tick.
  { weight: 2, arbitrary: fc.constantFrom("2q", "arc", "lirs", "s3fifo") },
  { weight: 2, arbitrary: fc.constantFrom({ name: "wsclock", window: "2s" }, { name: "mglru", period: "1s" }) },
);
const estimator = fc.oneof(
  fc.record({
    name: fc.constant("esx-sampler"),
    pages: fc.constantFrom(1, 10, 100),
    period: fc.constantFrom("1s", "2s", "5s"),
    report: fc.constantFrom("period", "always"),
  }),
  fc.record({ name: fc.constant("abit-scan"), period: fc.constantFrom("1s", "3s") }),
);

const balloon = {
  poll: period,
  rate: fc.constantFrom(1, 3, 20, 1000),
  max: maybe(0, 30, 100, 100),
  boot: maybe("2s", "500ms"),
  freeOrder: maybe("lifo", "fifo"),
  guestLru: maybe("exact", "two-lists", "two-lists"),
};
/** Waits that make a difference to traces of a few seconds. */
const LONG_WAITS = {
  firstTouch: "20ms",
  zeroing: "500ns",
  copyOnWrite: "300ms",
  decompression: "70ms",
  swapIn: "250ms",
  guestSwapIn: "1s",
  guestSwapOut: "10ms",
  doublePaging: "300ms",
  blocked: "40ms",
  largeBreak: "50ms",
};
/** Most scenarios have none, or one, of the alternatives. */
const unlessFew = (params: { readonly [name: string]: fc.Arbitrary<unknown> }) =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom("off", undefined) }, { weight: 2, arbitrary: fc.record(params).map(given) });
/** What goes to swap needs swap. */
const suited = <M extends { readonly swap: unknown }>(each: M): M =>
  each.swap === "off" ? { ...each, proactive: undefined, senpai: undefined } : each;
const scanner = {
  scanner: maybe("esx", "ksm", "ksm"),
  pagesToScan: maybe(1, 3, 30),
  sleep: fc.constantFrom("90ms", "300ms", "1s"),
};
const rest = {
  allocation: fc.record({ idleTax: maybe(0, 0.5, 0.99), period, margin: maybe(0, 0.3, 1), hysteresis: maybe(0, 0.5) }).map(given),
  share: mechanism({
    scanTime: fc.constantFrom("1s", "4s", "20s"),
    hostRate: maybe(1, 7, 30),
    period,
    salting: maybe("per-vm", "none"),
    contents: maybe("end-state"),
    ...scanner,
  }),
  compress: mechanism({ maxPercent: maybe(0, 2, 5, 25, 100), unknownBytes: maybe(500, 1500, 4096) }),
  swap: fc.oneof(
    { weight: 1, arbitrary: fc.constant("off") },
    { weight: 8, arbitrary: fc.record({ policy, rate: maybe(1, 3, 1000), period, scan: period }).map(given) },
  ),
  stallCosts: maybe<object>({ blocked: "0ns", firstTouch: "3ns", zeroing: "0ns" }, LONG_WAITS, LONG_WAITS),
  freePageReporting: unlessFew({ period }),
  proactive: unlessFew({ age: fc.constantFrom("1s", "2500ms", "4s"), quota: fc.constantFrom(1, 3, 1000), period, scan: period }),
  senpai: unlessFew({ ratio: fc.constantFrom(0.05, 0.3, 1), threshold: fc.constantFrom(0.5, 20, 100), period }),
  clock: fc.constantFrom("open", "open", "dilated"),
  timeScale: fc.constantFrom(1, 1, 1, 2, 0.5, 0.7),
  seed: fc.nat(9),
  estimator,
  window: fc.constantFrom("1s", "3s", "2500ms"),
  sample: fc.constantFrom("1s", "700ms", "2s"),
};

export const mechanisms = fc.record({ ...rest, balloon: mechanism(balloon) }).map(suited);

const growing = { ...balloon, max: fc.constantFrom(20, 50, 100), boot: fc.constant(undefined) };
const pressing = fc.record({ period: fc.constantFrom("500ms", "1s", "2s"), margin: maybe(0, 0.3), hysteresis: maybe(0) }).map(given);

/** Guests that report what is free, mostly. */
export const reportingMechanisms = fc
  .record({
    ...rest,
    balloon: mechanism(balloon),
    freePageReporting: fc.oneof(fc.constant("off"), fc.record({ period }).map(given), fc.constant("on")),
  })
  .map(suited);

/** Balloons that may grow, and a scanner that frees some memory later, so that they shrink again. */
export const pressedMechanisms = fc
  .record({
    ...rest,
    share: fc.oneof(
      fc.constant("off"),
      fc
        .record({
          scanTime: fc.constantFrom("5s", "20s"),
          period,
          salting: maybe("none"),
          contents: maybe("end-state", "end-state", "end-state"),
          ...scanner,
        })
        .map(given),
    ),
    balloon: fc.record(growing).map(given),
    allocation: pressing,
  })
  .map(suited);

/** Balloons that ask the guest for pages in use, again and again. */
export const guestMechanisms = fc
  .record({
    ...rest,
    share: fc.constant("off"),
    swap: fc.constantFrom("off", "off", {}),
    balloon: fc
      .record({ ...growing, poll: fc.constantFrom("500ms", "1s"), rate: fc.constantFrom(1, 3, 20), guestLru: fc.constant("two-lists") })
      .map(given),
    allocation: pressing,
  })
  .map(suited);
