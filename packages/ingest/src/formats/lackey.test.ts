import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal, temporaryFolder } from "../testing.ts";
import { lackey } from "./lackey.ts";

formatLaws(lackey, "==1== \nI  00401000,11\n S 00403000,8\n M 1ffefffff8,16\n");

const EACH = ["I  0401ab70,3", " L 04020ff8,8", " S 1fff000688,8", " M 04025000,4"];

test("I is a fetch, L a read, S a write, M both; one line = 1 ns", async () => {
  const { accesses, manifest } = await ingestFiles({ f: `${EACH.join("\n")}\n` });
  expect(accesses).toEqual([
    "0 vm/0 X 0:401a 0 ×1",
    "1 vm/0 R 0:4020 1 ×1",
    "2 vm/0 W 0:1fff000 2 ×1",
    "3 vm/0 R 0:4025 3 ×1",
    "3 vm/0 W 0:4025 3 ×1",
  ]);
  expect(manifest.sources[0].rows).toBe(4);
});

test("an access over the end of a page is one to each", async () => {
  const { accesses } = await ingestFiles({
    f: " S 00403ffc,8\n L ffffffffffffffff,1\n L 00000000fffffff8,32\n S 00403ff8,8\nI  00405fff,8194\n",
  });
  expect(accesses.map((row) => row.split(" ").slice(2, 4).join(" "))).toEqual([
    "W 0:403",
    "W 0:404",
    "R 0:fffffffffffff",
    "R 0:fffff",
    "R 0:100000",
    "W 0:403",
    "X 0:405",
    "X 0:406",
    "X 0:407",
    "X 0:408",
  ]);
});

test.each([
  " L 0040400x,4",
  " L ,4",
  " L 00404000",
  " L 00404000,",
  " L 00404000,0",
  " L 00404000,4 5",
  " L 00404000,1048577",
  " L 11112222333344445,4",
  "hello",
  "==x",
])("refuses %j, names the line, and reads on where it may", async (line) => {
  const content = `${EACH[0]}\n==7403== \n${line}\n${EACH[1]}\n`;
  expect(await refusal(content)).toMatch(/^f:3: is no access of lackey \(expected /);
  const { summary, accesses } = await ingestFiles({ f: content }, { badRows: "skip" });
  expect([summary.rowsRead, summary.rejected]).toEqual([3, 1]);
  expect(accesses.map((row) => row.split(" ")[0])).toEqual(["0", "1"]);
});

test("a log without accesses says so", async () => {
  expect(await refusal("==7403== Lackey, an example Valgrind tool\n==7403== \n")).toBe("f: has no rows");
});

test("the sample of a program that stores to three pages has the accesses counted in it", async () => {
  // awk '/^I  /{i++} /^ L /{l++} /^ S /{s++} /^ M /{l++;s++} END{print i,l,s}' tiny.lackey.txt; one store lies over the end of a page
  const sample = readFileSync(new URL("../../fixtures/formats/tiny.lackey.txt", import.meta.url));
  const { manifest } = await ingestFiles({ f: sample });
  expect(manifest.vms[0]).toMatchObject({ fetches: 13, reads: 3, writes: 7, virtualPages: 4 });
});

test("plain lines and lines read as text come to the same, over the ends of windows", async () => {
  let state = 7;
  const dice = (sides: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % sides;
  const lines = Array.from({ length: 30_000 }, () => {
    const digits = Array.from({ length: 1 + dice(16) }, () => "0123456789abcdef"[(dice(1 << 20) >> 8) % 16]).join("");
    const size = 1 + ((dice(1 << 20) >> 6) % 70);
    return `${["I  ", " L ", " S ", " M "][(dice(1 << 20) >> 10) % 4]}${dice(3) === 0 ? digits.toUpperCase() : digits},${size}`;
  });
  const plain = await ingestFiles({ f: `${lines.join("\n")}\n` });
  const text = await ingestFiles({ f: `${lines.join(" \n")}\n` }, { format: "lackey" });
  expect(plain.manifest.sources[0].rows).toBe(30_000);
  expect(text.accesses).toEqual(plain.accesses);
});

const hasValgrind = spawnSync("valgrind", ["--version"]).status === 0;
test.skipIf(!hasValgrind)("what Valgrind says of /bin/true is read to the line (skipped where there is no valgrind)", async () => {
  const log = join(temporaryFolder(), "true.lackey");
  expect(spawnSync("valgrind", ["--tool=lackey", "--trace-mem=yes", `--log-file=${log}`, "/bin/true"]).status).toBe(0);
  const text = readFileSync(log, "utf8");
  const count = (kinds: RegExp): number => text.match(kinds)?.length ?? 0;
  const over = (kinds: string): number =>
    [...text.matchAll(new RegExp(`^${kinds} [0-9a-f]*([0-9a-f]{3}),(\\d+)$`, "gm"))].filter(
      ([, low, size]) => Number(`0x${low}`) + Number(size) > 4096,
    ).length;
  const { manifest } = await ingestFiles({ f: text });
  expect(manifest.sources[0]).toMatchObject({ rows: count(/^(I | [LSM]) /gm), rejected: 0 });
  expect(manifest.vms[0]).toMatchObject({
    fetches: count(/^I {2}/gm) + over("I "),
    reads: count(/^ [LM] /gm) + over(" [LM]"),
    writes: count(/^ [SM] /gm) + over(" [SM]"),
  });
});
