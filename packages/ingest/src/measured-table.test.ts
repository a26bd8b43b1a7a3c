import { rowsOf } from "@tidemark/data";
import { expect, test } from "vitest";
import { tableOfMeasured, type Placing } from "./measured-table.ts";
import type { MeasuredFile } from "./read-measured.ts";

/** A file of one VM with a balloon of as many pages as the sample's number; times in seconds. */
const fileOf = (vm: string, isOwnClock: boolean, ...timesS: readonly number[]): MeasuredFile => ({
  name: `${vm}.csv`,
  sha256: "",
  format: "counter-table",
  isOwnClock,
  notes: [],
  series: [{ vm, timesMs: Float64Array.from(timesS, (s) => s * 1000), counters: { vmmemctl: Float64Array.from(timesS, (_, i) => i) } }],
});

const DAY = 1_700_000_000;
const files = [fileOf("web", false, DAY + 5, DAY + 15), fileOf("db", false, DAY, DAY + 5), fileOf("own", true, 3, 13)];

/** `time vm pages`, times in seconds. */
const placed = (placing: Partial<Placing>): readonly string[] =>
  rowsOf(tableOfMeasured(files, { startNs: undefined, originNs: 2e9, nameOf: (vm) => vm, ...placing })).map(
    ({ time, vm, vmmemctl, consumed }) => `${time / 1e9} ${vm} ${vmmemctl} ${consumed}`,
  );

test("files of the world's clock begin together, at the first access; times of the capture's own clock stand", () => {
  expect(placed({})).toEqual(["2 db 0 NaN", "3 own 0 NaN", "7 db 1 NaN", "7 web 0 NaN", "13 own 1 NaN", "17 web 1 NaN"]);
});

test("where it is said, the first sample of each clock stands there", () => {
  expect(placed({ startNs: 100e9 })).toEqual([
    "100 db 0 NaN",
    "100 own 0 NaN",
    "105 db 1 NaN",
    "105 web 0 NaN",
    "110 own 1 NaN",
    "115 web 1 NaN",
  ]);
});

test("VMs get the names they are to have, and those without one are left out; the files' first sample is still theirs", () => {
  expect(placed({ nameOf: (vm) => (vm === "web" ? "shop" : undefined) })).toEqual(["7 shop 0 NaN", "17 shop 1 NaN"]);
});
