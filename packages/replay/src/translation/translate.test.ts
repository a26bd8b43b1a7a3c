import { GUEST_KINDS, guestBatch, rowsOf, SWITCH, type Trace } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { none } from "../cores/none.ts";
import { skylake } from "../cores/skylake.ts";
import { native } from "../modes/native.ts";
import { nested } from "../modes/nested.ts";
import { shadow } from "../modes/shadow.ts";
import { traceOf, type HandWritten, type Touch } from "../testing.ts";
import { DEFAULT_PLAN, translateTrace, type TranslatePlan } from "./translate.ts";

const written: HandWritten = {
  vms: ["a", "b"],
  touches: [1, 2, 3, 4, 5, 6].flatMap((s): Touch[] => [
    { s, ppn: s % 3, vpn: s % 3, space: 1, op: "W", count: 2 },
    { s, ppn: s, vpn: 7, space: 5, op: "R", vm: 1 },
  ]),
};
const plan = (more: Partial<TranslatePlan> = {}): TranslatePlan => ({
  ...DEFAULT_PLAN,
  cores: [none],
  modes: [native, nested].map((mode) => ({ mode, given: {} })),
  progress: () => {},
  ...more,
});
const textOf = async (trace: Trace, more: Partial<TranslatePlan> = {}): Promise<string[]> => {
  const { table } = await translateTrace(trace, plan(more));
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
  expect(await textOf(traceOf(written), { vm: "b" })).toEqual(all.filter((line) => line.startsWith("b ")));
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
  const lines = await textOf(withSwitch, { cores: [skylake], modes: [{ mode: shadow, given: {} }], tagged: false });
  expect(lines).toContain("vm shadow skylake exits cr3 load 1");
  expect(lines).toContain("vm shadow skylake tlb misses 4k 2");
});

test("a VM that the trace does not have is refused", async () => {
  await expect(translateTrace(traceOf(written), plan({ vm: "c" }))).rejects.toThrow('hand-written: has no VM "c"; it has a, b');
});

describe("what the figures cannot say", () => {
  const statements = async (trace: Trace): Promise<string> => (await translateTrace(trace, plan())).statements.join("\n");
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
  test("without address spaces", async () => {
    expect(await statements(lacking({ spacesFrom: "unknown" }))).toContain("no address spaces");
  });
  test("of the start of the hypervisor's tables", async () => {
    expect(await statements(lacking({}))).toContain("start empty");
    const { statements: lines, table } = await translateTrace(traceOf(written), plan({ warm: true }));
    expect(lines.join("\n")).not.toContain("start empty");
    expect(rowsOf(table).filter(({ counter, value }) => counter === "ept violation" && value > 0)).toEqual([
      expect.objectContaining({ vm: "b", value: 5 }),
    ]);
  });
  test("with changes that imply INVLPGs", async () => {
    const { statements: lines } = await translateTrace(traceOf(written), plan());
    expect(lines.join("\n")).toContain("b: the trace has no INVLPG events; one was counted for each of 5 changed mappings");
  });
});
