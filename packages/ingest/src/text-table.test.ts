import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteWindow } from "./byte-window.ts";
import type { CellColumn } from "./cell-column.ts";
import { accesses as format } from "./formats/accesses.ts";
import { ingestFiles } from "./testing.ts";
import { bindText, readHeader } from "./text-table.ts";

/** Cells of every kind, right and wrong, as generated tables have them. */
const digits = fc.bigInt({ min: 0n, max: 2n ** 65n });
const number = fc.oneof(
  { weight: 40, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 40n }).map((n) => `0x${n.toString(16)}`) },
  { weight: 20, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 40n }).map(String) },
  digits.map(String),
  digits.map((n) => `0X${n.toString(16).toUpperCase()}`),
  digits.map((n) => `0x000${n.toString(16)}`),
  fc.bigInt({ min: 2n ** 64n - 2n ** 56n, max: 2n ** 64n - 1n }).map((n) => `0x${n.toString(16)}`),
  fc.constantFrom(
    "",
    " ",
    "0",
    "00",
    "0x",
    "0xg",
    "ff",
    "1.0",
    "-1",
    " 7",
    "7 ",
    "1e3",
    "9".repeat(16),
    "18446744073709551615",
    "18446744073709551616",
    "١",
  ),
);
const time = fc.oneof(
  { weight: 40, arbitrary: fc.nat(2 ** 31 - 1).map(String) },
  fc.maxSafeNat().map(String),
  fc.tuple(fc.nat(99), fc.nat(10 ** 9)).map(([a, b]) => `${a}.${b}`),
  fc.constantFrom(
    "",
    "5us",
    "1.5 ms",
    "2e-6",
    "9007199254740992",
    "9007199254740991",
    ".5",
    "5.",
    "1.2.3",
    "-3",
    "18446744073709551617",
    "5 s",
  ),
);
const word = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom("a", "b", "alloc-4k", "a-very-long-name-of-a-virtual-machine") },
  fc.constantFrom("", " a", "a ", "ä", "名前", "a\tb", "\u00a0", "x".repeat(300), "a\r"),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[,"\r\n\0]/g, "_")),
);
const op = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom("R", "W", "X", "r", "store", "LOAD", "0") },
  fc.constantFrom("", "Q", " R", "readd", "2 "),
);
const small = fc.oneof({ weight: 30, arbitrary: fc.nat(255).map(String) }, fc.constantFrom("", "256", "0", "0x10", "+1"));
const row = fc
  .tuple(
    time,
    word,
    small,
    number,
    number,
    op,
    small,
    fc.constantFrom("", "", "", "", "", "", "note", "note", "note", "\0"),
    fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, 2),
  )
  .map(([t, vm, vcpu, gva, gpa, o, count, note, odd]) => {
    const cells = [t, vm, vcpu, gva, gpa, o, count, note];
    return odd === 0 ? cells.join(",") : odd === 1 ? cells.slice(0, 6).join(",") : [...cells, "", count].join(",");
  });
const table = fc.tuple(
  fc.array(fc.oneof({ weight: 12, arbitrary: row }, fc.constantFrom("", "  ", ",,,,,,,", "\t")), { maxLength: 60, size: "max" }),
  fc.constantFrom("\n", "\r\n"),
);

const HEADER = "time_ns,vm,vcpu,gva,gpa,op,count,note";

/** Reads a text a few bytes at a time; gives every cell of every row that is taken, and what is said of the others. */
async function cellsOf(text: string, step: number): Promise<{ rows: string[]; refused: string[]; read: number }> {
  const bytes = Buffer.from(text);
  let used = 0;
  const window = new ByteWindow("f", async (into, at, length) => {
    const n = Math.min(length, step, bytes.length - used);
    bytes.copy(into, at, used, used + n);
    used += n;
    return n;
  });
  await window.fill();
  const table = await readHeader(window, () => true, "f");
  if ("unknown" in table) throw new Error(table.unknown);
  const names = ["time", ...table.header.slice(1)];
  const { fields, rows } = bindText(
    window,
    table,
    names.map((name) => {
      const spec = format.columns.find((column) => column.name === name);
      return spec && { spec, writing: { header: name, hex: false, nsPer: name === "time" ? 1000 : 1, unitKnown: true, originNs: 0 } };
    }),
  );
  const out = { rows: [] as string[], refused: [] as string[], read: 0, short: 0 };
  const log = {
    note: () => {},
    name: "f",
    read: (n: number) => void (out.read += n),
    short: (n: number) => void (out.short += n),
    reject: (line: number, text: string, reason: string) => void out.refused.push(`${line}: ${reason}: ${text}`),
  };
  const cell = (column: CellColumn | undefined, row: number): string => {
    if (column === undefined) return "unread";
    if (column.missing[row] === 1) return `${column.header} -`;
    const { value, words } = column.spec;
    const written =
      value === "time"
        ? column.time[row]
        : value !== "word"
          ? `${column.hi[row]}:${column.lo[row]}`
          : words === undefined
            ? column.words.words[column.code[row]]
            : column.code[row];
    return `${column.header} ${written}`;
  };
  for await (const cells of rows(log))
    for (let row = 0; row < cells.length; row++)
      out.rows.push([cells.lineOf(row), ...fields.map((column) => cell(column, row)), cells.textOf(row)].join(" | "));
  return out;
}

test("the scanner and papaparse read any table alike, good rows and bad, wherever the first quote stands", async () => {
  let taken = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(table, fc.nat(60), fc.integer({ min: 1, max: 400 }), async ([rows, end], at, step) => {
      const text = [HEADER, "1,a,0,0x1000,0x1000,R,1,", ...rows].join(end) + end;
      const scanned = await cellsOf(text, step);
      taken += scanned.rows.length;
      refused += scanned.refused.length;
      // A quoted header makes papaparse read all of it; a quoted row, further down, makes it take over there.
      expect(await cellsOf(text.replace("note", '"note"'), step)).toEqual(scanned);
      const quoted = '9,a,0,0x1000,0x1000,"R",1,';
      const lines = text.trimEnd().split(end);
      const place = 1 + Math.min(at, rows.length);
      const withRow = (row: string): Promise<object> => cellsOf([...lines.slice(0, place), row, ...lines.slice(place)].join(end), step);
      expect(await withRow(quoted)).toEqual(await withRow(quoted.replaceAll('"', "")));
    }),
    { seed: 7, numRuns: 100 },
  );
  expect(taken).toBeGreaterThan(2000);
  expect(refused).toBeGreaterThan(500);
});

test("rows on either side of a chunk's border are whole, scanned or quoted", async () => {
  const lines = Array.from({ length: 40_000 }, (_, i) => `${i},vm${(i >> 9) % 100},0x${(i * 4096).toString(16)},${"RW"[i % 2]}`);
  const text = (rows: readonly string[]): string => `time_ns,vm,gva,op\n${rows.join("\n")}\n`;
  const scanned = await ingestFiles({ f: text(lines) });
  expect(scanned.accesses).toHaveLength(40_000);
  expect(scanned.accesses[39_999]).toBe("39999 vm78/0 W 0:9c3f 1ff ×1".replace("1ff", scanned.accesses[39_999].split(" ")[4]));
  const late = await ingestFiles({ f: text(lines.with(30_000, lines[30_000].replace("vm", '"vm').replace(",0x", '",0x'))) });
  expect(late.accesses).toEqual(scanned.accesses);
  const all = await ingestFiles({ f: text(lines.map((line) => line.replaceAll(/[^,]+/g, '"$&"'))) });
  expect(all.accesses).toEqual(scanned.accesses);
});

test("quoted fields hold delimiters, line ends and quotes; lines are still counted", async () => {
  const text = 'note,vm,gva\n"a\nb,""c""\n","v,1",0x1000\n\n"",plain,0x2000\nx,y,zz\n';
  await expect(ingestFiles({ f: text })).rejects.toThrow('f:7: column gva: "zz"');
  const { manifest, accesses } = await ingestFiles({ f: text }, { badRows: "skip" });
  expect(manifest.vms.map((vm) => vm.name)).toEqual(["v,1", "plain"]);
  expect(accesses).toEqual(["0 v,1/0 R 0:1 0 ×1", "1 plain/0 R 0:2 0 ×1"]);
});

test("a misplaced quote spoils its own row and no other", async () => {
  const rows = Array.from({ length: 9 }, (_, i) => `${i},a,0x${i}000`);
  rows[3] = '3,"a"b"c,0x3000';
  rows[6] = '6,5" disk,0x6000';
  const { summary, accesses } = await ingestFiles({ f: `time_ns,vm,gva\n${rows.join("\n")}\n` }, { badRows: "skip" });
  expect(summary).toMatchObject({ rowsRead: 9, accepted: 8, rejected: 1 });
  expect(accesses[5]).toBe('6 5" disk/0 R 0:6 0 ×1');
});
