import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ingestFiles, refusal, temporaryFolder } from "./testing.ts";

const HEADER = "time_ns,vm,vcpu,gva,gpa,op,count\n";
const GOOD = "5,a,0,0x1000,0x2000,R,1\n";

/** Content → the whole message, or the part of it that matters. */
const refused: { readonly [what: string]: readonly [content: string | Uint8Array, message: string] } = {
  "empty file": ["", "f: is empty"],
  "blank lines only": ["\n\r\n  \n", "f: is empty"],
  "header only": [HEADER, "f: has no rows"],
  "header only, without an end": [HEADER.trimEnd(), "f: has no rows"],
  "no header": [
    "5,a,0,0x1000\n6,a,0,0x2000\n",
    'f: cannot tell the format; the columns it names are "5, a, 0, 0x1000"; name the address with --map gva=COLUMN, or pass --format NAME (tidemark list formats)',
  ],
  "unknown binary": [Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0), "f:1: has NUL bytes in its header"],
  "UTF-16": [Buffer.from(HEADER + GOOD, "utf16le"), "f:1: has NUL bytes in its header; is it a text in UTF-8?"],
  "no address column": ["time_ns,op\n1,R\n", 'f: cannot tell the format; the columns it names are "time_ns, op"'],
  "missing column": ["event,gpfn\nalloc,5\n", "f: has no column time (found: event, gpfn); name it with --map time=NAME"],
  "duplicate column": ["time_ns,gva,gva\n1,0x1000,0x1000\n", 'f: has two columns called "gva"; rename or remove one'],
  "two names of one column": ["addr,address\n1,2\n", 'f: columns "addr" and "address" both mean gva; choose one with --map gva=NAME'],
  "bad hexadecimal": [`${HEADER}${GOOD}5,a,0,0xzz,0x2000,R,1\n`, 'f:3: column gva: "0xzz" is not hexadecimal (expected digits 0-9 a-f)'],
  "bare hexadecimal": [
    `${HEADER}5,a,0,7fff1000,0x2000,R,1\n`,
    'f:2: column gva: "7fff1000" is not decimal (write 0x before hexadecimal digits, or declare the column with --map COLUMN=NAME:hex)',
  ],
  "text for a number": [
    `${HEADER}5,a,0,here,0x2000,R,1\n`,
    'f:2: column gva: "here" is not a number (expected decimal digits, or 0x and hexadecimal digits)',
  ],
  "fraction for a number": [`${HEADER}5,a,0.5,0x1000,0x2000,R,1\n`, 'f:2: column vcpu: "0.5" is not a whole number'],
  negative: [`${HEADER}5,a,0,-4096,0x2000,R,1\n`, 'f:2: column gva: "-4096" is negative (expected 0 to 2^64 - 1)'],
  "2^64": [`${HEADER}5,a,0,18446744073709551616,0x2000,R,1\n`, 'f:2: column gva: "18446744073709551616" is more than 2^64 - 1'],
  "2^64 in hexadecimal": [
    `${HEADER}5,a,0,0x10000000000000000,0x2000,R,1\n`,
    'f:2: column gva: "0x10000000000000000" is more than 2^64 - 1',
  ],
  "not canonical": [
    `${HEADER}5,a,0,0x0200000000000000,0x2000,R,1\n`,
    'f:2: column gva: "0x0200000000000000" is not a canonical address (bits 63 to 56 must be equal)',
  ],
  "PPN of 32 bits": [`${HEADER}5,a,0,0x1000,0xffffffff000,R,1\n`, 'f:2: column gpa: "0xffffffff000" is more than 17592186040319'],
  "unknown op": [`${HEADER}5,a,0,0x1000,0x2000,Q,1\n`, 'f:2: column op: "Q" is not known here (expected one of r, read, l, load, 0, w,'],
  "count of nothing": [`${HEADER}5,a,0,0x1000,0x2000,R,0\n`, 'f:2: column count: "0" is less than 1'],
  "large vcpu": [`${HEADER}5,a,256,0x1000,0x2000,R,1\n`, 'f:2: column vcpu: "256" is more than 255'],
  "negative time": [`${HEADER}-5,a,0,0x1000,0x2000,R,1\n`, 'f:2: column time_ns: "-5" is negative'],
  "no time": [`${HEADER},a,0,0x1000,0x2000,R,1\n`, "f:2: column time_ns: is empty"],
  "time beyond 2^53": [
    `${HEADER}1700000000123456789,a,0,0x1000,0x2000,R,1\n`,
    'f:2: column time_ns: "1700000000123456789" is 2^53 ns (104 days) or later; subtract an origin, for example --time-origin 1700000000000000000',
  ],
  "no address": [`${HEADER}5,a,0,,0x2000,R,1\n`, "f:2: column gva: is empty"],
  "too many fields": [`${HEADER}5,a,0,0x1000,0x2000,R,1,9\n`, "f:2: has 8 fields, and the header 7"],
  "too few fields": [`${HEADER}5,a,0\n`, "f:2: column gva: is empty"],
  "NUL byte": [`${HEADER}${GOOD}5,a,0,0x1000,0x2000,R,\0\n${GOOD}`, "f:3: contains a NUL byte"],
  "NUL byte in a column nobody reads": [`note,gva\n\0,0x1000\n`, "f:2: contains a NUL byte"],
  "time going back": [
    `${HEADER}${GOOD}\n${GOOD}4,a,0,0x1000,0x2000,R,1\n`,
    "f:5: time 4 ns is before 5 ns on line 4; sort the input, or pass --sort",
  ],
  "open quote": [`${HEADER}${GOOD}5,"a,0,0x1000,0x2000,R,1\n${GOOD}`, "f:3: has misplaced or unclosed quotes"],
  "text behind a quote": [`${HEADER}5,"a"b,0,0x1000,0x2000,R,1\n${GOOD}`, "f:2: has misplaced or unclosed quotes"],
  "cut gzip": [gzipSync(HEADER + GOOD.repeat(1000)).subarray(0, -12), "f: is damaged or cut short (unexpected end of file)"],
  "cut second gzip member": [
    Buffer.concat([gzipSync(HEADER + GOOD), gzipSync(GOOD.repeat(1000)).subarray(0, -1)]),
    "f: is damaged or cut short (unexpected end of file)",
  ],
  "wrong CRC": [corrupt(gzipSync(HEADER + GOOD), -8), "f: is damaged or cut short (incorrect data check)"],
  "wrong gzip length": [corrupt(gzipSync(HEADER + GOOD), -4), "f: is damaged or cut short (incorrect length check)"],
  "damaged gzip": [corrupt(gzipSync(HEADER + GOOD), 20), "f: is damaged or cut short ("],
  "event of no kind": ["time_ns,event,gpfn\n1,malloc,5\n", 'f:2: column event: "malloc" is not known here (expected one of alloc, free,'],
  "block beyond the last page": [
    "time_ns,event,gpfn,order\n1,alloc,4294967290,10\n",
    "f:2: column gpfn: 1024 pages from 4294967290 go beyond the last page number",
  ],
  "watch of no kind": ["time_ns,event,value\n1,watch,7\n", "f:2: column value: is out of range (expected watch 0 or 1)"],
  "counter of no number": ["tsc 5\nMemTotal: many kB\n", 'f:2: is no counter (expected "Name: number kB")'],
  "counters that go back": ["tsc 5\nMemTotal: 1 kB\ntsc 4\n", "f:3: sample at 4 ns comes after the one at 5 ns"],
};

function corrupt(bytes: Buffer, at: number): Buffer {
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] ^= 0x55;
  return bytes;
}

for (const [what, [content, message]] of Object.entries(refused)) {
  test(`refuses: ${what}`, async () => {
    const said = await refusal(content);
    expect(said.slice(0, message.length)).toBe(message);
  });
}

test("a line may be 10 MB long, and not 20", async () => {
  const long = (megabytes: number): string => `note,gva\nx,0x1000\n${"y".repeat(megabytes * 1e6)},0x2000\nz,0x3000\n`;
  const { accesses, manifest } = await ingestFiles({ f: long(10) });
  expect(accesses.map((row) => row.split(" ")[3])).toEqual(["0:1", "0:2", "0:3"]);
  expect(manifest.sources[0].rows).toBe(3);
  expect(await refusal(long(20))).toBe("f: a line is longer than 16 MiB; is this a text file, and every quote closed?");
});

test("a BOM, CRLF, blank lines and a missing last line end change nothing", async () => {
  const plain = await ingestFiles({ f: HEADER + GOOD + GOOD.replace("0x1000", "0x3000") });
  const odd = await ingestFiles({
    f: `\uFEFF${HEADER}${GOOD}\n  \n${GOOD.replace("0x1000", "0x3000")}`.replaceAll("\n", "\r\n").trimEnd(),
  });
  expect(odd.accesses).toEqual(plain.accesses);
  expect((await ingestFiles({ f: `\uFEFF${HEADER}${GOOD}${GOOD.replace("0x1000", "0x3000")}\n\n\n` })).accesses).toEqual(plain.accesses);
});

test("missing trailing fields are empty, which is noted, and empty ones may follow", async () => {
  const { accesses, manifest } = await ingestFiles({ f: "gva,op,count\n0x1000\n0x2000,W\n0x3000,W,7,,\n0x4000,,\n" });
  expect(accesses.map((row) => row.split(" ").slice(2).join(" "))).toEqual(["R 0:1 0 ×1", "W 0:2 1 ×1", "W 0:3 2 ×7", "R 0:4 3 ×1"]);
  const note = "2 rows have fewer fields than the header: what is not there is taken as empty";
  expect(manifest.sources[0].notes).toContain(note);
  const quoted = await ingestFiles({ f: 'gva,op,count\n"0x1000"\n0x2000,W\n0x3000,W,7\n' });
  expect(quoted.manifest.sources[0].notes).toContain(note);
});

test("bad rows are skipped and counted, or kept with the reason", async () => {
  const files = { "a,b.csv": `${HEADER}${GOOD}5,a,0,0xzz,0x2000,R,1\n${GOOD}5,"x ""y""",0,,0x2000,R,1\n` };
  const skipped = await ingestFiles(files, { badRows: "skip" });
  expect(skipped.summary).toMatchObject({ rowsRead: 4, accepted: 2, rejected: 2, rejectedFile: undefined });
  expect(skipped.manifest.sources[0]).toMatchObject({ rows: 4, accepted: 2, rejected: 2 });
  const { summary, trace, accesses } = await ingestFiles(files, { badRows: "quarantine" });
  expect(accesses).toEqual(skipped.accesses);
  expect(summary.rejectedFile).toBe(join(trace, "rejected.csv"));
  const kept = readFileSync(join(trace, "rejected.csv"), "utf8").replaceAll(join(trace, ".."), "");
  expect(kept).toBe(
    "source,line,reason,text\n" +
      '"/a,b.csv",3,"column gva: ""0xzz"" is not hexadecimal (expected digits 0-9 a-f)","5,a,0,0xzz,0x2000,R,1"\n' +
      '"/a,b.csv",5,column gva: is empty,"5,""x """"y"""""",0,,0x2000,R,1"\n',
  );
});

test("refuses a folder, a file that is not there, and one that may not be read", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "d"));
  await expect(ingestFiles({}, { inputs: [join(folder, "d")] })).rejects.toThrow("d: is a folder; name the files in it");
  await expect(ingestFiles({}, { inputs: [join(folder, "n")] })).rejects.toThrow("n: no such file or folder");
  writeFileSync(join(folder, "s"), HEADER + GOOD);
  chmodSync(join(folder, "s"), 0);
  chmodSync(folder, 0o777);
  const asAnother = process.getuid?.() === 0;
  if (asAnother) process.seteuid?.(65_534);
  try {
    await expect(ingestFiles({}, { inputs: [join(folder, "s")], output: join(folder, "o.trace") })).rejects.toThrow("s: permission denied");
  } finally {
    if (asAnother) process.seteuid?.(0);
  }
});

test("an entry of --map must be known, fit, and be of use", async () => {
  const file = "when,where\n1,7f001000\n";
  const plan = (entries: { [name: string]: string }): { columns: Map<string, string> } => ({ columns: new Map(Object.entries(entries)) });
  expect((await ingestFiles({ f: file }, plan({ time: "when:us", gva: "where:hex" }))).accesses).toEqual(["1000 vm/0 R 0:7f001 0 ×1"]);
  expect(await refusal(file, plan({ gvx: "where" }))).toMatch(/^--map gvx=where: unknown column "gvx"; known: time, vm, /);
  expect(await refusal(file, plan({ gva: "where:hex", op: "rw" }))).toBe('--map op=rw: no input has a column "rw"');
  expect(await refusal(file, plan({ gva: "where:us" }))).toBe('--map gva=where:us: gva cannot be declared ":us"');
});

test("a file of which no row can be read is refused, whatever is asked to happen to bad rows", async () => {
  for (const badRows of ["skip", "quarantine"] as const) {
    await expect(ingestFiles({ f: "time_ns,gva,op\n1,zz,R\n2,yy,R\n" }, { badRows })).rejects.toThrow(
      "f: none of its 2 rows could be read",
    );
  }
});

test.each(["", '"'])("a last line without an end that lacks fields is refused (%j)", async (quote) => {
  const cut = `${quote}time_ns${quote},gva,gpa,op\n1,0x1000,0x2000,R\n5,0x10`;
  await expect(ingestFiles({ f: cut })).rejects.toThrow("f:3: is cut short");
  const { summary } = await ingestFiles({ f: cut }, { badRows: "skip" });
  expect([summary.accepted, summary.rejected]).toEqual([1, 1]);
});

test.each(["", '"'])("a fraction of nobody knows what is refused; of a stated unit it is not (%j)", async (quote) => {
  const file = `${quote}timestamp${quote},addr\n0.5,0x1000\n1.25,0x1000\n`;
  await expect(ingestFiles({ f: file })).rejects.toThrow('f:2: column timestamp: "0.5" has a fraction, and nothing says its unit');
  const { summary } = await ingestFiles({ f: file }, { timeUnit: "s" });
  expect([summary.firstNs, summary.lastNs]).toEqual([0.5e9, 1.25e9]);
});
