import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ingest, PLAIN_READING } from "@tidemark/ingest";
import { afterAll, expect, test } from "vitest";
import { selfChecks } from "./self-checks.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-self-checks-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Passed or not, by check, for a trace of these rows: op, virtual page, guest-physical page. */
async function checked(name: string, counts: object, rows: readonly string[], given: readonly number[]): Promise<readonly boolean[]> {
  const at = (file: string): string => join(folder, `${name}.${file}`);
  const accesses = rows.map((row, i) => `${100 + i},${row}`);
  writeFileSync(at("csv"), `time_ns,op,vpn,ppn\n${accesses.join("\n")}\n`);
  writeFileSync(at("events.csv"), `time_ns,event,value\n50,mark,20\n900,mark,22\n`);
  writeFileSync(
    at("kmem.csv"),
    `time_ns,event,gpfn,order,pid,gfp,migratetype\n${given.map((ppn) => `60,alloc,${ppn},0,7,0x1,0`).join("\n")}\n`,
  );
  writeFileSync(at("json"), JSON.stringify(counts));
  await ingest({ ...PLAIN_READING, inputs: ["csv", "events.csv", "kmem.csv"].map(at), output: at("trace"), tool: "test" }, () => {});
  return (await selfChecks(at("trace"), at("json"))).map(({ passed }) => passed);
}

const direct = (ppn: number): string => `R,0x${(0xffff8880_00000 + ppn).toString(16)},${ppn}`;
const good = [direct(5), direct(6), "W,0x400,8", "W,0x401,9"];

test("a sound capture passes", async () => {
  expect(await checked("good", { reads: 30, writes: 20 }, good, [8, 9])).toEqual([true, true, true]);
});

test("reads taken for writes, a wrong frame and frames that nobody gave are found", async () => {
  expect(await checked("ratio", { reads: 188, writes: 458 }, good, [8, 9])).toEqual([false, true, true]);
  expect(await checked("direct", { reads: 30, writes: 20 }, [...good, direct(7).replace(/7$/, "8")], [8, 9])).toEqual([true, false, true]);
  expect(await checked("frames", { reads: 30, writes: 20 }, [...good, "W,0x402,10"], [8, 9])).toEqual([true, true, false]);
});
