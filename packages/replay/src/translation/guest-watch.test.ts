import { describe, expect, test } from "vitest";
import { skylake } from "../cores/skylake.ts";
import { native } from "../modes/native.ts";
import { event, row, translate, type Setting, type Step } from "./testing.ts";

/** What the guest was seen to do, zeros left out. */
const seen = (steps: readonly Step[], setting: Setting = {}) =>
  Object.fromEntries(Object.entries(translate(steps, { ...setting, modes: [] }).watch.counters).filter(([, value]) => value !== 0));

const KERNEL = 2 ** 52 - 3;

describe("a page-table write", () => {
  test("is a changed PPN, with the INVLPG it implies", () => {
    expect(seen([row(0, 1), row(0, 2), row(0, 2)])).toEqual({ tableWrites: 1, invlpgs: 1, invlpgsImplied: 1 });
  });
  test("implies no INVLPG where the trace has its own", () => {
    expect(seen([row(0, 1), event("invlpg"), row(0, 2)], { hasInvlpgs: true })).toEqual({ tableWrites: 1, invlpgs: 1 });
  });
  test("is not a page first seen without a fault, nor another space", () => {
    expect(seen([row(0, 1), row(1, 2), row(0, 3, { space: 2 }), row(0, 1)])).toEqual({ cr3Loads: 2, cr3LoadsImplied: 2 });
  });
  test("is what a fault does for the next new page, with the tables it needs", () => {
    expect(seen([row(0, 1), event("fault"), row(1, 2)])).toEqual({ faults: 1, tableWrites: 1 });
    expect(seen([row(0, 1), event("fault"), row(512, 2)])).toEqual({ faults: 1, tableWrites: 2 });
    expect(seen([row(0, 1), event("fault"), row(2 ** 27, 2)])).toEqual({ faults: 1, tableWrites: 4 });
  });
  test("waits for a page of the faulting space: kernel rows and other spaces answer no fault", () => {
    const steps = [
      row(0, 1),
      event("fault"),
      row(KERNEL, 9),
      event("switch", { space: 2 }),
      row(7, 3, { space: 2 }),
      event("switch", { space: 1 }),
    ];
    expect(seen(steps)).toMatchObject({ faults: 1, writesNotLocated: 1 });
    expect(seen([...steps, row(1, 2)])).toEqual({ cr3Loads: 2, faults: 1, tableWrites: 1 });
  });
  test("of a fault that nothing shows is counted as not located", () => {
    expect(seen([row(0, 1), event("fault"), row(0, 1), event("fault"), row(1, 2)])).toEqual({
      faults: 2,
      writesNotLocated: 1,
      tableWrites: 1,
    });
  });
  test("of a write-protect fault is located by the write that is tried again, copied or not", () => {
    const wp = [row(0, 1), event("fault"), event("wp"), row(KERNEL, 9), row(5, 5)];
    expect(seen([...wp, row(0, 1, { kind: 1 })])).toEqual({ faults: 1, tableWrites: 1 });
    expect(seen([...wp, row(0, 2, { kind: 1 })])).toEqual({ faults: 1, tableWrites: 1, invlpgs: 1, invlpgsImplied: 1 });
  });
  test("is not inferred in the user half of windowed traces or unknown spaces, but is in the kernel half", () => {
    const steps = [row(0, 1), row(0, 2), row(KERNEL, 1), row(KERNEL, 2)];
    expect(seen(steps, { isExact: false })).toEqual({ ambiguousChanges: 1, tableWrites: 1, invlpgs: 1, invlpgsImplied: 1 });
    const nowhere = steps.map((step) => ({ ...step, space: 0 }));
    expect(seen(nowhere)).toEqual({ ambiguousChanges: 1, tableWrites: 1, invlpgs: 1, invlpgsImplied: 1 });
  });
  test("of the kernel half is one, whichever space sees it", () => {
    const spaces = [1, 2, 1, 2];
    expect(seen(spaces.map((space, i) => row(KERNEL, i < 2 ? 1 : 2, { space })))).toMatchObject({ tableWrites: 1 });
  });
  test("of a large mapping is as many as its most often changed page had", () => {
    const moved = (pages: readonly number[], ppn: number) => pages.map((vpn) => row(vpn, ppn + vpn));
    const steps = [...moved([0, 1, 2], 10), ...moved([0, 1, 2], 20), ...moved([1], 30)];
    expect(seen(steps)).toMatchObject({ tableWrites: 4 });
    expect(seen(steps, { guestPages: "2m" })).toMatchObject({ tableWrites: 2 });
  });
});

describe("map and unmap events", () => {
  test("are writes, one per leaf entry; what they replace is invalidated", () => {
    const steps = [row(0, 1), row(1, 2), row(2, 3), event("unmap", { vpn: 0, count: 2 }), event("map", { vpn: 0, ppn: 8 }), row(0, 8)];
    expect(seen(steps)).toEqual({ tableWrites: 3, invlpgs: 2, invlpgsImplied: 2 });
  });
  test("of pages that the trace never accesses are not located", () => {
    expect(seen([row(0, 1), event("map", { vpn: 100, count: 3, ppn: 7 })])).toEqual({ writesNotLocated: 3 });
  });
  test("of a large mapping are one write, located by whichever of its pages the trace accesses", () => {
    const mapped: Setting = { guestPages: "trace", tracedLevel: (_, vpn) => (vpn < 1024 ? 2 : 1) };
    const steps = [row(700, 1), event("map", { vpn: 0, count: 1026, ppn: 7 })];
    expect(seen(steps, mapped)).toMatchObject({ tableWrites: 1, writesNotLocated: 3 });
  });
});

describe("rows that show nothing new, in one space", () => {
  test("imply a CR3 load where another was loaded", () => {
    expect(seen([row(0, 1), event("switch", { space: 2 }), row(0, 1), row(0, 1)])).toEqual({ cr3Loads: 2, cr3LoadsImplied: 1 });
  });
  test("answer a write-protect fault where they write", () => {
    expect(seen([row(0, 1), event("wp"), row(0, 1), row(0, 1, { kind: 1 })])).toEqual({ faults: 1, tableWrites: 1 });
  });
  test("belong to their own vCPUs", () => {
    const rows = [row(0, 1), row(1, 2, { vcpu: 1 }), row(0, 1), row(1, 2, { vcpu: 1 })];
    expect(translate([...rows, event("fault"), ...rows], { modes: [native], cores: [skylake] }).translators[0].counters.misses[0]).toBe(2);
  });
});

test("accesses outside the configured memory take no part", () => {
  const steps = [row(0, 1), row(0, 500, { count: 7 }), row(0, 1)];
  expect(seen(steps, { configuredPages: 100 })).toEqual({ outsideMemory: 7 });
  const vm = translate(steps, { configuredPages: 100 });
  for (const { counters } of vm.translators) expect(counters.accesses).toBe(2);
});

test("a map event of a PPN outside memory brings no access in", () => {
  const steps = [row(0, 1), event("map", { vpn: 0, ppn: 500 }), row(0, 500)];
  expect(seen(steps, { configuredPages: 100 })).toMatchObject({ outsideMemory: 1, tableWrites: 1 });
});
