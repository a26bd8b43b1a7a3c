import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RecordBatchReader, tableFromIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { NONE } from "./access-batch.ts";
import { ArrowFileWriter, readArrowFile, type ArrowColumn, type ArrowRows, type ColumnArray } from "./arrow-file.ts";
import { InputError } from "./fail.ts";
import { testFolder, thrownBy } from "./testing.ts";

const COLUMNS: readonly ArrowColumn[] = [
  { name: "u8", type: "u8" },
  { name: "u8?", type: "u8", nullable: true },
  { name: "u16", type: "u16" },
  { name: "u32", type: "u32" },
  { name: "u32?", type: "u32", nullable: true },
  { name: "u64", type: "u64" },
  { name: "u64?", type: "u64", nullable: true },
  { name: "f64", type: "f64" },
  { name: "f64?", type: "f64", nullable: true },
  { name: "hash", type: "hash" },
  { name: "text", type: "text" },
  { name: "other text", type: "text" },
];
const TOP = 2 ** 53 - 1;
const ROWS: ColumnArray[] = [
  Uint8Array.of(0, 1, 255),
  Uint8Array.of(0, 255, 254),
  Uint16Array.of(0, 1, 65_535),
  Uint32Array.of(0, 1, NONE),
  Uint32Array.of(NONE, 0, NONE - 1),
  Float64Array.of(0, 2 ** 32 + 5, TOP),
  Float64Array.of(TOP, NaN, 0),
  Float64Array.of(-0.5, Infinity, 1e300),
  Float64Array.of(NaN, -1, NaN),
  BigUint64Array.of(0n, 1n, 2n ** 64n - 1n),
  ["", 'a "quoted", line\n', "ünï ✓"],
  ["x", "x", "x"],
];

function write(path: string, columns: readonly ArrowColumn[], batches: readonly ArrowRows[]): void {
  const writer = new ArrowFileWriter(path, columns);
  for (const batch of batches) writer.write(batch);
  writer.close();
}

/** What the reader yields, copied while it is valid and cut to the batch's length. */
async function read(path: string, columns: readonly ArrowColumn[]): Promise<unknown[][][]> {
  const batches: unknown[][][] = [];
  for await (const rows of readArrowFile(path, columns)) batches.push(rows.columns.map((column) => [...column].slice(0, rows.length)));
  return batches;
}

describe("a file with every type of column", () => {
  test("comes back as it was written, unknown values as their sentinels", async () => {
    const path = join(testFolder(), "all.arrow");
    write(path, COLUMNS, [{ length: 3, columns: ROWS }]);
    expect(await read(path, COLUMNS)).toEqual([ROWS.map((column) => [...column])]);
  });

  test("zeros take no room on the disk, and what stands beside them is all there", async () => {
    const path = join(testFolder(), "sparse.arrow");
    const columns: readonly ArrowColumn[] = ["zeros", "ones", "late"].map((name) => ({ name, type: "u32" }));
    const length = 200_000;
    const [zeros, ones, late] = [new Uint32Array(length), new Uint32Array(length).fill(1), new Uint32Array(length)];
    late[length - 1] = 7;
    write(path, columns, [{ length, columns: [zeros, ones, late] }]);
    const { size, blocks } = statSync(path);
    expect(size).toBeGreaterThan(12 * length);
    expect(512 * blocks).toBeLessThan(9 * length);
    const [batch] = await read(path, columns);
    expect(batch.map((column) => column.reduce<number>((sum, value) => sum + Number(value), 0))).toEqual([0, length, 7]);
    expect([batch[1].indexOf(0), batch[2].indexOf(7)]).toEqual([-1, length - 1]);
  });

  test("is a stream behind its magic, for readers that know no footers", () => {
    const path = join(testFolder(), "stream.arrow");
    write(path, COLUMNS, [{ length: 3, columns: ROWS }]);
    const magicBytes = 8;
    const batches = [...RecordBatchReader.from(readFileSync(path).subarray(magicBytes))];
    expect(batches.map((batch) => batch.numRows)).toEqual([3]);
  });

  test("is what other tools read, with nulls for unknown values", () => {
    const path = join(testFolder(), "all.arrow");
    write(path, COLUMNS, [{ length: 3, columns: ROWS }]);
    const table = tableFromIPC(readFileSync(path));
    expect(table.schema.fields.map(({ name, type, nullable }) => `${name}: ${type}${nullable ? " null" : ""}`)).toEqual([
      "u8: Uint8",
      "u8?: Uint8 null",
      "u16: Uint16",
      "u32: Uint32",
      "u32?: Uint32 null",
      "u64: Uint64",
      "u64?: Uint64 null",
      "f64: Float64",
      "f64?: Float64 null",
      "hash: Uint64",
      "text: Dictionary<Int32, Utf8>",
      "other text: Dictionary<Int32, Utf8>",
    ]);
    const column = (name: string): unknown[] => [...(table.getChild(name) ?? [])];
    expect(column("u8")).toEqual([0, 1, 255]);
    expect(column("u8?")).toEqual([0, null, 254]);
    expect(column("u32")).toEqual([0, 1, NONE]);
    expect(column("u32?")).toEqual([null, 0, NONE - 1]);
    expect(column("u64")).toEqual([0n, 2n ** 32n + 5n, BigInt(TOP)]);
    expect(column("u64?")).toEqual([BigInt(TOP), null, 0n]);
    expect(column("f64")).toEqual([-0.5, Infinity, 1e300]);
    expect(column("f64?")).toEqual([null, -1, null]);
    expect(column("hash")).toEqual([0n, 1n, 2n ** 64n - 1n]);
    expect(column("text")).toEqual(["", 'a "quoted", line\n', "ünï ✓"]);
    expect(column("other text")).toEqual(["x", "x", "x"]);
  });

  test.each([1, 7, 8, 9, 16, 21])("marks unknown values of %i rows and counts them", (length) => {
    const path = join(testFolder(), "nulls.arrow");
    const values = Uint32Array.from({ length }, (_, i) => (i % 3 === 0 || i === 8 ? NONE : i));
    write(path, [{ name: "ppn", type: "u32", nullable: true }], [{ length, columns: [values] }]);
    const column = tableFromIPC(readFileSync(path)).getChild("ppn");
    const expected = [...values].map((value) => (value === NONE ? null : value));
    expect([...(column ?? [])]).toEqual(expected);
    expect(column?.nullCount).toBe(expected.filter((value) => value === null).length);
  });

  test("is whole for readers that take it as a stream behind its magic", () => {
    const path = join(testFolder(), "all.arrow");
    write(path, COLUMNS, [{ length: 3, columns: ROWS }]);
    const bytes = readFileSync(path);
    const stream = tableFromIPC(bytes.subarray(8));
    expect(stream.schema.fields).toHaveLength(COLUMNS.length);
    expect(stream.toArray().map(String)).toEqual(tableFromIPC(bytes).toArray().map(String));
  });

  test("gives the columns asked for in the order asked for", async () => {
    const path = join(testFolder(), "all.arrow");
    write(path, COLUMNS, [{ length: 3, columns: ROWS }]);
    expect(await read(path, [COLUMNS[10], COLUMNS[0]])).toEqual([[ROWS[10], [0, 1, 255]]]);
  });
});

test("batches stay apart, and their arrays may be longer than they are", async () => {
  const path = join(testFolder(), "batches.arrow");
  const columns: ArrowColumn[] = [
    { name: "time", type: "u64" },
    { name: "ppn", type: "u32", nullable: true },
    { name: "word", type: "text" },
  ];
  const time = new Float64Array(9);
  const ppn = new Uint32Array(9);
  const writer = new ArrowFileWriter(path, columns);
  const expected: unknown[][][] = [];
  for (const length of [9, 1, 8, 0, 5]) {
    const words = Array.from({ length: 9 }, (_, i) => (i < length ? "abc"[i % 3] : "stale"));
    for (let i = 0; i < length; i++) {
      time[i] = length * 1000 + i;
      ppn[i] = i % 5 === 1 ? NONE : i;
    }
    writer.write({ length, columns: [time, ppn, words] });
    if (length > 0) expected.push([Array.from(time.subarray(0, length)), Array.from(ppn.subarray(0, length)), words.slice(0, length)]);
    time.fill(7); // the writer keeps nothing of what it was given
    ppn.fill(7);
  }
  writer.close();
  expect(await read(path, columns)).toEqual(expected);
  expect([...(tableFromIPC(readFileSync(path)).getChild("word") ?? [])]).toEqual(expected.flatMap(([, , words]) => words));
});

test("a file without rows is whole, for others too", async () => {
  const path = join(testFolder(), "empty.arrow");
  write(path, COLUMNS, []);
  expect(await read(path, COLUMNS)).toEqual([]);
  const table = tableFromIPC(readFileSync(path));
  expect([table.numRows, table.numCols]).toEqual([0, COLUMNS.length]);
});

test("equal rows give equal bytes", () => {
  const folder = testFolder();
  for (const name of ["a", "b"]) write(join(folder, name), COLUMNS, [{ length: 3, columns: ROWS }]);
  expect(readFileSync(join(folder, "a")).equals(readFileSync(join(folder, "b")))).toBe(true);
});

describe("misuse is a bug", () => {
  test.each<[string, ArrowRows, string]>([
    ["a column that is too short", { length: 2, columns: [["a", "a"], Uint8Array.of(1)] }, "column n has too few values"],
    ["a column that is missing", { length: 1, columns: [["a"]] }, "column n has too few values"],
    ["a word that the first batch did not have", { length: 1, columns: [["b"], Uint8Array.of(1)] }, '"b" is not in the dictionary of w'],
  ])("%s", async (_, rows, message) => {
    const writer = new ArrowFileWriter(join(testFolder(), "x"), [
      { name: "w", type: "text" },
      { name: "n", type: "u8" },
    ]);
    writer.write({ length: 1, columns: [["a"], Uint8Array.of(1)] });
    const bug = await thrownBy(() => writer.write(rows));
    writer.abandon();
    expect(bug).not.toBeInstanceOf(InputError);
    expect(String(bug)).toContain(`bug: `);
    expect(String(bug)).toContain(message);
  });
});

describe("a file that cannot be read is the user's to put right", () => {
  const time: readonly ArrowColumn[] = [{ name: "time", type: "u64" }];
  const problem = async (path: string, columns = time) => {
    const error = await thrownBy(() => read(path, columns));
    expect(error).toBeInstanceOf(InputError);
    return String(error).replace("InputError: ", "").replace(`${path}: `, "");
  };

  test("wherever it is cut", async () => {
    const folder = testFolder();
    const path = join(folder, "whole");
    const words = { name: "word", type: "text" } as const;
    const batch = { length: 4, columns: [Float64Array.of(1, 2, 3, 4), ["a", "b", "a", "c"]] };
    write(path, [...time, words], [batch, batch]);
    const bytes = readFileSync(path);
    const cut = join(folder, "cut");
    const seen = new Set<string>();
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(cut, bytes.subarray(0, length));
      seen.add(await problem(cut));
    }
    expect([...seen]).toEqual(["is not an Arrow file; write it again", "is cut short, its end is missing; write it again"]);
  });

  test("because it is absent, a folder, something else or without the column", async () => {
    const folder = testFolder();
    expect(await problem(join(folder, "absent"))).toBe("no such file or folder");
    mkdirSync(join(folder, "folder"));
    expect(await problem(join(folder, "folder"))).toBe("is a folder, not a file");
    writeFileSync(join(folder, "text"), "time_ns,gva\n1,2\n");
    expect(await problem(join(folder, "text"))).toBe("is not an Arrow file; write it again");
    write(join(folder, "other"), [{ name: "Time", type: "u64" }], []);
    expect(await problem(join(folder, "other"))).toBe('has no column "time"; was it written by another version?');
  });

  test("because its inside is broken between sound ends", async () => {
    const path = join(testFolder(), "broken");
    write(path, time, [{ length: 3, columns: [Float64Array.of(1, 2, 3)] }]);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0, bytes.length - 10, bytes.length - 6)); // the footer's length
    expect(await problem(path)).toMatch(/^is damaged: .+; write it again$/);
  });

  test.each<[ArrowColumn["type"], string]>([
    ["f64", "Float64"],
    ["u32", "Uint32"],
    ["text", "Dictionary<Int32, Utf8>"],
  ])("because the column is %s", async (type, name) => {
    const path = join(testFolder(), "typed");
    write(path, [{ name: "time", type }], []);
    expect(await problem(path)).toBe(`column "time" is ${name}, not Uint64; was it written by another version?`);
  });
});

test("an existing file is not written over, and a missing folder is said", async () => {
  const folder = testFolder();
  writeFileSync(join(folder, "precious"), "mine");
  await expect(async () => new ArrowFileWriter(join(folder, "precious"), COLUMNS)).rejects.toThrow("EEXIST");
  expect(readFileSync(join(folder, "precious"), "utf8")).toBe("mine");
  const path = join(folder, "absent", "file");
  expect(await thrownBy(() => new ArrowFileWriter(path, COLUMNS))).toEqual(new InputError(`${path}: no such file or folder`));
});

test("what the consumer of a batch throws is its own affair", async () => {
  const path = join(testFolder(), "rows");
  write(path, COLUMNS, [{ length: 3, columns: ROWS }]);
  const error = await thrownBy(async () => {
    for await (const _ of readArrowFile(path, COLUMNS)) throw new Error("consumer");
  });
  expect(error).toEqual(new Error("consumer"));
});

test.runIf(process.platform === "linux")("a reader that is left early or refuses its file gives it back", async () => {
  const path = join(testFolder(), "rows");
  write(path, COLUMNS, [
    { length: 3, columns: ROWS },
    { length: 3, columns: ROWS },
  ]);
  const timesOpen = (): number => readdirSync("/proc/self/fd").filter((fd) => targetOf(fd) === path).length;
  for await (const _ of readArrowFile(path, COLUMNS)) {
    expect(timesOpen()).toBe(1);
    break;
  }
  expect(timesOpen()).toBe(0);
  truncateSync(path, 100);
  await thrownBy(() => read(path, COLUMNS));
  expect(timesOpen()).toBe(0);
});

function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ""; // the one that listed the folder is closed by now
  }
}
