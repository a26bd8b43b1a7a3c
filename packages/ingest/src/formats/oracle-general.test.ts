import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { oracleGeneral } from "./oracle-general.ts";

type Request = readonly [seconds: number, id: bigint, bytes: number, next: bigint];

/** The records of the format's definition, written by its offsets. */
const file = (...requests: Request[]): Buffer =>
  Buffer.concat(
    requests.map(([seconds, id, bytes, next]) => {
      const record = Buffer.alloc(24);
      record.writeUInt32LE(seconds, 0);
      record.writeBigUInt64LE(id, 4);
      record.writeUInt32LE(bytes, 12);
      record.writeBigInt64LE(next, 16);
      return record;
    }),
  );
const NEVER = 2n ** 63n - 1n;
const EXAMPLE: Request[] = [
  [5, 42n, 512, 3n],
  [5, 7n, 4096, -1n],
  [6, 42n, 512, 4n],
  [9, 42n, 512, NEVER],
];
formatLaws(oracleGeneral, file(...EXAMPLE));

test("a request is a read of the object's page, in whole seconds", async () => {
  const { accesses, manifest } = await ingestFiles({ f: file(...EXAMPLE) });
  expect(accesses).toEqual([
    "5000000000 vm/0 R 0:2a 0 ×1",
    "5000000000 vm/0 R 0:7 1 ×1",
    "6000000000 vm/0 R 0:2a 0 ×1",
    "9000000000 vm/0 R 0:2a 0 ×1",
  ]);
  expect(manifest.vms[0]).toMatchObject({ order: "exact", virtualPages: 2, accesses: 4 });
});

test("requests of size 0 are left out and counted; ids of 64 bits stay apart", async () => {
  const { accesses, manifest } = await ingestFiles({
    f: file([1, 2n ** 64n - 1n, 1, -1n], [1, 2n ** 52n - 1n, 0, 3n], [1, 2n ** 52n - 1n, 1, -1n]),
  });
  expect(accesses.map((row) => row.split(" ")[3])).toEqual(["fff:fffffffffffff", "0:fffffffffffff"]);
  expect(manifest.sources[0].notes).toEqual(["1 requests of size 0 are not used, as libCacheSim leaves them out"]);
});

test("is not taken for it: times that go back, a next request in the past or of another object", async () => {
  for (const other of [
    file([5, 1n, 1, -1n], [4, 2n, 1, -1n]),
    file([5, 1n, 1, 1n]),
    file([5, 1n, 1, 2n], [5, 2n, 1, -1n]),
    file([5, 1n, 1, 0n]),
    Buffer.alloc(96),
  ])
    expect(oracleGeneral.sniff(other)).toBe(false);
});

test("refuses times that no trace can have, and the end of a file that is cut", async () => {
  expect(await refusal(file([1_700_000_000, 1n, 1, -1n]))).toBe(
    "f: row 1: clock time 1700000000 s is 2^53 ns (104 days) or later; subtract an origin, for example --time-origin 1700000000000000000",
  );
  const late = file([1_700_000_000, 1n, 1, -1n], [1_700_000_007, 1n, 1, -1n]);
  const { summary } = await ingestFiles({ f: late }, { timeOriginNs: 1.7e18 });
  expect([summary.firstNs, summary.lastNs]).toEqual([0, 7e9]);
  expect(await refusal(file(...EXAMPLE).subarray(0, -5))).toBe("f: row 4: is cut short: 19 bytes of the 24 of a record");
});

test("more requests than a window holds", async () => {
  const count = 30_000;
  const { summary, manifest } = await ingestFiles({
    f: file(...Array.from({ length: count }, (_, i): Request => [i, BigInt(i % 1000), 1, i + 1000 < count ? BigInt(i + 1001) : -1n])),
  });
  expect([summary.accepted, summary.accesses, manifest.vms[0].virtualPages, summary.lastNs]).toEqual([
    count,
    count,
    1000,
    (count - 1) * 1e9,
  ]);
});
