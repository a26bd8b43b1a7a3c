import { hostTable, pickTable, rowsOf, timelineTable } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { replayOf, touchesOf, type Touch } from "../testing.ts";
import { agreedTables, countsOf } from "./slow-outcome.ts";
import type { SlowRow } from "./slow-tables.ts";

// The pictures by which these mechanisms are explained, each in the smallest scenario that shows it.
const PAGE = 4096;
/** Columns of the rows of a VM, or of the host, one line per sample of a second. */
const columns = (rows: readonly SlowRow[], names: readonly string[], vm?: string): readonly string[] =>
  rows.filter((row) => row["vm"] === vm).map((row) => names.map((name) => row[name]).join(" "));
const byTime = (touches: readonly Touch[]): Touch[] => touches.toSorted((a, b) => a.s - b.s);

describe("three VMs of 2 GB on a host of 4 GB", () => {
  const names = ["a", "b", "c"];
  const BLOCKS = 1024;
  /** One VM after the other touches all its memory, once per 2 MB. */
  const touches = names.flatMap((_, vm) => Array.from({ length: BLOCKS }, (_, block): Touch => ({ s: vm, vm, ppn: 512 * block, op: "W" })));
  const on4Gb = (settings: object) =>
    replayOf(
      { vms: names, touches: [...touches, { s: 5, vm: 0, ppn: 0, op: "R" }] },
      {
        vms: names.map((vm) => ({ vm, size: "2GiB", backing: "2m", ...settings })),
        host: { memory: "4GiB", overheadPerVm: 0 },
        window: "1s",
        sample: "5s",
      },
      [],
      false, // recounting six gigabytes takes seconds
    );

  test("are refused without overcommitment: all their memory reserved", async () => {
    await expect(on4Gb({ reservation: "2GiB" })).rejects.toThrow(
      "c: needs 2048 MiB of reservation and 0 MiB of overhead, the host of 4096 MiB has 0 MiB unreserved; lower reservations by 2048 MiB or give the host 6144 MiB",
    );
  });

  test("run with it: what does not fit is taken back", async () => {
    const { tables } = await on4Gb({ reservation: "1GiB" });
    const [host, timeline] = [pickTable(tables, hostTable), pickTable(tables, timelineTable)];
    if (host === undefined || timeline === undefined) throw new Error("no tables");
    const [a, b, c] = rowsOf(timeline).slice(-names.length);
    expect([a, b, c].map(({ configured }) => configured)).toEqual(names.map(() => 2 ** 19));
    for (const { granted, free, machine } of rowsOf(host)) expect(granted + free).toBe(machine);
    // a and b touched more than there is, and c found memory all the same: of what b backed last there are no large pages any more.
    expect([a.granted + a.vmmemctl, a.swapped, c.granted, c.swapped]).toEqual([2 ** 19, 0, BLOCKS, 0]);
    expect(b.granted).toBeGreaterThan(2 ** 18);
    expect(b.granted + b.unbacked).toBe(2 ** 19);
    // Five polls of a's balloon, at 16 MiB a second each.
    expect(a.vmmemctl).toBe(5 * 4096);
  });
});

test("a balloon of target 2 in a VM with four backed pages pins and reclaims the two inactive ones; deflated, they come back", async () => {
  // Pages 2 and 3 are touched at the start and not again; 2 was written, 3 only read. The neighbour's pages become alike at 8 s: memory for the balloon to shrink.
  const active = Array.from({ length: 40 }, (_, i) => i / 2).flatMap((s): Touch[] => [0, 1].map((ppn) => ({ s, ppn, op: "W" })));
  const neighbour = (s: number): Touch[] => [0, 1, 2].map((ppn) => ({ s, vm: 1, ppn, op: "W" }));
  const tables = await agreedTables({
    written: {
      vms: ["a", "b"],
      touches: byTime([...touchesOf("0 2 W · 0 3 R"), ...active, ...neighbour(0), ...neighbour(8), ...touchesOf("15.5 2 R · 15.5 3 R")]),
      contents: [0, 1, 2].map((ppn) => ({ s: 8, vm: 1, ppn, hash: 7n, zbytes: PAGE })),
    },
    scenario: {
      vms: [
        { vm: "a", size: 4 * PAGE },
        { vm: "b", size: 3 * PAGE, shares: 1e6, driver: false },
      ],
      // One frame is free where two are wanted and three aimed at: state soft, and two pages are needed.
      host: { memory: 8 * PAGE, minFree: 2 * PAGE, overheadPerVm: 0 },
      allocation: { period: "2s" },
      share: { scanTime: "250ms" },
      swap: "off",
      window: "1s",
      sample: "1s",
    },
  });
  const perSecond = columns(tables.timeline, ["vmmemctltarget", "vmmemctl", "granted", "unbacked"], "a");
  expect(perSecond.slice(0, 2)).toEqual(["2 0 4 0", "2 2 2 0"]);
  const deflated = perSecond.indexOf("0 0 2 2");
  expect(deflated).toBeGreaterThan(8);
  expect(new Set(perSecond.slice(1, deflated))).toEqual(new Set(["2 2 2 0"]));
  // The guest reads them again: one from its swap, one from a file. No touch ever met a pinned page.
  expect(perSecond.at(-1)).toBe("0 0 4 0");
  expect(countsOf(tables, "a")).toMatchObject({ pinnedBacked: 2, guestSwapOut: 1, guestDropped: 1, guestSwapIn: 1, guestRefault: 1 });
  expect(countsOf(tables, "a")).not.toHaveProperty("popped");
});

describe("page sharing, two VMs with a page each of equal content", () => {
  const shared = (touches: string, contents = [0, 1]) =>
    agreedTables({
      written: {
        vms: ["a", "b"],
        // a has its page from the start, b from 1.5 s on.
        touches: byTime(touches.split("|").flatMap((text, vm) => touchesOf(text).map((each) => ({ ...each, vm })))),
        contents: contents.map((vm) => ({ s: 0, vm, ppn: 0, hash: 7n, zbytes: PAGE })),
      },
      scenario: {
        vms: ["a", "b"].map((vm) => ({ vm, size: PAGE })),
        host: { memory: 64 * PAGE, minFree: 0, overheadPerVm: 0 },
        share: { scanTime: "1s", salting: "none" }, // every page every second
        window: "1s",
        sample: "1s",
      },
    });

  test("a page scanned meets the hint of another, is shared with it, and is broken off by a write", async () => {
    const tables = await shared("0 0 R · 4.5 0 W · 6 0 R|1.5 0 R · 3.5 0 W");
    expect(columns(tables.host, ["consumed", "sharedCommon", "sharedInter"])).toEqual([
      "1 0 0",
      "1 0 0", // at 1 s a's page was scanned: a hint
      "1 1 1", // at 2 s b's page met it: both are in one frame
      "1 1 1",
      "2 1 0", // b wrote, and has a copy; a's frame stays copy-on-write
      "2 0 0", // a wrote, and needs none
      "2 0 0",
    ]);
    expect(columns(tables.timeline, ["consumed", "shared"], "a")).toEqual(["1 0", "1 0", "0.5 1", "0.5 1", "1 1", "1 0", "1 0"]);
    expect(columns(tables.timeline, ["consumed", "shared"], "b")).toEqual(["0 0", "0 0", "0.5 1", "0.5 1", "1 0", "1 0", "1 0"]);
    expect(countsOf(tables, "a")).toEqual({ cowLast: 1, scanned: 6 });
    expect(countsOf(tables, "b")).toEqual({ shared: 1, cow: 1, scanned: 5 });
  });

  test("a hint whose page was written since is stale: nothing is shared, and the hint is the other page's", async () => {
    const tables = await shared("0 0 R · 1.2 0 W · 4 0 R|1.5 0 R");
    expect(columns(tables.host, ["consumed", "sharedCommon"])).toEqual(["1 0", "1 0", "2 0", "2 0", "2 0"]);
    expect(countsOf(tables, "a")).toEqual({ scanned: 4 });
    expect(countsOf(tables, "b")).toEqual({ staleHints: 1, scanned: 3 });
  });
});
