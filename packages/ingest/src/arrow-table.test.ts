import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import * as arrow from "apache-arrow";
import { InputError, openTrace } from "@tidemark/data";
import { zipSync } from "fflate";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openArrowStream } from "./arrow-table.ts";
import { ingestFiles, refusal } from "./testing.ts";

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/arrow/${name}`, import.meta.url));

for (const name of [
  "accesses-plain.arrow",
  "accesses-lz4.arrow",
  "accesses-zstd.arrow",
  "accesses-stream.arrows",
  "accesses-utf8view.arrow",
  "accesses-odd-types.arrow",
]) {
  test(`${name}, written by polars, is the same trace as its CSV`, async () => {
    const csv = await ingestFiles({ f: fixture("accesses.csv") });
    const read = await ingestFiles({ f: fixture(name) });
    expect(read.accesses).toEqual(csv.accesses);
    expect(read.manifest.vms).toEqual(csv.manifest.vms);
    expect(read.accesses).toHaveLength(240);
  });
}

test("an Arrow file packed in gzip, and one in an archive, is unpacked first", async () => {
  const plain = await ingestFiles({ f: fixture("accesses-lz4.arrow") });
  expect((await ingestFiles({ f: gzipSync(fixture("accesses-lz4.arrow")) })).accesses).toEqual(plain.accesses);
  expect((await ingestFiles({ f: zipSync({ "a/b.arrow": fixture("accesses-zstd.arrow") }) })).accesses).toEqual(plain.accesses);
});

test("allocations and contents come as Arrow too, and join the accesses", async () => {
  const { manifest, trace, guest } = await ingestFiles({ k: fixture("allocations.arrow"), p: fixture("contents.arrow") }, { vm: "a" });
  expect(manifest.vms.map(({ name, allocatorEvents, contents }) => [name, allocatorEvents, contents])).toEqual([
    ["a", 200, 45],
    ["b", 0, 55],
  ]);
  expect(guest).toHaveLength(200);
  const { hash } = await openTrace(trace).contents();
  expect(hash.some((value) => value === 0n)).toBe(true);
});

/** A table of one row per value, as apache-arrow writes it. */
const file = (columns: { [name: string]: arrow.Vector }): Uint8Array => arrow.tableToIPC(new arrow.Table(columns), "file");
const column = <T extends arrow.DataType>(values: readonly unknown[], type: T): arrow.Vector<T> => arrow.vectorFromArray(values, type);

test("any integer, float or timestamp column is read by what it is", async () => {
  const gva = column([1n << 12n, 0xffff_8880_0000_1000n, 0x2000n], new arrow.Uint64());
  const rows = async (time: arrow.Vector, more: { [name: string]: arrow.Vector } = {}): Promise<string[]> =>
    (await ingestFiles({ f: file({ time, gva, ...more }) })).accesses.map((row) => row.replace(" vm/0", ""));
  const expected = ["1000 R 0:1 0 ×1", "2000 R 0:ffff888000001 1 ×1", "3000 R 0:2 2 ×1"];
  expect(await rows(column([1000, 2000, 3000], new arrow.Int32()))).toEqual(expected);
  expect(await rows(column([1000n, 2000n, 3000n], new arrow.Uint64()))).toEqual(expected);
  expect(await rows(micros([1n, 2n, 3n]))).toEqual(expected);
  expect(await rows(column([1e3, 2e3, 3e3], new arrow.Float64()), { op: column([0, 0, 0], new arrow.Int8()) })).toEqual(expected);
  expect(await rows(column([1e3, 2e3, 3e3], new arrow.Float32()), { count: column([1, null, Number.NaN], new arrow.Float64()) })).toEqual(
    expected,
  );
  const words = column(["store", "R", "X"], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16()));
  expect((await rows(column(["1us", "2000", "3e3"], new arrow.Utf8()), { op: words })).map((row) => row.split(" ")[1])).toEqual([
    "W",
    "R",
    "X",
  ]);
});

/** Timestamps in microseconds. */
function micros(values: readonly bigint[]): arrow.Vector {
  const data = BigInt64Array.from(values);
  return new arrow.Vector([arrow.makeData({ type: new arrow.TimestampMicrosecond(), data })]);
}

test("wrong types and wrong values name the column and the row", async () => {
  const gva = column([4096, 8192], new arrow.Uint32());
  expect(await refusal(file({ time: column([[1], [2]], new arrow.List(new arrow.Field("x", new arrow.Int32()))), gva }))).toMatch(
    /^f: column time is of type List<Int32>, which cannot be read as time \(time\)$/,
  );
  expect(await refusal(file({ gva: column([true, false], new arrow.Bool()) }))).toBe(
    "f: column gva is of type Bool, which cannot be read as gva (address)",
  );
  expect(await refusal(file({ gva: column([1, -1], new arrow.Int32()) }))).toBe(
    'f: row 2: column gva: "-1" is negative (expected 0 to 2^64 - 1)',
  );
  expect(await refusal(file({ gva: column([1n, -1n], new arrow.Int64()) }))).toBe(
    'f: row 2: column gva: "-1" is negative (expected 0 to 2^64 - 1)',
  );
  expect(await refusal(file({ gva: column([1, 1.5], new arrow.Float64()) }))).toBe('f: row 2: column gva: "1.5" is not a whole number');
  expect(await refusal(file({ gva: column([1, null], new arrow.Int32()) }))).toBe("f: row 2: column gva: is empty");
  expect(await refusal(file({ time: column([2, 1], new arrow.Int32()), gva }))).toBe(
    "f: row 2: time 1 ns is before 2 ns on row 1; sort the input, or pass --sort",
  );
  expect(await refusal(file({ when: column([2, 1], new arrow.Int32()) }))).toMatch(
    /^f: cannot tell the format; the columns it names are "when"/,
  );
  expect(await refusal(file({ gva: column([], new arrow.Uint64()) }))).toBe("f: has no rows");
});

/** Without the bytes, which fill the screen. */
const brief = <T>({ failed, errorInstance, seed, counterexamplePath }: fc.RunDetails<T>): void => {
  if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
};

test("cut short, or damaged in its data, it is refused in one line or read, never left hanging", async () => {
  for (const [name, from, to, refusedAtLeast] of [
    ["accesses-stream.arrows", 1200, 11_000, 15],
    ["accesses-lz4.arrow", 1200, 5500, 20],
    ["accesses-zstd.arrow", 1200, 3500, 20],
  ] as const) {
    const bytes = fixture(name);
    const cut = fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length));
    const damaged = fc.array(fc.tuple(fc.integer({ min: from, max: to }), fc.nat(255)), { minLength: 1, maxLength: 20 }).map((changes) => {
      const copy = Buffer.from(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(cut, damaged), async (content) => {
        try {
          await ingestFiles({ f: content });
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          refused++;
        }
      }),
      { seed: 3, numRuns: 40, asyncReporter: async (details) => brief(details) },
    );
    expect(refused).toBeGreaterThanOrEqual(refusedAtLeast);
  }
  expect(await refusal(fixture("accesses-plain.arrow").subarray(0, 9000))).toBe(
    "f: is damaged or cut short (an Arrow file ends with ARROW1)",
  );
  const open = await ingestFiles({ f: fixture("accesses-stream.arrows").subarray(0, -8) });
  expect(open.manifest.sources[0].notes).toEqual(["the stream ends without its end mark: rows at its end may be missing"]);
});

/** A length that is believed as many fields as take minutes to go through. */
const HUGE = 0x3fffffff;

test("whatever number of a stream's metadata is damaged, it is refused or read, never left hanging", async () => {
  const whole = fixture("accesses-stream.arrows");
  let lists = 0;
  for (let at = 0; at < 1200; at += 4) {
    const damaged = Buffer.from(whole);
    damaged.writeInt32LE(HUGE, at);
    async function* all(): AsyncGenerator<Uint8Array> {
      yield damaged;
    }
    const log = { name: "f", note() {}, read() {}, short() {}, reject() {} };
    try {
      const { header, rows } = await openArrowStream(all(), "f");
      const unread = header.map(() => undefined);
      for await (const cells of rows(unread, log)) expect(cells.length).toBeGreaterThan(0);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (error.message.includes("has a list of")) lists++;
    }
  }
  expect(lists).toBeGreaterThan(3);
});

test("a footer whose lists are too long is refused", async () => {
  const whole = fixture("accesses-plain.arrow");
  const end = whole.length - 10;
  const footer = end - whole.readInt32LE(end);
  for (const list of [204, 240, 504]) {
    const damaged = Buffer.from(whole);
    damaged.writeInt32LE(HUGE, footer + list);
    expect(await refusal(damaged)).toBe(
      "f: is damaged, cut short, or of a kind of Arrow that cannot be read (metadata of 628 bytes has a list of 1073741823)",
    );
  }
});
