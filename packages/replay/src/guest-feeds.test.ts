import { rowsOf } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { replayOf, type HandWritten, type Touch } from "./testing.ts";

const touch = fc.record({ s: fc.nat(20), ppn: fc.nat(30), op: fc.constantFrom("R" as const, "W" as const), vm: fc.nat(1) });
/** Both VMs have a first and a last access, whatever else. */
const ends = [0, 20].flatMap((s) => [0, 1].map((vm): Touch => ({ s, vm, ppn: 0, op: "R" })));
const byTime = <T extends { readonly s: number }>(rows: readonly T[]): T[] => [...rows].sort((a, b) => a.s - b.s);

const written = (touches: readonly Touch[], startS: number): HandWritten => {
  const moved = <T extends { readonly s: number; readonly vm?: number }>(rows: readonly T[]): T[] =>
    byTime(rows.map((row) => (row.vm === 1 ? { ...row, s: row.s + startS } : row)));
  return {
    vms: ["a", "b"],
    touches: moved([...byTime(touches), ...ends]),
    told: moved([0, 1].flatMap((vm) => [{ s: 3, vm, event: "alloc" as const, ppn: 4 }])),
    meminfo: [0, 1].map((vm) => ({ timeNs: (5 + (vm === 1 ? startS : 0)) * 1e9, vm, counter: "MemTotal", value: 100, unit: "kB" })),
    configuredPages: 32,
  };
};

test.each([
  ["ample", {}],
  ["finite", { host: { memory: "192KiB", minFree: "16KiB", overheadPerVm: 0, quantum: "1s" }, balloon: "off" }],
])("a VM that starts later than its trace is a trace that begins later, on a host of %s memory", async (_, host) => {
  await fc.assert(
    fc.asyncProperty(fc.array(touch, { maxLength: 40, size: "max" }), fc.nat(9), async (touches, startS) => {
      const scenario = { window: "4s", sample: "1s", ...host };
      const vms = [0, startS].map((start, v) => ({ vm: "ab"[v], start: `${start}s` }));
      const tables = async (trace: HandWritten, given: object): Promise<unknown> =>
        (await replayOf(trace, { ...scenario, ...given })).tables.map((table) => [table.spec.name, rowsOf(table)]);
      expect(await tables(written(touches, 0), { vms })).toEqual(await tables(written(touches, startS), {}));
    }),
    { seed: 1, numRuns: 15, endOnFailure: true },
  );
});
