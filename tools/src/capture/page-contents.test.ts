import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pageContents } from "./page-contents.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-contents-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("pages are zero, one word over and over, or data, and equal ones have equal hashes", () => {
  const image = join(folder, "ram.bin");
  const word = Buffer.alloc(4096, "abcdefgh");
  const data = Buffer.from(Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) >>> 3));
  writeFileSync(image, Buffer.concat([Buffer.alloc(4096), word, data, word, data, Buffer.alloc(100)]));
  const [header, ...rows] = pageContents("a", image).trimEnd().split("\n");
  expect(header).toBe("vm,gpfn,hash64,zlib1_bytes,kind");
  const cells = rows.map((row) => row.split(","));
  expect(cells.map(([vm, ppn, , , kind]) => `${vm} ${ppn} ${kind}`)).toEqual(["a 0 Z", "a 1 F", "a 2 D", "a 3 F", "a 4 D"]);
  // printf abcdefgh…: sha256sum of 4,096 zero bytes is ad7facb2586fc6e9…
  expect(cells[0][2]).toBe("ad7facb2586fc6e9");
  expect(cells[3].slice(2)).toEqual(cells[1].slice(2));
  expect(cells[4].slice(2)).toEqual(cells[2].slice(2));
  expect(cells[2][2]).not.toBe(cells[1][2]);
  expect(Number(cells[1][3])).toBeLessThan(100);
});
