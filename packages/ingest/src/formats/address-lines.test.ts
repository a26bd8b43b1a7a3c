import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { addressLines } from "./address-lines.ts";

formatLaws(addressLines, "s 0x1fffff50 1\nl 0x1fffff58 1\nl 0x3003d2b8 6\ns 4096\n");

test("l and r read, s and w write; a third field is counted and not used", async () => {
  const { accesses, manifest } = await ingestFiles({ f: "l 0x1000\ns 0x2fff 3\nR 0xffff888000003000\nW 8192 12\n" });
  expect(accesses).toEqual(["0 vm/0 R 0:1 0 ×1", "1 vm/0 W 0:2 1 ×1", "2 vm/0 R 0:ffff888000003 2 ×1", "3 vm/0 W 0:2 1 ×1"]);
  expect(manifest.sources[0].notes).toEqual(["the third field of 2 lines is not used: nothing says what it counts"]);
});

test.each(["m 0x1000", "l", "l 1000x", "l 0x1000 2 3", "0x1000"])("refuses %j", async (line) => {
  expect(await refusal(`l 0x1000\n${line}\n`, { format: "address-lines" })).toBe(
    "f:2: is no access (expected l or s, and an address in decimal or 0x and hexadecimal digits)",
  );
});
