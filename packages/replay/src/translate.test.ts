import { assert, exitsTable, GUEST_KINDS, guestBatch, pickTable, rowsOf, SWITCH, translationTable, type Trace } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { replay } from "./replay.ts";
import { scenarioSchema, type Scenario } from "./scenario.ts";
import { traceOf, type HandWritten, type Touch } from "./testing.ts";
import { translate } from "./translate.ts";

const written: HandWritten = {
  vms: ["a", "b"],
  touches: [1, 2, 3, 4, 5, 6].flatMap((s): Touch[] => [
    { s, ppn: s % 3, vpn: s % 3, space: 1, op: "W", count: 2 },
    { s, ppn: s, vpn: 7, space: 5, op: "R", vm: 1 },
  ]),
};
const scenarioOf = (trace: Trace, translation: object, vms = trace.manifest.vms.map(({ name }) => name)): Scenario =>
  scenarioSchema.parse({
    vms: vms.map((vm) => ({ trace: "t", vm })),
    translation: { core: "none", modes: ["native", "nested"], ...translation },
  });
const translated = (trace: Trace, translation: object = {}, vms?: string[]) =>
  translate({ scenario: scenarioOf(trace, translation, vms), open: () => trace, tool: "test", progress: () => {} });
const textOf = async (trace: Trace, translation: object = {}, vms?: string[]): Promise<string[]> => {
  const { tables } = await translated(trace, translation, vms);
  const table = pickTable(tables, translationTable);
  assert(table !== undefined, "a table of counters");
  return rowsOf(table)
    .filter(({ value }) => value > 0)
    .map(({ vm, mode, core, group, counter, value }) => [vm, mode, core, group, counter, value].filter((word) => word !== "").join(" "));
};

test("each VM is counted by itself, in the order of the table", async () => {
  expect(await textOf(traceOf(written))).toEqual([
    "a native none tlb accesses 12",
    "a native none tlb misses 4k 12",
    "a native none walks all 12",
    "a native none walks 4 references 12",
    "a native none references all 48",
    "a nested none tlb accesses 12",
    "a nested none tlb misses 4k 12",
    "a nested none walks all 12",
    "a nested none walks 24 references 12",
    "a nested none references all 288",
    "a nested none references host tables 240",
    "a nested none exits ept violation 7",
    "a nested none hypervisor table pages at the end 4",
    "a nested none hypervisor table pages at most 4",
    "b trace guest invlpgs 5",
    "b trace guest invlpgs implied 5",
    "b trace guest page-table writes 5",
    "b native none tlb accesses 6",
    "b native none tlb misses 4k 6",
    "b native none walks all 6",
    "b native none walks 4 references 6",
    "b native none references all 24",
    "b nested none tlb accesses 6",
    "b nested none tlb misses 4k 6",
    "b nested none walks all 6",
    "b nested none walks 24 references 6",
    "b nested none references all 144",
    "b nested none references host tables 120",
    "b nested none exits ept violation 10",
    "b nested none hypervisor table pages at the end 4",
    "b nested none hypervisor table pages at most 4",
  ]);
});

test("rows per batch and the VMs beside it change nothing", async () => {
  const all = await textOf(traceOf(written));
  for (const batchRows of [1, 7]) expect(await textOf(traceOf({ ...written, batchRows }))).toEqual(all);
  expect(await textOf(traceOf(written), {}, ["b"])).toEqual(all.filter((line) => line.startsWith("b ")));
});

test("guest events are played between the accesses", async () => {
  const trace = traceOf({ touches: [1, 3].map((s): Touch => ({ s, ppn: 1, vpn: 1, space: 1, op: "R" })) });
  const withSwitch: Trace = {
    ...trace,
    async *guestEvents() {
      const batch = guestBatch(1);
      batch.length = 1;
      batch.kind[0] = SWITCH;
      batch.timeNs[0] = 2e9;
      batch.space[0] = 1;
      batch.vpn[0] = NaN;
      yield batch;
    },
  };
  expect(GUEST_KINDS[SWITCH]).toBe("switch");
  const lines = await textOf(withSwitch, { core: "skylake", modes: ["shadow"], tagged: false });
  expect(lines).toContain("vm shadow skylake exits cr3 load 1");
  expect(lines).toContain("vm shadow skylake tlb misses 4k 2");
});

test("exits by interval add up to the counters", async () => {
  const { tables } = await translated(traceOf(written), { modes: "all", core: ["none", "skylake"] });
  const exits = pickTable(tables, exitsTable);
  const counters = pickTable(tables, translationTable);
  assert(exits !== undefined && counters !== undefined, "both tables");
  const sums = new Map<string, number>();
  for (const { vm, core, mode, reason, exits: n, from, time } of rowsOf(exits)) {
    expect(from).toBeLessThan(time);
    sums.set(`${vm} ${core} ${mode} ${reason}`, (sums.get(`${vm} ${core} ${mode} ${reason}`) ?? 0) + n);
  }
  const counted = rowsOf(counters).filter(({ group, value }) => group === "exits" && value > 0);
  expect(counted.length).toBeGreaterThan(8);
  expect(sums).toEqual(new Map(counted.map(({ vm, core, mode, counter, value }) => [`${vm} ${core} ${mode} ${counter}`, value])));
});

test("a replay counts the same beside its ledger, and its ledger is what it is without", async () => {
  const trace = traceOf(written);
  const replayed = (scenario: Scenario) =>
    replay({ scenario, open: () => trace, instants: ["end"], check: true, tool: "test", progress: () => {} });
  const scenario = scenarioOf(trace, { modes: "all" });
  const both = await replayed(scenario);
  const alone = await translated(trace, { modes: "all" });
  const names = alone.tables.map(({ spec }) => spec.name);
  expect(both.tables.filter(({ spec }) => names.includes(spec.name))).toEqual(alone.tables);
  const { translation: _, ...without } = scenario;
  expect(both.tables.filter(({ spec }) => !names.includes(spec.name))).toEqual((await replayed(without)).tables);
});

test("several page sizes are counted side by side", async () => {
  const { tables } = await translated(traceOf(written), { modes: ["nested"], pages: ["trace/backing", "4k/4k", "trace/4k", "2m/2m"] }, [
    "a",
  ]);
  const table = pickTable(tables, translationTable);
  assert(table !== undefined, "a table of counters");
  const walks = rowsOf(table).filter(({ group, counter, value }) => group === "walks" && counter !== "all" && value > 0);
  expect(walks.map(({ pages, counter }) => [pages, counter])).toEqual([
    ["trace/4k", "24 references"],
    ["4k/4k", "24 references"],
    ["2m/2m", "15 references"],
  ]);
});

describe("what the figures cannot say", () => {
  const statements = async (trace: Trace): Promise<string> => (await translated(trace)).manifest.assumed.join("\n");
  const lacking = (
    facts: Partial<Trace["manifest"]["vms"][number]>,
    from: HandWritten = { touches: [{ s: 1, ppn: 3, vpn: 9, op: "R" }] },
  ): Trace => {
    const trace = traceOf(from);
    return { ...trace, manifest: { ...trace.manifest, vms: trace.manifest.vms.map((vm) => ({ ...vm, ...facts })) } };
  };
  test("without virtual addresses", async () => {
    expect(await statements(lacking({}, { touches: [{ s: 1, ppn: 3, op: "R" }] }))).toContain("no virtual addresses");
    expect(await statements(lacking({}))).not.toContain("no virtual addresses");
  });
  test("without guest-physical addresses", async () => {
    expect(await statements(lacking({ ppns: "synthesised" }))).toContain("no guest-physical addresses");
  });
  test("in a windowed trace", async () => {
    expect(await statements(lacking({ order: "windowed" }))).toContain("the trace is windowed; TLB hits are an upper bound");
  });
  test("and nothing of memory, which is not what it is about", async () => {
    const trace = lacking({ allocatorEvents: 0, order: "windowed" });
    expect(await statements(trace)).not.toMatch(/alloc or free|residency/);
    const scenario = scenarioOf(trace, {});
    const { manifest } = await replay({ scenario, open: () => trace, instants: [], check: false, tool: "test", progress: () => {} });
    expect(manifest.assumed.join("\n")).toMatch(/residency[^]*alloc or free[^]*TLB hits are an upper bound/);
  });
  test("without address spaces", async () => {
    expect(await statements(lacking({ spacesFrom: "unknown" }))).toContain("no address spaces");
  });
  test("of the start of the hypervisor's tables", async () => {
    expect(await statements(lacking({}))).toContain("start empty");
    const warm = await translated(traceOf(written), { warm: true });
    expect(warm.manifest.assumed.join("\n")).not.toContain("start empty");
    expect((await textOf(traceOf(written), { warm: true })).filter((line) => line.includes("ept violation"))).toEqual([
      "b nested none exits ept violation 5",
    ]);
  });
  test("with changes that imply INVLPGs", async () => {
    expect(await statements(traceOf(written))).toContain(
      "b: the trace has no INVLPG events; one was counted for each of 5 changed mappings",
    );
  });
});
