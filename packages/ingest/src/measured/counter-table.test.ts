import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf } from "../measured-laws.ts";
import { counterTable } from "./counter-table.ts";

const EXAMPLE = "t_s,mem.active,mem.consumed,mem.usage,cpu.usage\n0,400,800,4000,7\n20,420,800,4199,7\n40,400,808,4000,7\n";

measuredLaws(counterTable, EXAMPLE);

// 4 KB a page; usage in hundredths of a per cent: 400 KB ÷ 40 % = 1,000 KB, which is nearest to no 4 MiB, so that one step of 4 MiB is taken.
test("KB become pages, and the size of the VM comes from active memory and usage", async () => {
  const file = await measuredIn(EXAMPLE);
  expect(file.isOwnClock).toBe(true);
  expect(dumpOf(file)).toEqual([
    "0s web configured=1024 consumed=200 activeReported=100",
    "20s web configured=1024 consumed=200 activeReported=105",
    "40s web configured=1024 consumed=202 activeReported=100",
  ]);
});

test("the captured ESXi host: 100 samples of a VM of 10 GiB", async () => {
  const file = await measuredIn(readFileSync(new URL("../../../../traces/esxi/vm-20s.csv", import.meta.url)), {}, "vm-20s.csv");
  const [series] = file.series;
  expect([series?.vm, series?.timesMs.length, series?.timesMs.at(-1)]).toEqual(["vm-20s", 100, 1_980_000]);
  expect(series?.counters.configured?.[0]).toBe(10 * 2 ** 18);
  // awk -F, 'NR>1 {a+=$2; c+=$6} END {print a/100/4, c/100/4}': means of active and consumed in pages
  const mean = (values: Float64Array | undefined): number => (values ?? new Float64Array(1)).reduce((a, b) => a + b, 0) / 100;
  expect(mean(series?.counters.activeReported)).toBeCloseTo(901_512.78, 2);
  expect(mean(series?.counters.consumed)).toBe(2_621_440);
});

test("of a host usage is no share of active memory, and gives no size", async () => {
  const file = await measuredIn("t_s,mem.active,mem.consumed,mem.usage\n0,4000000,18000000,5400\n20,4000000,18000000,5400\n");
  expect(dumpOf(file)[0]).toBe("0s web consumed=4500000 activeReported=1000000");
  expect(file.notes).toEqual([
    '"web" consumes more than mem.active and mem.usage would make its size: a host, whose usage is something else',
  ]);
});

test("several VMs, dated times, another delimiter", async () => {
  const text = "timestamp;vm;mem.consumed.average\n2017-05-15T08:49:37+02:00;web;400\n2017-05-15T06:49:57Z;db;800\n";
  const file = await measuredIn(text);
  expect(file.isOwnClock).toBe(false);
  expect(dumpOf(file)).toEqual(["0s db consumed=200", "0s web consumed=100"]);
  expect(file.series[1]?.timesMs[0]).toBe(Date.UTC(2017, 4, 15, 6, 49, 37));
});

test("columns of any name, once it is said what they are", async () => {
  const text = "Zeit;Maschine;Aktiver Speicher;Belegt\n15.05.2017 06:49:37;web;1.024,5;2\n15.05.2017 06:49:57;web;1.024;2,5\n";
  const columns = new Map([
    ["Zeit", { is: "time", unitPages: 0 }],
    ["Maschine", { is: "vm", unitPages: 0 }],
    ["Aktiver Speicher", { is: "activeReported", unitPages: 0.25 }],
    ["Belegt", { is: "consumed", unitPages: 256 }],
  ] as const);
  expect(dumpOf(await measuredIn(text, { columns, decimal: "comma" }))).toEqual([
    "0s web consumed=512 activeReported=256.125",
    "20s web consumed=640 activeReported=256",
  ]);
  expect(await refusalOf(text.replace("Belegt", "Frei"), { columns })).toBe(
    'web.txt:1: has no column "Belegt"; it has "Zeit, Maschine, Aktiver Speicher, Frei"',
  );
});

test("cumulative counters of 32 bits go on where they wrap; those that start anew are noted", async () => {
  const table = (...swapin: readonly number[]) => `t_s,mem.swapin\n${swapin.map((kb, i) => `${i},${kb}\n`).join("")}`;
  expect(dumpOf(await measuredIn(table(4294967292, 4, 8)))).toEqual([
    "0s web swapin=1073741823",
    "1s web swapin=1073741825",
    "2s web swapin=1073741826",
  ]);
  const anew = await measuredIn(table(400, 0, 8));
  expect(dumpOf(anew)).toEqual(["0s web swapin=100", "1s web swapin=0", "2s web swapin=2"]);
  expect(anew.notes).toEqual(['swapin of "web" falls: the VM was started anew or moved']);
});

test("−1 is no data, whatever its width; other negative numbers are refused", async () => {
  const file = await measuredIn("t_s,mem.active,mem.consumed\n0,-1,4\n1,4294967295,4\n2,18446744073709551615,4\n3,8,4\n");
  expect(dumpOf(file).map((line) => line.split(" ").length)).toEqual([3, 3, 3, 4]);
  expect(await refusalOf("t_s,mem.active\n0,-2147483648\n")).toMatch(/^web\.txt:2: "-2147483648" is negative/);
});

test("a column twice, two values at one time, and no sample at all are refused in one line", async () => {
  expect(await refusalOf("t_s,mem.active,mem.active\n0,4,8\n")).toBe('web.txt:1: column "mem.active" is there twice');
  expect(await refusalOf("t_s,mem.active\n0,4\n0,8\n")).toMatch(/^web\.txt:3: "web" has two values of activeReported at one time/);
  expect(await refusalOf("t_s,mem.active\n")).toBe("web.txt: has no samples of memory counters");
  expect(await refusalOf("a,b\n1,2\n")).toMatch(/^web\.txt: is in no known format of measured counters; known: esxtop, /);
  expect(await refusalOf("")).toBe("web.txt: is empty");
});
