import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { zlibSync } from "fflate";

const PAGE = 4096;
const READ_PAGES = 256;

/**
 * What each page of a memory image holds, as CSV: `vm,gpfn,hash64,zlib1_bytes,kind`. The hash is the first 64 bits of SHA-256, the size that
 * of zlib at level 1; kind Z: zero, F: one word of 8 bytes over and over, D: data.
 */
export function pageContents(vm: string, image: string): string {
  const lines = ["vm,gpfn,hash64,zlib1_bytes,kind"];
  const file = openSync(image, "r");
  const chunk = Buffer.alloc(PAGE * READ_PAGES);
  const repeated = new Map<string, number>();
  for (let ppn = 0, got = 0; (got = readSync(file, chunk)) >= PAGE;) {
    for (let at = 0; at + PAGE <= got; at += PAGE, ppn++) {
      const page = chunk.subarray(at, at + PAGE);
      const hash = createHash("sha256").update(page).digest("hex").slice(0, 16);
      const isRepeated = page.subarray(8).equals(page.subarray(0, PAGE - 8));
      const known = repeated.get(hash);
      const zbytes = known ?? zlibSync(page, { level: 1 }).length;
      if (isRepeated && known === undefined) repeated.set(hash, zbytes);
      const kind = !isRepeated ? "D" : page.readBigUInt64LE(0) === 0n ? "Z" : "F";
      lines.push(`${vm},${ppn},${hash},${zbytes},${kind}`);
    }
  }
  closeSync(file);
  return `${lines.join("\n")}\n`;
}
