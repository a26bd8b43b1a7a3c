import { describe, expect, test } from "vitest";
import { none } from "../cores/none.ts";
import { agile } from "../modes/agile.ts";
import { native } from "../modes/native.ts";
import { nestedFlat } from "../modes/nested-flat.ts";
import { nested } from "../modes/nested.ts";
import { shadow } from "../modes/shadow.ts";
import type { Mode } from "../mode.ts";
import { KERNEL_HALF_VPN, type PageSize } from "./page-size.ts";
import { counted, row, type Setting } from "./testing.ts";

const accesses = [
  row(5, 7),
  row(2 ** 30 + 1, 8),
  row(
    KERNEL_HALF_VPN +
      2 ** 50 +
      2 ** 49 +
      2 ** 48 +
      2 ** 47 +
      2 ** 46 +
      2 ** 45 +
      2 ** 44 +
      2 ** 43 +
      2 ** 42 +
      2 ** 41 +
      2 ** 40 +
      2 ** 39 +
      2 ** 38 +
      2 ** 37 +
      2 ** 36 +
      2 ** 35,
    9,
  ),
  row(5, 7),
];

/** References of each walk without caches. */
const walksOf = (mode: Mode, setting: Setting): string =>
  Object.entries(counted(accesses, none, mode, setting))
    .filter(([name]) => /^walks \d/.test(name))
    .map(([name, walks]) => `${walks} × ${name.split(" ")[1]}`)
    .join(", ");

describe("references of a walk without caches", () => {
  // Bhargava 2008, section 2: (n + 1)(m + 1) − 1; the columns are the host's pages and levels.
  const columns: readonly Setting[] = [{ hostPages: "4k" }, { hostPages: "2m" }, { hostPages: "1g" }, { hostPages: "4k", hostLevels: 5 }];
  const rows: readonly [PageSize, number, readonly number[], number][] = [
    ["4k", 4, [24, 19, 14, 29], 4],
    ["2m", 4, [19, 15, 11, 23], 3],
    ["1g", 4, [14, 11, 8, 17], 2],
    ["4k", 5, [29, 23, 17, 35], 5],
  ];
  for (const [guestPages, levels, references, one] of rows) {
    test(`guest ${guestPages}, ${levels} levels`, () => {
      expect(columns.map((column) => walksOf(nested, { guestPages, levels, ...column }))).toEqual(references.map((n) => `4 × ${n}`));
      expect(walksOf(native, { guestPages, levels })).toBe(`4 × ${one}`);
      expect(walksOf(shadow, { guestPages, levels, hostPages: "1g" })).toBe(`4 × ${one}`);
    });
  }
  test("a flat nested table", () => {
    expect(walksOf(nestedFlat, {})).toBe("4 × 9");
  });
  test("agile paging all in shadow, and all nested", () => {
    expect(walksOf(agile, {})).toBe("4 × 4");
    expect(walksOf(agile, { given: { agile: { start: "nested" } } })).toBe("4 × 24");
  });
});
