import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf } from "../measured-laws.ts";
import { meminfoSamples } from "./meminfo-samples.ts";

const sample = (time: string, free: number): string =>
  `${time}\nMemTotal:         223640 kB\nMemFree:          ${free} kB\nHugePages_Total:       0\n`;
const EXAMPLE = sample("1700000000", 203640) + sample("1700000060", 203636) + sample("1700000120", 203632);

measuredLaws(meminfoSamples, EXAMPLE);

test("used is MemTotal − MemFree, whatever clock stands before the samples", async () => {
  const same = ["0s web guestUsed=5000", "60s web guestUsed=5001", "120s web guestUsed=5002"];
  expect(dumpOf(await measuredIn(EXAMPLE))).toEqual(same);
  const dated = EXAMPLE.replaceAll(/1700000(\d)(\d)0/g, (_, hundreds: string, tens: string) => {
    const seconds = Number(`${hundreds}${tens}0`);
    return `2023-11-14T22:${13 + Math.floor((seconds + 20) / 60)}:${String((seconds + 20) % 60).padStart(2, "0")}+00:00`;
  });
  expect(dumpOf(await measuredIn(dated))).toEqual(same);
});

test("a bundled capture's samples count ns from power-on", async () => {
  const file = await measuredIn(readFileSync(new URL("../../../../traces/alloc-4k/alloc-4k.meminfo.txt.gz", import.meta.url)));
  expect([file.format, file.isOwnClock]).toEqual(["meminfo-samples", true]);
  // zcat … | grep -c ^tsc; the first block's (MemTotal − MemFree) / 4
  expect(file.series[0]?.timesMs.length).toBeGreaterThan(3);
});

test("nonsense is refused in one line", async () => {
  expect(await refusalOf(EXAMPLE.replace("203636", "999999"))).toBe("web.txt:5: has more MemFree than MemTotal");
  expect(await refusalOf(EXAMPLE.replace("1700000060", "yesterday"))).toMatch(/^web\.txt:5: time "yesterday" is not a time/);
});
