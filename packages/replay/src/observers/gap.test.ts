import { gapTable, ledgerTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { observerLaws } from "../observer-laws.ts";
import { lines, replayOf, textOf, touchesOf, type HandWritten } from "../testing.ts";
import { gap } from "./gap.ts";

observerLaws(gap, gapTable, ledgerTable);

/** Flags of the guest's allocator: movable memory is user memory, zeroed it is anonymous. */
const CACHE = 0x8,
  ANONYMOUS = 0x108,
  SLAB = 0;
const HIGH = 2 ** 51;

test("every resident page in one class and kind at every sample", async () => {
  const written: HandWritten = {
    touches: touchesOf("0 0 W · 1 1 W · 1 2 W · 1 3 W · 10 0 W"),
    told: [
      { s: 0, event: "alloc", ppn: 1, gfp: ANONYMOUS },
      { s: 0, event: "alloc", ppn: 2, gfp: CACHE },
      { s: 2, event: "free", ppn: 2 },
      { s: 2, event: "alloc", ppn: 3, gfp: SLAB },
    ],
    configuredPages: 256,
  };
  const run = await replayOf(written, { window: "1s", sample: "2s" });
  expect(textOf(run, gapTable, ["time", "class", "kind", "pages", "returns", "notSeenAgain"])).toBe(
    lines(`
      0  active unknown    1 - -
      2  freed  free       1 - -
      2  idle1  unknown    1 1 0
      2  idle1  anonymous  1 0 1
      2  idle1  kernel     1 0 1
      4  freed  free       1 - -
      4  idle1  unknown    1 1 0
      4  idle1  anonymous  1 0 1
      4  idle1  kernel     1 0 1
      6  freed  free       1 - -
      6  idle5  unknown    1 1 0
      6  idle5  anonymous  1 0 1
      6  idle5  kernel     1 0 1
      8  freed  free       1 - -
      8  idle5  unknown    1 1 0
      8  idle5  anonymous  1 0 1
      8  idle5  kernel     1 0 1
      10 active unknown    1 - -
      10 freed  free       1 - -
      10 idle5  anonymous  1 - -
      10 idle5  kernel     1 - -
    `),
  );
});

test("the classes begin and end where the ledger says: [W, 5W), [5W, 30W), from 30W on", async () => {
  const written: HandWritten = { touches: touchesOf("0 0 W · 40 1 W"), configuredPages: 256 };
  const run = await replayOf(written, { window: "1s", sample: "0.5s" }, [
    "0.5s",
    "1s",
    "4.999999999s",
    "5s",
    "29.999999999s",
    "30s",
    "39s",
    "39.000000001s",
  ]);
  expect(textOf(run, ledgerTable, ["asked", "class", "pages", "returns", "notSeenAgain"])).toBe(
    lines(`
      0.5s           active 1 - -
      1s             idle1  1 0 1
      4.999999999s   idle1  1 0 1
      5s             idle5  1 0 1
      29.999999999s  idle5  1 0 1
      30s            idle30 1 0 1
      39s            idle30 1 0 1
      39.000000001s  idle30 1 - -
    `),
  );
});

test("the owner is the pid of the last allocation, else the last user space to touch the page, else the kernel", async () => {
  const written: HandWritten = {
    touches: [
      { s: 0, ppn: 0, vpn: HIGH, op: "W" }, // touched by the kernel alone
      { s: 0, ppn: 1, vpn: 77, space: 3, op: "W" },
      { s: 1, ppn: 1, vpn: 78, space: 4, op: "R" },
      { s: 2, ppn: 1, vpn: HIGH + 1, space: 4, op: "R" }, // the kernel's look does not take it away
      { s: 2, ppn: 2, vpn: 79, op: "W" }, // a user space, which one is not known
      { s: 2, ppn: 3, vpn: 80, space: 3, op: "W" },
      { s: 2, ppn: 5, vpn: 81, space: 0x59b6000, op: "W" },
    ],
    told: [
      { s: 1, event: "alloc", ppn: 3, pid: 9 },
      { s: 2, event: "free", ppn: 3, pid: 12 }, // who frees a page does not own it
      { s: 2, event: "alloc", ppn: 2 }, // by nobody known
    ],
    configuredPages: 256,
  };
  const run = await replayOf(written, { window: "1s", sample: "1s" }, ["0s", "1s", "end"]);
  expect(textOf(run, ledgerTable, ["asked", "class", "owner", "kind", "pages"])).toBe(
    lines(`
      0s  active kernel           unknown 1
      0s  active space_3          unknown 1
      1s  active space_4          unknown 1
      1s  idle1  kernel           unknown 1
      end active space_4          unknown 1
      end active pid_9            free    1
      end active user             unknown 1
      end active space_0x59b6000  unknown 1
      end idle1  kernel           unknown 1
    `).replaceAll("_", " "),
  );
});

test("pages that only came with a 2 MB block are slack, whatever the allocator says of them", async () => {
  const written: HandWritten = {
    touches: touchesOf("0 5 W · 20 5 R"),
    told: [
      { s: 1, event: "alloc", ppn: 0, pages: 3, pid: 7, gfp: ANONYMOUS },
      { s: 2, event: "free", ppn: 2 },
    ],
    configuredPages: 600,
  };
  const run = await replayOf(written, { window: "1s", sample: "20s", backing: "2m" }, ["3s"]);
  expect(textOf(run, ledgerTable, ["class", "owner", "kind", "pages", "returns", "notSeenAgain"]).split("\n").sort()).toEqual(
    lines(`
      idle1 unknown unknown 1 1 0
      slack pid_7 anonymous 2 - -
      slack pid_7 free 1 - -
      slack unknown unknown 508 - -
    `)
      .replaceAll("_", " ")
      .split("\n"),
  );
});
