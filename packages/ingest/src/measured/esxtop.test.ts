import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf } from "../measured-laws.ts";
import { esxtop } from "./esxtop.ts";

const column = (group: string, counter: string): string => `"\\\\esx1.example\\Group Memory(${group})\\${counter}"`;
const header = (...columns: readonly string[]): string => `"(PDH-CSV 4.0) (UTC)(0)",${columns.join(",")}\n`;
const rows = (...values: readonly string[]): string =>
  values.map((text, i) => `"05/15/2017 06:49:${String(37 + 5 * i).padStart(2, "0")}",${text}\n`).join("");

const EXAMPLE =
  header(
    '"\\\\esx1.example\\Memory\\Memory Overcommit (1 Minute Avg)"',
    column("19299:web", "Memory Size MBytes"),
    column("19299:web", "Memory Consumed Size MBytes"),
    column("19299:web", "Touched MBytes"),
    column("19299:web", "% Active Estimate"),
    column("19300:db", "Memory Size MBytes"),
  ) +
  rows(
    '"0.02","1024.00","512.50","100.00","9","2048.00"',
    '"0.02","1024.00","513.00","90.00","9","2048.00"',
    '"0.03","1024.00","513.25","80.00","8","2048.00"',
  );

measuredLaws(esxtop, EXAMPLE);

// Counted by hand: 1 MB is 256 pages of 4 KB.
test("counters of every VM, in pages", async () => {
  expect(dumpOf(await measuredIn(EXAMPLE))).toEqual([
    "0s db configured=524288",
    "5s db configured=524288",
    "10s db configured=524288",
    "0s web configured=262144 consumed=131200 activeReported=25600",
    "5s web configured=262144 consumed=131328 activeReported=23040",
    "10s web configured=262144 consumed=131392 activeReported=20480",
  ]);
});

test("the host itself: machine memory, sharing, balloons, and its state as a number", async () => {
  const ofHost = (counter: string): string => `"\\\\esx1.example\\Memory\\${counter}"`;
  const names = ["Machine MBytes", "Free MBytes", "Kernel State", "PShare Shared MBytes", "PShare Common MBytes", "PShare Savings MBytes"];
  const more = ["Swap Used MBytes", "Total Compressed MBytes", "Memctl Current MBytes", "Kernel MinFree MBytes"];
  const text = header(...[...names, ...more].map(ofHost), column("19299:web", "Memory Size MBytes"));
  const file = await measuredIn(text + rows('"1024.00","64.50","2","12.00","3.00","9.00","2.00","1.00","8.00","16.00","4.00"'));
  expect(dumpOf(file)).toEqual([
    "0s  shared=3072 vmmemctl=2048 swapped=512 zipped=256 machine=262144 free=16512 minFree=4096 sharedCommon=768 state=2",
    "0s web configured=1024",
  ]);
  expect(await refusalOf(header('"\\\\esx1\\Memory\\Console MBytes"') + rows('"1.00"'))).toBe(
    "web.txt:1: has no columns of Memory or Group Memory; record them with esxtop -b -a",
  );
});

test("names of VMs may hold what the layout is made of, commas, quotes and line ends of the row included", async () => {
  for (const name of ["a:b", "x)\\y", "x)(y", "a, b", '</script><b>"q"', "名前 🙂", "=1+1"]) {
    const quoted = `7:${name.replaceAll('"', '""')}`;
    const file = await measuredIn(header(column(quoted, "Memory Size MBytes")) + rows('"4.00"'));
    expect(file.series.map(({ vm }) => vm)).toEqual([name]);
  }
});

test("two groups of one name are told apart; a column that is there twice is refused", async () => {
  const twice = (first: string, second: string): string =>
    header(column(first, "Memory Size MBytes"), column(second, "Memory Size MBytes")) + rows('"4.00","8.00"');
  expect((await measuredIn(twice("7:web", "9:web"))).series.map(({ vm }) => vm)).toEqual(["7:web", "9:web"]);
  expect(await refusalOf(twice("7:web", "7:web"))).toMatch(/^web\.txt:1: column 3, ".*", is there twice$/);
});

test("counters of two hosts are refused, and a VM without a name is not the host", async () => {
  const pair = header('"\\\\esx1\\Memory\\Machine MBytes","\\\\esx2\\Memory\\Machine MBytes"') + rows('"1.00","1.00"');
  expect(await refusalOf(pair)).toBe("web.txt:1: has counters of 2 hosts (esx1, esx2); give each host's in a file of its own");
  const { series } = await measuredIn(header('"\\\\esx1\\Group Memory(2:)\\Memory Size MBytes"') + rows('"1.00"'));
  expect(series.map(({ vm }) => vm)).toEqual(["(no name)"]);
});

test("local times of a header with a zone, and the complaint of a terminal in front of it", async () => {
  const local = EXAMPLE.replace("(UTC)(0)", "(SE Asia Standard Time)(-420)");
  const [utc, east] = [await measuredIn(EXAMPLE), await measuredIn(local)];
  expect((utc.series[0]?.timesMs[0] ?? 0) - (east.series[0]?.timesMs[0] ?? 0)).toBe(7 * 3600_000);
  expect(utc.series[0]?.timesMs[0]).toBe(Date.UTC(2017, 4, 15, 6, 49, 37));
  expect(dumpOf(await measuredIn(`no termcap entry for xterm-256color${EXAMPLE}`))).toEqual(dumpOf(utc));
  expect(dumpOf(await measuredIn(`no termcap entry for xterm-256color\n${EXAMPLE}`))).toEqual(dumpOf(utc));
});

test("a row that is cut short ends the samples, with a note; in the middle it is refused", async () => {
  const cut = await measuredIn(EXAMPLE.slice(0, -20));
  expect(dumpOf(cut).length).toBe(4);
  expect(cut.notes).toEqual(["line 4, the last one, is cut short and left out"]);
  expect(await refusalOf(EXAMPLE.replace('"0.02","1024.00","513.00"', '"0.02"'))).toBe(
    "web.txt:3: has 5 fields, and the header 7; is the file damaged?",
  );
});

test("a decimal comma is read; what is no number is refused; no data is no sample", async () => {
  const one = (text: string): string => header(column("7:web", "Memory Size MBytes")) + rows(`"${text}"`, '"4.00"');
  expect(dumpOf(await measuredIn(one("512,50")))[0]).toBe("0s web configured=131200");
  expect(await refusalOf(one("lots"))).toBe('web.txt:2: "lots" is not a number');
  expect(dumpOf(await measuredIn(one("")))).toEqual(["0s web configured=1024"]);
});

test("50,000 columns: only those wanted are kept", async () => {
  const wide = Array.from({ length: 50_000 }, (_, i) => `"\\\\esx1\\Vcpu(${i}:web:vmx)\\% Used"`);
  const values = `${Array.from({ length: 50_000 }, () => '"0.00"').join(",")},"4.00"`;
  const file = await measuredIn(header(...wide, column("7:web", "Memory Size MBytes")) + rows(values, values, values));
  expect(dumpOf(file)).toEqual(["0s web configured=1024", "5s web configured=1024", "10s web configured=1024"]);
});
