import { describe, expect, test } from "vitest";
import type { Content, Touch } from "../testing.ts";
import { agreedTables, countsOf } from "./slow-outcome.ts";

// What the vendors' documents say in figures, met by whole replays, the engine's and the reference's.
const PAGE = 4096;
const pages = (s: number, vm: number, count: number, op: Touch["op"] = "W", from = 0): Touch[] =>
  Array.from({ length: count }, (_, i) => ({ s, vm, ppn: from + i, op }));
const SECOND = { window: "1s", sample: "1s" };
const AMPLE = { memory: 4000 * PAGE, minFree: 0, overheadPerVm: 0 };

describe("shared memory is charged in proportion to references (RMG)", () => {
  /** VMs whose pages hold these contents, one letter a page, all of them scanned many times. */
  async function consumed(...contents: readonly string[]) {
    const vms = contents.map((_, vm) => "abcd"[vm]);
    const held = contents.flatMap((letters, vm) =>
      [...letters].map((letter, ppn): Content => ({ s: 0, vm, ppn, hash: BigInt(letter.charCodeAt(0)), zbytes: PAGE })),
    );
    const touches = [...contents.flatMap((letters, vm) => pages(0, vm, letters.length)), ...pages(20, 0, 1, "R")];
    const { timeline } = await agreedTables({
      written: { vms, touches, contents: held },
      scenario: {
        vms: vms.map((vm, v) => ({ vm, size: contents[v].length * PAGE })),
        host: AMPLE,
        share: { scanTime: "1s", salting: "none" },
        ...SECOND,
      },
    });
    return timeline.slice(-vms.length).map((row) => [row["granted"], row["consumed"]]);
  }

  test("five references to three frames, of which one is shared with another VM: 20 KB granted, 10 KB consumed", async () => {
    expect(await consumed("xxyyz", "z")).toEqual([
      [5, 2.5],
      [1, 0.5],
    ]);
  });

  test("what four VMs share is a quarter each; what one VM has twice counts once", async () => {
    expect(await consumed("pqrs", "pqrs", "pqrs", "pqrs")).toEqual(Array.from({ length: 4 }, () => [4, 1]));
    expect(await consumed("ppqq")).toEqual([[4, 2]]);
  });
});

test("a limit is enforced on an empty host: of 3 GB, 1 GB is taken above a limit of 2 GB", async () => {
  const GB = 100; // pages, for speed
  const { timeline, host } = await agreedTables({
    written: { vms: ["a"], touches: [...pages(0, 0, 3 * GB), ...pages(9, 0, 1, "R", 3 * GB - 1)] },
    scenario: { vms: [{ vm: "a", size: 3 * GB * PAGE, limit: 2 * GB * PAGE }], host: AMPLE, ...SECOND },
  });
  for (const { state, free } of host) expect([state, Number(free) >= 4000 - 2 * GB]).toEqual(["high", true]);
  for (const row of timeline) expect([row["granted"], row["swapped"]]).toEqual([2 * GB, GB]);
});

describe("a balloon", () => {
  /** State soft, and more pages needed of the one VM than its balloon may hold. */
  async function grown(settings: object, balloon: object = {}) {
    const { timeline } = await agreedTables({
      written: { vms: ["a"], touches: [...pages(0, 0, 100), ...pages(5, 0, 1, "R", 99)] },
      scenario: {
        vms: [{ vm: "a", size: 100 * PAGE, ...settings }],
        host: { memory: 180 * PAGE, minFree: 160 * PAGE, overheadPerVm: 0 },
        allocation: { period: "1s" },
        balloon,
        swap: "off",
        ...SECOND,
      },
    });
    return Number(timeline.at(-1)?.["vmmemctl"]);
  }

  test("takes at most 65 % of the VM's size, and at most its size less its reservation", async () => {
    expect(await grown({})).toBe(65);
    expect(await grown({ reservation: 50 * PAGE })).toBe(50);
    expect(await grown({}, { max: 30 })).toBe(30);
  });

  test("takes nothing without a driver, nor while the guest boots, and no more at a time than its rate", async () => {
    expect(await grown({ driver: false })).toBe(0);
    expect(await grown({}, { boot: "6s" })).toBe(0);
    expect(await grown({}, { rate: 4 })).toBe(5 * 4);
  });
});

test("a page of up to 1 KB takes a quarter of a cache page, of up to 2 KB half of one, of more is swapped; a tenth of the VM at most", async () => {
  const out = async (zbytes: readonly number[], maxPercent = 10) => {
    // The VM has so many frames fewer than pages, gives them up for its last ones, and gets them back from none.
    const size = 100;
    const { timeline } = await agreedTables({
      written: {
        vms: ["a"],
        touches: [
          ...pages(0, 0, zbytes.length, "R"),
          ...pages(0, 0, size - zbytes.length, "R", zbytes.length),
          ...pages(5, 0, 1, "R", size - 1),
        ],
        contents: zbytes.map((bytes, ppn) => ({ s: 0, ppn, hash: BigInt(ppn), zbytes: bytes })),
      },
      scenario: {
        vms: [{ vm: "a", size: size * PAGE, limit: (size - zbytes.length) * PAGE }],
        host: AMPLE,
        share: "off",
        compress: { maxPercent },
        swap: { policy: "fifo" },
        ...SECOND,
      },
    });
    const row = timeline.at(-1) ?? {};
    return { zipped: row["zipped"], zipCache: row["zipCache"], zipSaved: row["zipSaved"], swapped: row["swapped"] };
  };
  // Of unknown content, and swapped, is besides a page for every page of the cache: that counts against the limit, too.
  expect(await out([1, 1024, 1024, 1024])).toEqual({ zipped: 4, zipCache: 1, zipSaved: 3, swapped: 0 + 1 });
  expect(await out([1025, 2048])).toEqual({ zipped: 2, zipCache: 1, zipSaved: 1, swapped: 0 + 1 });
  expect(await out([2049, 4096])).toEqual({ zipped: 0, zipCache: 0, zipSaved: 0, swapped: 2 });
  expect(await out([1, 1, 1, 2048, 1025, 1024])).toEqual({ zipped: 6, zipCache: 2, zipSaved: 4, swapped: 0 + 2 });
  expect(await out(Array.from({ length: 50 }, () => 1024))).toEqual({ zipped: 40, zipCache: 10, zipSaved: 30, swapped: 10 + 10 });
});

describe("the scanner goes", () => {
  const scanned = async (sizes: readonly number[], share: object, seconds = 10) => {
    const vms = sizes.map((_, vm) => "abcd"[vm]);
    const tables = await agreedTables({
      written: { vms, touches: [...vms.flatMap((_, vm) => pages(0, vm, 1)), ...pages(seconds, 0, 1, "R")] },
      scenario: { vms: vms.map((vm, v) => ({ vm, size: sizes[v] * PAGE })), host: AMPLE, share, ...SECOND },
    });
    return vms.map((vm) => countsOf(tables, vm)["scanned"]);
  };

  test("through a VM once in scanTime, of 60 minutes by default: one page a second of 3,600", async () => {
    expect(await scanned([3600], {})).toEqual([10]);
    expect(await scanned([900], {})).toEqual([2]); // of 2.5
    expect(await scanned([3600], { scanTime: "10min" })).toEqual([60]);
  });

  test("no faster than hostRate for all VMs together, scaled down alike", async () => {
    expect(await scanned([3000, 1000], { scanTime: "1s", hostRate: 40 })).toEqual([300, 100]);
    expect(await scanned([30, 10], { scanTime: "1s", hostRate: 40 })).toEqual([300, 100]);
  });
});

describe("of a host that wants 100 pages to be free", () => {
  /** A VM of one large page leaves so many frames free, and wants one more half a second later. What happened in the first second. */
  async function acting(free: number): Promise<readonly string[]> {
    const BLOCK = 512;
    const tables = await agreedTables({
      written: { vms: ["a"], touches: [...pages(0, 0, 1), ...pages(0.5, 0, 1, "R", BLOCK), ...pages(1, 0, 1, "R", BLOCK)] },
      scenario: {
        vms: [{ vm: "a", size: (BLOCK + 1) * PAGE, backing: "2m" }],
        host: { memory: (BLOCK + free) * PAGE, minFree: 100 * PAGE, overheadPerVm: 0 },
        share: { scanTime: "60s", period: "250ms" },
        balloon: { rate: 1 },
        swap: { rate: 1 },
        ...SECOND,
      },
    });
    const done = (action: string) => tables.actions.filter((row) => row["action"] === action);
    return [
      String(tables.host[0]["state"]),
      ...(countsOf(tables, "a")["scanned"] === undefined ? [] : ["scan"]),
      ...done("break").map(({ reason }) => `break, ${reason}`),
      ...(done("balloon").length > 0 ? ["balloon"] : []),
      ...(done("page out").length > 0 ? ["page out"] : []),
      ...(tables.stalls.some(({ cause, events }) => cause === "blocked" && Number(events) > 0) ? ["block"] : []),
    ];
  }

  test.each([
    [401, ["high", "scan"]],
    [400, ["high", "scan", "break, the scanner met it"]],
    [101, ["high", "scan", "break, the scanner met it"]],
    [99, ["clear", "scan", "break, the scanner met it"]],
    [65, ["clear", "scan", "break, the scanner met it"]],
    [63, ["soft", "scan", "break, the scanner met it", "balloon"]],
    [33, ["soft", "scan", "break, the scanner met it", "balloon"]],
    [31, ["hard", "break, a page of it is taken", "page out"]],
    [17, ["hard", "break, a page of it is taken", "page out"]],
    [15, ["low", "break, a page of it is taken", "page out", "block"]],
  ])("and has %i: %j", async (free, expected) => {
    expect(await acting(free)).toEqual(expected);
  });
});
