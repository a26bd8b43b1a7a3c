import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { qemuExeclog } from "./qemu-execlog.ts";

const sample = (name: string): string => readFileSync(new URL(`../../fixtures/formats/${name}`, import.meta.url), "utf8");

formatLaws(
  qemuExeclog,
  '0, 0x401000, 0x90, "nop"\n0, 0x401001, 0xc3, "ret", load, 0x00403000\n1, 0x402000, 0x1, "inc", load, 0x403000, store, 0x403000\n',
);

test("in user mode an instruction is a fetch, its loads and stores, all virtual", async () => {
  // grep -c . tiny.execlog.txt; grep -o ', load' … | wc -l; grep -o ', store' … | wc -l
  const { manifest, accesses } = await ingestFiles({ f: sample("tiny.execlog.txt") });
  expect(manifest.vms[0]).toMatchObject({ fetches: 13, reads: 3, writes: 6, ppns: "synthesised", lastNs: 12 });
  expect(accesses.slice(8, 14)).toEqual([
    "4 vm/0 X 0:401 0 ×1",
    "4 vm/0 R 0:404 2 ×1",
    "5 vm/0 X 0:401 0 ×1",
    "6 vm/0 X 0:401 0 ×1",
    "6 vm/0 W 0:405 3 ×1",
    "7 vm/0 X 0:401 0 ×1",
  ]);
});

test("in system mode loads and stores are guest-physical, devices no memory, and fetches are left out", async () => {
  const { manifest, accesses } = await ingestFiles({ f: sample("bios.execlog.txt") });
  expect(accesses).toEqual([
    "5 vm/0 W 0:1 1 ×1",
    "6 vm/0 R 0:1 1 ×1",
    "7 vm/0 R 0:5 5 ×1",
    "7 vm/0 W 0:5 5 ×1",
    "8 vm/0 W 0:7 7 ×1",
    "9 vm/0 R 0:7 7 ×1",
    "14 vm/0 W 0:5 5 ×1",
  ]);
  expect(manifest.sources[0]).toMatchObject({ rows: 17, notes: ["2 accesses to devices are not used: they touch no memory"] });
  expect(manifest.synthesised.join()).toContain("no fetches: of instructions the log has virtual addresses");
});

test("what newer versions append is passed over", async () => {
  const { accesses } = await ingestFiles({
    f: '0, 0x1000, 0x90, "pop %rax", load, 0x00002000, rax -> 0x0000000000000007\n2, 0x1001, 0x90, "pop %rax", load, 0x00003000, RAM, rsp -> 0x08, store, 0x00004000, RAM\n',
  });
  expect(accesses).toEqual(["1 vm/2 R 0:3 3 ×1", "1 vm/2 W 0:4 4 ×1"]);
});

test.each([
  ['0, 0x401000, 0x90, "nop', 'is no instruction of execlog (expected: vCPU, 0xADDRESS, 0xOPCODE, "TEXT")'],
  ['0, 401000, 0x90, "nop"', "is no instruction of execlog"],
  ['256, 0x401000, 0x90, "nop"', "vCPU 256 is more than 255"],
])("refuses %j", async (line, reason) => {
  expect(await refusal(`0, 0x401000, 0x90, "nop"\n${line}\n`)).toContain(`f:2: ${reason}`);
});
