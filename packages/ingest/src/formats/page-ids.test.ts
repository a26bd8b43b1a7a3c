import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { pageIds } from "./page-ids.ts";

formatLaws(pageIds, "42932745\n7\n42932745\n*\n0x1f\n");

test("an id is a page, in decimal or hexadecimal; stars of LIRS traces are counted", async () => {
  const { accesses, manifest } = await ingestFiles({ f: "*\n10\n0x10\n\n10\n*\n" });
  expect(accesses).toEqual(["0 vm/0 R 0:a 0 ×1", "1 vm/0 R 0:10 1 ×1", "2 vm/0 R 0:a 0 ×1"]);
  expect(manifest.sources[0]).toMatchObject({ rows: 3, notes: ["2 lines of one star (stretches of a LIRS trace) are no accesses"] });
});

test("ids of 64 bits stay apart: what 52 bits cannot hold is the space", async () => {
  const { accesses, manifest } = await ingestFiles({ f: "18446744073709551615\n0xfffffffffffff\n4503599627370496\n0\n" });
  expect(accesses.map((row) => row.split(" ")[3])).toEqual(["fff:fffffffffffff", "0:fffffffffffff", "1:0", "0:0"]);
  expect(manifest.vms[0].virtualPages).toBe(4);
});

test("more ids than a window or a batch holds, however they are written", async () => {
  const ids = Array.from({ length: 150_000 }, (_, i) => (i * 7919) % 4321);
  const written = ids.map((id, i) => (i % 3 === 0 ? `0x${id.toString(16)}` : i % 3 === 1 ? `${id} ` : `${id}`));
  const { summary, manifest } = await ingestFiles({ f: `${written.join("\n")}\n` });
  expect([summary.rowsRead, summary.lastNs, manifest.vms[0].virtualPages]).toEqual([150_000, 149_999, 4321]);
  expect((await ingestFiles({ f: "999999999999999\n1000000000000000\n4294967296\n" })).accesses.map((row) => row.split(" ")[3])).toEqual([
    "0:38d7ea4c67fff",
    "0:38d7ea4c68000",
    "0:100000000",
  ]);
});

test.each([
  ["18446744073709551616", '"18446744073709551616" is more than 2^64 - 1'],
  ["12 13", '"12 13" is no page number or object id (expected decimal digits, or 0x and hexadecimal digits)'],
  ["-1", '"-1" is no page number or object id'],
])("refuses %j", async (line, reason) => {
  expect(await refusal(`1\n2\n${line}\n`, { format: "page-ids" })).toContain(`f:3: ${reason}`);
});
