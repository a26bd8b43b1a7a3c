import { actionsTable, hostTable, pickTable, reclaimTable, rowsOf, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { replayOf, textOf, type Content, type HandWritten, type Touch } from "../testing.ts";

/** A page a second, in order. */
const SLOWLY = { scanner: "ksm", pagesToScan: 1, sleep: "1s", contents: "end-state", salting: "none" };
const run = (trace: HandWritten, share: object = SLOWLY, scenario: object = {}) =>
  replayOf(trace, { host: { memory: "256MiB", minFree: 0, overheadPerVm: 0 }, window: "1s", sample: "1s", share, ...scenario }, [], "rows");
const content = (ppn: number, hash: bigint, vm = 0, s = 100): Content => ({ s, ppn, hash, zbytes: 4096, vm });
/** Pages 0 … n − 1 of every VM are written at 0 s, and the first is read at the end. */
const written = (pages: number, contents: readonly Content[], endS: number, more: readonly Touch[] = [], vms = ["vm"]): HandWritten => ({
  vms,
  touches: [
    ...vms.flatMap((_, vm) => Array.from({ length: pages }, (__, ppn): Touch => ({ s: 0, ppn, op: "W", vm }))),
    ...more,
    ...vms.map((_, vm): Touch => ({ s: endS, ppn: 0, op: "R", vm })),
  ],
  contents,
  configuredPages: pages + 2,
});
const shares = ({ tables }: Pick<Run, "tables">): readonly string[] => {
  const table = pickTable(tables, actionsTable);
  return (table === undefined ? [] : rowsOf(table))
    .filter(({ action }) => action === "share")
    .map(({ time, vm, pages }) => `${time / 1e9} ${vm} ${pages}`);
};
const scanned = ({ tables }: Pick<Run, "tables">): number => {
  const table = pickTable(tables, reclaimTable);
  return (table === undefined ? [] : rowsOf(table)).reduce((sum, { counter, value }) => sum + (counter === "scanned" ? value : 0), 0);
};

describe("share.scanner: ksm", () => {
  test("goes through pages in order, and one enters with the hash that the last pass saw", async () => {
    // Pages 0, 1, 2 at 1, 2, 3 s; the end of a pass ends a batch; again at 5, 6, 7 s. Page 0 leaves a hint at 5 s, page 1 meets it at 6 s.
    const done = await run(written(3, [content(0, 5n), content(1, 5n), content(2, 6n)], 8));
    expect(shares(done)).toEqual(["6 vm 1"]);
    expect(scanned(done)).toBe(6); // of the batch at 4 s and of that at 8 s there was nothing left
    expect(textOf(done, hostTable, ["sharedCommon", "consumed"]).split("\n").slice(5, 7)).toEqual(["0 3", "1 2"]);
  });

  test("a hash that was another at the last pass does not enter: it has to hold for a whole pass", async () => {
    // Page 1 gets its content with the write at 3.5 s: unknown at 2 s, known at 6 s, known still at 10 s.
    const contents = [content(0, 5n), content(1, 5n), content(2, 6n)];
    const done = await run(written(3, contents, 12, [{ s: 3.5, ppn: 1, op: "W" }]), { ...SLOWLY, contents: "trace" });
    expect(shares(done)).toEqual(["10 vm 1"]);
  });

  test("VM by VM", async () => {
    const contents = [0, 1].flatMap((vm) => [content(0, 5n, vm), content(1, BigInt(6 + vm), vm)]);
    const both = written(2, contents, 12, [], ["a", "b"]);
    // a's pages at 1 and 2 s, b's at 3 and 4 s, the end at 5 s; the second pass meets b's first page at 8 s.
    expect(shares(await run(both))).toEqual(["8 b 1"]);
    expect(shares(await run(both, { ...SLOWLY, salting: "per-vm" }))).toEqual([]);
  });

  test("the hash of a page that was gone when the pass came by is forgotten", async () => {
    // Page 0 is seen at 1 s, reported free at 2 s and back at 5.5 s: the pass of 4 s has not met it, that of 6 s sees it anew.
    const trace: HandWritten = {
      touches: [
        { s: 0, ppn: 0, op: "W" },
        { s: 0, ppn: 512, op: "W" },
        { s: 5.5, ppn: 0, op: "R" },
        { s: 12, ppn: 512, op: "R" },
      ],
      told: [
        { s: 0, event: "alloc", ppn: 0, pages: 512 },
        { s: 1.2, event: "free", ppn: 0, pages: 512 },
      ],
      contents: [content(0, 5n), content(512, 5n)],
      configuredPages: 513,
    };
    expect(shares(await run(trace, SLOWLY, { freePageReporting: "on" }))).toEqual(["9 vm 1"]);
  });

  test("what is not resident costs no scan", async () => {
    // Pages 0 and 1 of equal content; page 1 comes at 4.5 s, behind the pass that ended at 3 s.
    const trace: HandWritten = {
      touches: [0, 2].map((ppn): Touch => ({ s: 0, ppn, op: "W" })).concat([{ s: 3.5, ppn: 1, op: "W" }], [{ s: 16, ppn: 0, op: "R" }]),
      contents: [content(0, 5n), content(1, 5n)],
      configuredPages: 3,
    };
    // 0, 2, end · 0, 1, 2, end · 0, 1: at 9 s page 1 is seen for the second time.
    expect(shares(await run(trace))).toEqual(["9 vm 1"]);
  });

  test("stands in state hard, as ESX's does", async () => {
    // 32 frames, 10 of them wanted free, and 29 in use.
    const host = { memory: "128KiB", minFree: "40KiB", overheadPerVm: 0 };
    const alone = { host, swap: "off", balloon: "off" };
    expect(scanned(await run(written(29, [], 5), SLOWLY, alone))).toBe(0);
    expect(scanned(await run(written(26, [], 5), SLOWLY, alone))).toBe(5); // soft
  });

  test("does 100 pages in 20 ms: 5,000 pages, 19.5 MiB, a second", async () => {
    const done = await run(written(12_000, [], 2), { scanner: "ksm" });
    expect(scanned(done)).toBe(10_000);
    expect((5_000 * 4096) / 2 ** 20).toBeCloseTo(19.53, 2);
  });

  test("ends, where nothing is resident and where a turn holds many passes", async () => {
    const done = await run(written(1, [content(0, 5n)], 3), { ...SLOWLY, pagesToScan: 1000, sleep: "1ms" });
    expect(scanned(done)).toBe(3000); // a pass of one page in each of the thousand batches of a turn
    const late = {
      ...written(1, [], 3),
      touches: [
        { s: 0, ppn: 9, op: "R" as const },
        { s: 3, ppn: 9, op: "R" as const },
      ],
    }; // outside memory
    expect(scanned(await run(late))).toBe(0);
  });
});
