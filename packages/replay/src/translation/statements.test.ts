import type { TracedVm } from "@tidemark/data";
import { expect, test } from "vitest";
import { statementsOf, type StatementFacts } from "./statements.ts";
import { event, row, translate, type Setting, type Step } from "./testing.ts";

const vm: TracedVm = {
  name: "vm",
  ppns: "captured",
  rows: 1,
  accesses: 1,
  reads: 1,
  writes: 0,
  fetches: 1,
  firstNs: 0,
  lastNs: 0,
  virtualPages: 1,
  guestPhysicalPages: 1,
  highestPpn: 1,
  inferredPpnRows: 0,
  allocatorEvents: 0,
  guestEvents: 0,
  contents: 0,
  meminfoSamples: 0,
  configuredBytes: null,
  configuredFrom: null,
  order: "exact",
  spacesFrom: "switches",
};
const steps: readonly Step[] = [event("switch", { space: 1 }), row(0, 1), row(600, 2), event("fault"), event("fault")];

function said(more: Partial<StatementFacts> = {}, setting: Setting = {}, from: readonly Step[] = steps): string {
  const { tables, watch } = translate(from, { ...setting, cores: [], modes: [] });
  const facts = { vm, tables, guest: watch.counters, isPhysicalOnly: false, hasInvlpgs: true, hasHost: true, warm: false, fetches: 1 };
  return statementsOf({ ...facts, guestPages: setting.guestPages ?? "4k", ...more }).join("\n");
}

test("what is told of shadow and nested tables is told where there are some", () => {
  const native = said({ hasHost: false }, {}, [row(0, 1)]);
  expect(native).toMatch(/no page-fault events; .* not in the figures$/m);
  expect(native).not.toMatch(/shadow|nested/);
});

test("a complete trace is told what no trace shows", () => {
  expect(said().split("\n")).toEqual([
    "vm with 4k guest pages: 2 page-table writes are known to have happened but not where (faults without a new or changed mapping after them); no trap was counted for them",
    "vm with 4k guest pages: the PPNs of 5 of 5 page tables are made up, above the VM's memory",
    "vm: shadow and nested tables start empty; in a short trace most hidden faults and EPT violations are first touches, which a warm start leaves out",
    "vm: a mapping first seen without a page fault before it counts as there from the start: the page-table writes that made it are not in the figures, nor are those of fork, exit and munmap that no event shows",
  ]);
});

test("larger pages are a what-if that keeps the faults of the smaller ones", () => {
  const lines = said({}, { guestPages: "2m" });
  expect(lines).toContain("vm with 2m guest pages: a what-if");
  expect(lines).toContain("its 2 page faults are still those of the guest as captured, which had to map smaller pages: with larger ones");
  expect(said({ guestPages: "trace" })).not.toMatch(/what-if|guest pages:/);
});

test("page tables are the guest's, not the shadow tables that smaller host pages need", () => {
  expect(said({}, { guestPages: "2m", hostPages: "2m" })).toContain("3 of 3 page tables");
  expect(said({}, { guestPages: "2m", hostPages: "4k" })).toContain("3 of 3 page tables");
});

test("without page-fault events shadow paging is called too cheap", () => {
  expect(said()).not.toContain("no page-fault events");
  expect(said({}, {}, steps.slice(0, 3))).toContain("the trace has no page-fault events");
});

test("without address spaces only the CR3 loads of events show", () => {
  const unknown = { vm: { ...vm, spacesFrom: "unknown" as const } };
  expect(said(unknown)).toContain("only the 1 CR3 loads of its events show context switches");
  expect(said(unknown, {}, [row(0, 1)])).toContain("context switches do not show");
});

test("without virtual addresses nothing is said of what the guest's tables could show", () => {
  const lines = said({ isPhysicalOnly: true, vm: { ...vm, spacesFrom: "unknown" } }, {}, [row(0, 0)]);
  expect(lines).toContain("EPT violations hold; TLB misses and walks are those of that mapping");
  expect(lines).not.toMatch(/no address spaces|no page-fault events|a mapping first seen/);
});

test("accesses beyond memory are counted, and said to be left out", () => {
  expect(said()).not.toContain("beyond the configured memory");
  expect(said({}, { configuredPages: 2 }, [row(0, 1), row(600, 2, { count: 3 })])).toContain(
    "vm: accesses at or beyond the configured memory, and in no figure: 3; a larger size would take them in",
  );
});

test("without guest-physical addresses, and without fetches", () => {
  expect(said({ vm: { ...vm, ppns: "synthesised" } })).toContain("TLB misses, native and shadow walks hold");
  expect(said({ fetches: 0 })).toContain("no row is an instruction fetch");
  expect(said()).not.toContain("no row is an instruction fetch");
});
