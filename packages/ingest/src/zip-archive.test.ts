import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { ingestFiles, refusal } from "./testing.ts";

const A = "time_ns,vm,gva\n1,a,0x1000\n5,a,0x1000\n";
const B = "time_ns,vm,gva\n2,b,0x1000\n4,b,0x1000\n";

test("every member is a source of its own, merged with the others by time", async () => {
  const zip = zipSync({ "run/a.csv": strToU8(A), run: {}, "b.csv": [strToU8(B), { level: 0 }] });
  const { accesses, manifest } = await ingestFiles({ "t.zip": zip });
  expect(accesses.map((row) => row.slice(0, 4))).toEqual(["1 a/", "2 b/", "4 b/", "5 a/"]);
  const sha256 = createHash("sha256").update(zip).digest("hex");
  expect(manifest.sources.map(({ name, bytes, sha256, rows }) => [name.replace(/.*t\.zip/, "t.zip"), bytes, sha256, rows])).toEqual([
    ["t.zip/run/a.csv", zip.length, sha256, 2],
    ["t.zip/b.csv", zip.length, sha256, 2],
  ]);
});

test("what is in no known format is left out, which is noted, unless there is nothing else", async () => {
  const readme = strToU8("# Captures of the day of the guest\n\nThe accesses of one VM.\n");
  const { accesses, manifest } = await ingestFiles({ "t.zip": zipSync({ "run/README.md": readme, "run/a.csv": strToU8(A) }) });
  expect(accesses).toHaveLength(2);
  expect(manifest.sources.map(({ notes }) => notes)).toEqual([["README.md, in no known format, is left out"]]);
  const odd = { "blob.bin": new Uint8Array([1, 0, 2, 10]), "empty.txt": new Uint8Array(0), "blank.txt": strToU8("\n\n") };
  const beside = await ingestFiles({ "t.zip": zipSync({ ...odd, "inner.zip": zipSync({ "a.csv": strToU8(A) }), "a.csv": strToU8(A) }) });
  expect(beside.manifest.sources.map(({ notes }) => notes.length)).toEqual([4]);
  expect(await refusal(zipSync({ "README.md": readme }))).toMatch(
    /^f\/README\.md: cannot tell the format; the columns it names are "#, Captures, of, the, day, of, the, guest"; /,
  );
  // What is in a known format and damaged is not passed over.
  expect(await refusal(zipSync({ "a.csv": strToU8(A), "b.csv": strToU8("time_ns,vm,gva\n1,a,nothing\n") }))).toMatch(/^f\/b\.csv:2: /);
});

test("a damaged archive is refused, and says which file", async () => {
  const zip = Buffer.from(zipSync({ "a.csv": [strToU8(A + "6,a,0x1000\n".repeat(2000)), { level: 6 }] }));
  const stored = Buffer.from(zipSync({ "a.csv": [strToU8(A), { level: 0 }] }));
  stored[stored.indexOf("0x1000")] = 0x31;
  expect(await refusal(stored, { badRows: "skip" })).toBe("f/a.csv: is damaged or cut short (its CRC does not fit)");
  expect(await refusal(zip.subarray(0, -10))).toBe("f: is damaged or cut short (its directory is missing)");
  zip.fill(0xff, 60, 70);
  expect(await refusal(zip)).toMatch(/^f\/a\.csv: is damaged or cut short \(/);
  expect(await refusal(zipSync({}))).toBe("f: is an archive without files");
  const encrypted = Buffer.from(zipSync({ "a.csv": strToU8(A) }));
  encrypted[encrypted.lastIndexOf("PK\x01\x02") + 8] |= 1;
  expect(await refusal(encrypted)).toBe("f/a.csv: is encrypted; unpack it first");
});
