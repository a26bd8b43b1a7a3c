import { spacesTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { observerLaws } from "../observer-laws.ts";
import { lines, replayOf, textOf, touchesOf, type Touch } from "../testing.ts";
import { spaces } from "./spaces.ts";

observerLaws(spaces, spacesTable);

const HIGH = 2 ** 51;

test("virtual pages, accesses and span by address space; the kernel half is one space", async () => {
  const touches: Touch[] = [
    { s: 1, ppn: 0, vpn: HIGH, space: 1, op: "R", count: 2 },
    { s: 2, ppn: 0, vpn: HIGH, space: 2, op: "W", count: 3 },
    { s: 2, ppn: 1, vpn: 50, space: 2, op: "W", count: 4 },
    { s: 3, ppn: 1, vpn: 51, space: 2, op: "X" },
    { s: 4, ppn: 2, vpn: 50, space: 5000, op: "R" },
    { s: 5, ppn: 3, vpn: 50, op: "R" },
    { s: 6, ppn: 1, vpn: 50, space: 2, op: "R" },
    { s: 7, ppn: 999, vpn: 50, space: 2, op: "W" }, // beyond the configured size: takes no part
  ];
  const run = await replayOf({ touches, configuredPages: 256 }, { window: "1s" });
  expect(textOf(run, spacesTable, ["space", "virtualPages", "accesses", "writes", "first", "last"])).toBe(
    lines(`
      kernel       2 5 3 1 2
      space_2      2 6 4 2 6
      space_0x1388 1 1 0 4 4
      user         1 1 0 5 5
    `).replaceAll("_", " "),
  );
});

test("a VM of physical addresses alone has one space, unknown", async () => {
  const run = await replayOf({ touches: touchesOf("1 0 W · 2 1 R"), configuredPages: 256 }, { window: "1s" });
  expect(textOf(run, spacesTable, ["vm", "space", "virtualPages", "accesses"])).toBe("vm unknown 2 2");
});
