import { actionsTable, hostTable, pickTable, rowsOf, timelineTable } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { replayOf, textOf, type Content, type HandWritten, type Touch } from "./testing.ts";

const HOST = { memory: "64MiB", minFree: 0, overheadPerVm: 0 };
const content = (ppn: number, hash: bigint, vm = 0): Content => ({ s: 0, ppn, hash, zbytes: 4096, vm });
const alone: HandWritten = { touches: [], contents: [content(0, 1n), content(2, 1n), content(5, 2n)], configuredPages: 8 };

describe("a VM with contents and no accesses", () => {
  test("has every page that has a content from its start, and runs for the span", async () => {
    const run = await replayOf(alone, { host: HOST, span: "4s", window: "1s", sample: "1s" });
    expect(textOf(run, timelineTable, ["time", "granted", "active", "unbacked", "faults"]).split("\n")).toEqual([
      "0 3 3 5 3",
      "1 3 0 5 3",
      "2 3 0 5 3",
      "3 3 0 5 3",
      "4 3 0 5 3",
    ]);
    expect(run.manifest).toMatchObject({ originNs: 0, endNs: 4e9, vms: [{ rows: 0, accesses: 0, ppns: "captured" }] });
    expect(run.manifest.assumed[0]).toBe(
      "vm: the trace has contents and no accesses: every page with a content is taken to be read once, when the VM starts; nothing else happens to it",
    );
  });

  test("shares, as any other", async () => {
    const share = { scanner: "ksm", pagesToScan: 100, sleep: "1s" };
    const run = await replayOf(alone, { host: HOST, span: "4s", window: "1s", sample: "1s", share });
    expect(textOf(run, hostTable, ["granted", "consumed", "sharedIntra"]).split("\n").at(-1)).toBe("3 2 1");
  });

  test("starts when the scenario says, and its copies after it", async () => {
    const vms = [{ vm: "vm", start: "1s", copies: 2, stagger: "2s" }];
    const run = await replayOf(alone, { host: HOST, span: "4s", window: "1s", sample: "1s", vms, share: "off" });
    expect(run.manifest).toMatchObject({ originNs: 1e9, endNs: 5e9 });
    expect(textOf(run, timelineTable, ["time", "vm", "granted"]).split("\n")).toEqual([
      "1 vm 3",
      "1 vm-2 0",
      "2 vm 3",
      "2 vm-2 0",
      "3 vm 3",
      "3 vm-2 3",
      "4 vm 3",
      "4 vm-2 3",
      "5 vm 3",
      "5 vm-2 3",
    ]);
    const table = pickTable(run.tables, actionsTable);
    const starts = table === undefined ? [] : rowsOf(table).filter(({ reason }) => reason.startsWith("a VM starts"));
    expect(starts.map(({ time }) => time)).toEqual([1e9, 3e9]);
  });

  test("beside a VM with accesses starts with the first of them, and ends with the last", async () => {
    const touches: Touch[] = [7, 9].map((s) => ({ s, ppn: 0, op: "W", vm: 1 }));
    const run = await replayOf(
      { ...alone, vms: ["still", "busy"], touches, contents: [...(alone.contents ?? []), content(6, 9n, 1)] },
      { host: HOST, window: "1s", sample: "1s" },
    );
    expect(textOf(run, timelineTable, ["time", "vm", "granted"]).split("\n")).toEqual([
      "7 still 3",
      "7 busy 1",
      "8 still 3",
      "8 busy 1",
      "9 still 3",
      "9 busy 1",
    ]);
  });

  test("is backed by 2 MB blocks where it is to be, and cut at its size", async () => {
    const run = await replayOf({ ...alone, configuredPages: 600 }, { host: HOST, span: "1s", window: "1s", sample: "1s", backing: "2m" });
    expect(textOf(run, timelineTable, ["granted"]).split("\n").at(-1)).toBe("512");
    const cut = await replayOf(alone, { host: HOST, span: "1s", window: "1s", sample: "1s", vms: [{ vm: "vm", size: "12KiB" }] });
    expect(textOf(cut, timelineTable, ["granted"]).split("\n").at(-1)).toBe("2");
    expect(cut.manifest.vms[0].outsideMemoryAccesses).toBe(0);
  });

  const accesses: HandWritten = { touches: [{ s: 0, ppn: 0, op: "R" }] };
  test.each([
    ["no span", alone, { host: HOST }, "hand-written: contents and no accesses, so no end; say how long to run, for example span: 1h"],
    [
      "a span where there are accesses",
      accesses,
      { span: "1s" },
      "span: the replay runs from the first access of the traces to the last; leave it out",
    ],
    [
      "no host",
      alone,
      { span: "1s" },
      "hand-written: no accesses to replay; their contents alone can be replayed on a host: give host.memory and span",
    ],
    ["neither", { touches: [] }, { host: HOST, span: "1s" }, /^hand-written: no accesses to replay$/],
  ])("%s is refused", async (_, trace, scenario, message) => {
    await expect(replayOf(trace, scenario)).rejects.toThrow(message);
  });
});
