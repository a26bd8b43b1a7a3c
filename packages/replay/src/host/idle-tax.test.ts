import { hostTable, pickTable, rowsOf, timelineTable } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { replayOf, type Touch } from "../testing.ts";
import { agreedTables } from "./slow-outcome.ts";

// What the closed form of the idle tax says, against what two VMs hold in the end: balanced by their own balloons, page by page.
const PAGE = 4096;
const SIZE = 100;
const END_S = 8;
/** All pages at the start, then the lowest of them every second. */
const touchesOf = (vm: number, active: number): Touch[] => [
  ...Array.from({ length: SIZE }, (_, ppn): Touch => ({ s: 0, vm, ppn, op: "W" })),
  ...Array.from({ length: END_S }, (_, i) => i + 0.25).flatMap((s) =>
    Array.from({ length: active }, (_, ppn): Touch => ({ s, vm, ppn, op: "R" })),
  ),
];

/** Pages that two VMs of equal shares hold once 40 were needed: a third VM, all reserved, comes for memory when it is known who is idle. */
async function held(idleTax: number, [a, b]: readonly [number, number], settings: readonly [object, object] = [{}, {}]) {
  const third = Array.from({ length: 50 }, (_, ppn): Touch => ({ s: 3.5, vm: 2, ppn, op: "R" }));
  const touches = [...touchesOf(0, a), ...touchesOf(1, b), ...third].toSorted((x, y) => x.s - y.s);
  const { timeline, host } = await agreedTables({
    written: { vms: ["a", "b", "c"], touches },
    scenario: {
      vms: [
        ...["a", "b"].map((vm, v) => ({ vm, size: SIZE * PAGE, shares: 1000, ...settings[v] })),
        { vm: "c", size: 50 * PAGE, reservation: 50 * PAGE },
      ],
      // 76 free at first, 66 aimed at; 26 when the third VM has its pages: state soft.
      host: { memory: (2 * SIZE + 76) * PAGE, minFree: 60 * PAGE, overheadPerVm: 0, quantum: "10s" },
      allocation: { idleTax, period: "1s" },
      estimator: { name: "abit-scan", period: "1s" },
      balloon: { max: 100 },
      share: "off",
      swap: "off",
      window: "1s",
      sample: "1s",
    },
  });
  expect(host.at(-1)).toMatchObject({ free: 66, state: "high" });
  return timeline.slice(-3, -1).map((row) => Number(row["granted"]));
}

describe("of two VMs of equal shares and 100 pages, from which 40 are taken", () => {
  test.each([0, 0.2, 0.5, 0.75])("P2 − P1 = τ(A2 − A1), τ = %d, while both hold more than their active pages", async (tax) => {
    const [p1, p2] = await held(tax, [10, 50]);
    expect([p1 + p2, p2 - p1]).toEqual([160, tax * 40]);
  });

  test.each<[string, number, readonly [number, number], readonly [object, object], readonly number[]]>([
    ["one that would have more than all of its memory keeps all of it", 0.75, [10, 90], [{}, {}], [60, 100]],
    ["one that would have less than its reservation keeps that", 0.75, [10, 90], [{ reservation: 70 * PAGE }, {}], [70, 90]],
    ["neither pays tax where all is active", 0.75, [100, 100], [{}, {}], [80, 80]],
    ["one with half as many shares again has half as much again, where all is active", 0.75, [100, 100], [{}, { shares: 1500 }], [64, 96]],
  ])("%s", async (_, tax, active, settings, granted) => {
    expect(await held(tax, active, settings)).toEqual(granted);
  });
});

describe("two VMs of 256 MB and equal shares, one idle, one that goes round all its memory, in 358 MB (Waldspurger 2002 Fig. 7)", () => {
  const MB = 4; // pages: a 64th of all sizes, for speed
  const touches = [
    ...Array.from({ length: 256 * MB }, (_, ppn): Touch => ({ s: 0, vm: 0, ppn, op: "W" })),
    ...Array.from({ length: 80 }, (_, round) =>
      Array.from({ length: 256 * MB }, (_, ppn): Touch => ({ s: round / 2 + 0.25, vm: 1, ppn, op: "W" })),
    ).flat(),
  ];
  async function last(idleTax: number) {
    const { tables } = await replayOf(
      { vms: ["idle", "busy"], touches },
      {
        vms: ["idle", "busy"].map((vm) => ({ vm, size: 256 * MB * PAGE, shares: 1000 })),
        host: { memory: (358 * MB + 22) * PAGE, minFree: 20 * PAGE, overheadPerVm: 0 },
        allocation: { idleTax, period: "1s" },
        estimator: { name: "abit-scan", period: "1s" },
        share: "off",
        window: "1s",
        sample: "1s",
      },
    );
    const [timeline, host] = [pickTable(tables, timelineTable), pickTable(tables, hostTable)];
    if (timeline === undefined || host === undefined) throw new Error("no tables");
    const [idle, busy] = rowsOf(timeline).slice(-2);
    return { idle, busy, free: rowsOf(host).slice(-1)[0].free };
  }

  test("share it evenly without tax: 179 MB each", async () => {
    const { idle, busy, free } = await last(0);
    expect([idle.entitlement, busy.entitlement]).toEqual([179 * MB, 179 * MB]);
    expect([idle.granted, busy.granted, free]).toEqual([179 * MB, 179 * MB, 22]);
  });

  test("with a tax of 75 % the busy one gets all that it wants, and the idle one the rest", async () => {
    const { idle, busy, free } = await last(0.75);
    expect([idle.entitlement, busy.entitlement]).toEqual([102 * MB, 256 * MB]);
    expect(busy.granted).toBe(256 * MB);
    // What the idle one holds beyond 102 MB is what the host has free below its aim, in a state that takes nothing from anybody.
    expect(idle.granted + free).toBe(102 * MB + 22);
  });
});
