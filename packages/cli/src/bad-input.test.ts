import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { complaints, digestsIn, FORK, temporary, tidemark } from "./testing.ts";

const folder = temporary();
afterAll(() => folder.remove());

const HEADER = "time_ns,gva,gpa,op,count\n";
const GOOD = `${HEADER}1,0x1000,0x2000,R,1\n2,0x1000,0x2000,W,1\n`;
/** A good row, then this one: line 3. */
const third = (row: string): string => `${HEADER}1,0x1000,0x2000,R,1\n${row}\n`;

function withFlippedByte(bytes: Buffer, fromEnd: number): Buffer {
  bytes[bytes.length - fromEnd] ^= 0xff;
  return bytes;
}

/** Ingests one file; the command may leave nothing behind but what it was given. */
async function refusal(name: string, content: string | Uint8Array, options: readonly string[] = []): Promise<string> {
  folder.file(name, content);
  const output = join(folder.path, `${name}.trace`);
  const { code, stdout, stderr } = await tidemark(["ingest", name, "-o", output, ...options], { cwd: folder.path });
  expect([code, stdout]).toEqual([2, ""]);
  const said = complaints(stderr);
  expect(stderr.trimEnd().split("\n").at(-1)).toBe(said[0]);
  expect(said).toHaveLength(1);
  expect(said[0].length).toBeLessThan(400);
  expect(readdirSync(folder.path).filter((file) => file.includes(`${name}.trace`))).toEqual([]);
  return said[0].slice("tidemark: ".length);
}

describe("captured files that make no sense are refused in one line, and nothing is written", () => {
  test.each<[string, string, string | Uint8Array, string]>([
    ["an empty file", "empty.csv", "", "empty.csv: is empty"],
    ["a header only", "header.csv", HEADER, "header.csv: has no rows"],
    [
      "a gzip cut short",
      "cut.csv.gz",
      gzipSync(GOOD.repeat(1)).subarray(0, 40),
      "cut.csv.gz: is damaged or cut short (unexpected end of file)",
    ],
    [
      "a gzip with a wrong CRC",
      "crc.csv.gz",
      withFlippedByte(gzipSync(GOOD), 8),
      "crc.csv.gz: is damaged or cut short (incorrect data check)",
    ],
    [
      "a word for a number",
      "type.csv",
      third("2,hello,0x2000,R,1"),
      'type.csv:3: column gva: "hello" is not a number (expected decimal digits, or 0x and hexadecimal digits)',
    ],
    ["a fraction of a page", "fraction.csv", third("2,4096.5,0x2000,R,1"), 'fraction.csv:3: column gva: "4096.5" is not a whole number'],
    ["a negative time", "ago.csv", third("-2,0x1000,0x2000,R,1"), 'ago.csv:3: column time_ns: "-2" is negative'],
    [
      "a negative address",
      "below.csv",
      third("2,-4096,0x2000,R,1"),
      'below.csv:3: column gva: "-4096" is negative (expected 0 to 2^64 - 1)',
    ],
    [
      "a number beyond 64 bits",
      "big.csv",
      third("2,0x10000000000000000,0x2000,R,1"),
      'big.csv:3: column gva: "0x10000000000000000" is more than 2^64 - 1',
    ],
    [
      "an address that is not canonical",
      "hole.csv",
      third("2,0x1234567812345678,0x2000,R,1"),
      'hole.csv:3: column gva: "0x1234567812345678" is not a canonical address',
    ],
    ["no accesses in a row", "none.csv", third("2,0x1000,0x2000,R,0"), 'none.csv:3: column count: "0" is less than 1'],
    ["a NUL byte", "nul.csv", third("2,0x10\u000000,0x2000,R,1"), "nul.csv:3: contains a NUL byte"],
    ["a line of 10 MB", "long.csv", third("x".repeat(10e6)), 'long.csv:3: column time_ns: "xxxxxx'],
    ["too many fields", "wide.csv", third("2,0x1000,0x2000,R,1,9"), "wide.csv:3: has 6 fields, and the header 5"],
    ["an unknown op", "op.csv", third("2,0x1000,0x2000,Q,1"), 'op.csv:3: column op: "Q" is not known here (expected one of r, read'],
    [
      "no address",
      "lack.csv",
      "time_ns,op\n1,R\n",
      'lack.csv: cannot tell the format; the columns it names are "time_ns, op"; name the address with --map gva=COLUMN',
    ],
    ["a column twice", "twice.csv", "time_ns,gva,gva\n1,0x1000,0x2000\n", 'twice.csv: has two columns called "gva"; rename or remove one'],
    [
      "two columns of one meaning",
      "both.csv",
      "time_ns,gva,addr\n1,0x1000,0x2000\n",
      'both.csv: columns "gva" and "addr" both mean gva; choose one with --map gva=NAME',
    ],
    [
      "time that goes back",
      "back.csv",
      third("0,0x1000,0x2000,R,1"),
      "back.csv:3: time 0 ns is before 1 ns on line 2; sort the input, or pass --sort",
    ],
    ["bytes of nothing known", "noise.bin", Uint8Array.from({ length: 999 }, (_, i) => (i * 151) & 255), "noise.bin"],
  ])("%s", async (_, name, content, message) => {
    expect(await refusal(name, content)).toContain(message);
  });

  test("a folder, and a file that is not there", async () => {
    mkdirSync(join(folder.path, "folder"));
    const output = ["-o", join(folder.path, "never.trace")];
    const [dir, absent] = await Promise.all(
      ["folder", "absent.csv"].map((name) => tidemark(["ingest", name, ...output], { cwd: folder.path })),
    );
    expect([dir.code, absent.code]).toEqual([2, 2]);
    expect(complaints(dir.stderr)[0]).toMatch(/^tidemark: folder: is a folder; name the files in it/);
    expect(complaints(absent.stderr)).toEqual(["tidemark: absent.csv: no such file or folder"]);
    expect(readdirSync(folder.path)).not.toContain("never.trace");
  });

  test("explain refuses the same, and leaves no temporary trace", async () => {
    folder.file("bad-op.csv", third("2,0x1000,0x2000,Q,1"));
    const tmp = join(folder.path, "tmp");
    mkdirSync(tmp);
    const { code, stdout, stderr } = await tidemark(["explain", "bad-op.csv"], { cwd: folder.path, env: { TMPDIR: tmp } });
    expect([code, stdout]).toEqual([2, ""]);
    expect(complaints(stderr)[0]).toContain("bad-op.csv:3: column op");
    expect(readdirSync(tmp)).toEqual([]);
  });

  test("explain refuses files without accesses, and rows to be kept where no trace is", async () => {
    folder.file("only.kmem.csv", "time_ns,event,gpfn,order\n1,alloc,5,0\n");
    folder.file("plain-good.csv", GOOD);
    const [none, kept] = await Promise.all([
      tidemark(["explain", "only.kmem.csv"], { cwd: folder.path }),
      tidemark(["explain", "plain-good.csv", "--bad-rows", "quarantine"], { cwd: folder.path }),
    ]);
    expect([none.code, kept.code]).toEqual([2, 2]);
    expect(complaints(none.stderr)).toEqual([
      "tidemark: only.kmem.csv: no accesses, so nothing to explain; name the file that has them, too",
    ]);
    expect(complaints(kept.stderr)[0]).toMatch(/^tidemark: --bad-rows quarantine: .*; ingest first, or --bad-rows skip$/);
  });

  test("a file without read permission", async (context) => {
    if (process.getuid?.() !== 0) return context.skip("needs root, to run as someone else");
    const open = temporary();
    try {
      chmodSync(open.path, 0o777);
      const stranger = await tidemark(["--version"], { cwd: open.path, uid: 65_534 });
      if (stranger.code !== 0) return context.skip("the project lies in a folder that only its owner may enter");
      chmodSync(open.file("secret.csv", GOOD), 0o600);
      const { code, stdout, stderr } = await tidemark(["ingest", "secret.csv", "-o", "out.trace"], { cwd: open.path, uid: 65_534 });
      expect([code, stdout]).toEqual([2, ""]);
      expect(complaints(stderr)).toEqual(["tidemark: secret.csv: permission denied"]);
      chmodSync(join(open.path, "secret.csv"), 0o644);
      chmodSync(open.path, 0o755); // readable now, but nothing may be written here
      const denied = await tidemark(["ingest", "secret.csv", "-o", "out.trace"], { cwd: open.path, uid: 65_534 });
      expect([denied.code, denied.stdout]).toEqual([2, ""]);
      expect(complaints(denied.stderr)).toEqual(["tidemark: out.trace: permission denied"]);
      expect(readdirSync(open.path)).toEqual(["secret.csv"]);
    } finally {
      open.remove();
    }
  });
});

describe("what looks odd and is right", () => {
  test("CRLF, a BOM, blanks at the end and no last newline make the same trace", async () => {
    const variants: [string, string][] = [
      ["plain.csv", GOOD],
      ["crlf.csv", GOOD.replaceAll("\n", "\r\n")],
      ["bom.csv", `\uFEFF${GOOD}`],
      ["open.csv", GOOD.trimEnd()],
    ];
    const traces = await Promise.all(
      variants.map(async ([name, text]) => {
        folder.file(name, text);
        const { code } = await tidemark(["ingest", name, "-o", `${name}.trace`, "--vm", "a"], { cwd: folder.path });
        expect(code).toBe(0);
        const files = digestsIn(join(folder.path, `${name}.trace`));
        files.delete("trace.json"); // names the file
        return files;
      }),
    );
    for (const files of traces) expect(files).toEqual(traces[0]);
  });

  test("--sort puts rows whose time goes back where they belong", async () => {
    folder.file("shuffled.csv", `${HEADER}3,0x3000,0x3000,R,1\n1,0x1000,0x1000,R,1\n2,0x2000,0x2000,W,1\n`);
    folder.file("ordered.csv", `${HEADER}1,0x1000,0x1000,R,1\n2,0x2000,0x2000,W,1\n3,0x3000,0x3000,R,1\n`);
    const options = { cwd: folder.path };
    const [sorted, ordered] = await Promise.all([
      tidemark(["ingest", "shuffled.csv", "--sort", "-o", "shuffled.trace", "--vm", "a"], options),
      tidemark(["ingest", "ordered.csv", "-o", "ordered.trace", "--vm", "a"], options),
    ]);
    expect([sorted.code, ordered.code]).toEqual([0, 0]);
    const bytes = (trace: string): Buffer => readFileSync(join(folder.path, trace, "events.arrow"));
    expect(bytes("shuffled.trace").equals(bytes("ordered.trace"))).toBe(true);
  });
});

describe("rows that make no sense, among others", () => {
  const rows = `${HEADER}1,0x1000,0x1000,R,1\n2,zzz,0x1000,R,1\n3,0x2000,0x2000,W,1\n4,0x2000,0x2000,Q,1\n`;

  test("skip counts them, quarantine keeps them with the reason", async () => {
    folder.file("some.csv", rows);
    const [skip, quarantine] = await Promise.all(
      ["skip", "quarantine"].map((how) =>
        tidemark(["ingest", "some.csv", "--bad-rows", how, "-o", `${how}.trace`, "--json"], { cwd: folder.path }),
      ),
    );
    for (const { code, stdout, stderr } of [skip, quarantine]) {
      expect(code).toBe(0);
      expect(stderr).toContain("4 rows read, 2 accepted, 2 rejected");
      expect(JSON.parse(stdout)).toMatchObject({ schema: 1, rowsRead: 4, accepted: 2, rejected: 2 });
    }
    expect(readdirSync(join(folder.path, "skip.trace"))).not.toContain("rejected.csv");
    const kept = readFileSync(join(folder.path, "quarantine.trace/rejected.csv"), "utf8").trimEnd().split("\n");
    expect(kept).toHaveLength(3);
    expect(kept[1]).toMatch(/^some\.csv,3,.*zzz.*"2,zzz,0x1000,R,1"$/);
    expect(kept[2]).toMatch(/^some\.csv,5,.*op.*"4,0x2000,0x2000,Q,1"$/);
  });
});

describe("trace folders that are not whole", () => {
  beforeAll(async () => {
    for (const name of ["cut", "foreign"]) expect((await tidemark(["ingest", ...FORK, "-o", join(folder.path, name)])).code).toBe(0);
    const events = readFileSync(join(folder.path, "cut/events.arrow"));
    folder.file("cut/events.arrow", events.subarray(0, 100_000));
    folder.file("foreign/trace.json", '{"schema": 2}');
  });

  test.each([
    ["cut", /^tidemark: cut\/events\.arrow: is cut short, its end is missing/],
    ["foreign", /^tidemark: foreign\/trace\.json: .*; ingest the sources again\n$/],
  ])("%s is refused in one line", async (name, message) => {
    const { code, stdout, stderr } = await tidemark(["explain", name], { cwd: folder.path });
    expect([code, stdout]).toEqual([2, ""]);
    expect(complaints(stderr)).toHaveLength(1);
    expect(stderr).toMatch(message);
  });

  test("a part of an Arrow file is refused as input", async () => {
    folder.file("part.arrow", readFileSync(join(folder.path, "cut/events.arrow")));
    const { code, stderr } = await tidemark(["ingest", "part.arrow", "-o", "part.trace"], { cwd: folder.path });
    expect(code).toBe(2);
    expect(complaints(stderr)[0]).toMatch(/^tidemark: part\.arrow: is damaged or cut short/);
    expect(readdirSync(folder.path)).not.toContain("part.trace");
  });
});
