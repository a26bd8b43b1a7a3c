import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { champsim } from "./champsim.ts";

interface Instruction {
  readonly ip: bigint;
  readonly branch?: readonly [is: number, taken: number];
  readonly writes?: readonly bigint[];
  readonly reads?: readonly bigint[];
  readonly asid?: number;
}

/** `struct input_instr`: 8 + 1 + 1 + 2 + 4 bytes, then two and four addresses. */
const plain = ({ ip, branch = [0, 0], writes = [], reads = [] }: Instruction): Buffer => {
  const record = Buffer.alloc(64);
  record.writeBigUInt64LE(ip, 0);
  record.set([...branch, 25, 26, 6, 25], 8);
  writes.forEach((address, i) => record.writeBigUInt64LE(address, 16 + 8 * i));
  reads.forEach((address, i) => record.writeBigUInt64LE(address, 32 + 8 * i));
  return record;
};

/** `struct cloudsuite_instr`: 8 + 1 + 1 + 4 + 4 bytes and 6 of padding, four and four addresses, the ASID and 6 of padding. */
const cloudsuite = ({ ip, branch = [0, 0], writes = [], reads = [], asid = 0 }: Instruction): Buffer => {
  const record = Buffer.alloc(96);
  record.writeBigUInt64LE(ip, 0);
  record.set([...branch, 25, 0, 0, 0, 6, 25], 8);
  writes.forEach((address, i) => record.writeBigUInt64LE(address, 24 + 8 * i));
  reads.forEach((address, i) => record.writeBigUInt64LE(address, 56 + 8 * i));
  record.writeUInt16LE(asid, 88);
  return record;
};

const INSTRUCTIONS: readonly Instruction[] = [
  { ip: 0x401000n, reads: [0x7fff_1238n], writes: [0x60_2000n], asid: 3 },
  { ip: 0x401004n, branch: [1, 1], asid: 3 },
  { ip: 0x402ffen, reads: [0xffff_8880_0000_1000n, 0x7fff_2000n], writes: [0x60_2ff8n], asid: 4 },
];
formatLaws(champsim, Buffer.concat(INSTRUCTIONS.map(plain)));

test.each([
  ["64 bytes", plain, ""],
  ["96 bytes", cloudsuite, "asid"],
] as const)("an instruction of %s is a fetch, its reads, its writes", async (_, write, asid) => {
  const { accesses, manifest } = await ingestFiles({ f: Buffer.concat(INSTRUCTIONS.map(write)) });
  const [a, b] = asid === "" ? [0, 0] : [3, 4];
  expect(accesses.map((row) => row.replace(/ \w+ ×1$/, ""))).toEqual([
    `0 vm/0 X ${a}:401`,
    `0 vm/0 R ${a}:7fff1`,
    `0 vm/0 W ${a}:602`,
    `1 vm/0 X ${a}:401`,
    `2 vm/0 X ${b}:402`,
    `2 vm/0 R ${b}:ffff888000001`,
    `2 vm/0 R ${b}:7fff2`,
    `2 vm/0 W ${b}:602`,
  ]);
  expect(manifest.sources[0].rows).toBe(3);
});

test("what ChampSim's own cvp2champsim wrote of the last 4,000 instructions of touch.c", async () => {
  // xz -dc touch.champsim.xz | od -A d -t u8 -v -w64 | awk 'NF == 9 {n++; p[int($2 / 4096)]; if ($3 % 256 == 0 && int($3 / 256) % 256 == 1) left++
  //   if ($6 > 0) {r++; p[int($6 / 4096)]} if ($4 > 0) {w++; p[int($4 / 4096)]}} END {print n, r, w, length(p), left}'
  const [fetches, reads, writes, virtualPages] = [4000, 960, 385, 100]; // and 3,474 that are no branches have branch_taken left over from one
  const sample = readFileSync(new URL("../../fixtures/formats/touch.champsim.xz", import.meta.url));
  const { manifest } = await ingestFiles({ f: sample });
  expect(manifest.sources[0]).toMatchObject({ format: "champsim", rows: fetches, rejected: 0 });
  expect(manifest.vms[0]).toMatchObject({ fetches, reads, writes, virtualPages });
});

test("a record that is no instruction is refused by its number", async () => {
  const records = Array.from({ length: 1500 }, (_, i) => plain({ ip: 0x401000n + BigInt(i) }));
  const bad = [
    plain({ ip: 0n }),
    plain({ ip: 1n, branch: [2, 0] }),
    plain({ ip: 1n, branch: [1, 2] }),
    plain({ ip: 1n, reads: [2n ** 60n] }),
  ];
  for (const record of bad)
    expect(await refusal(Buffer.concat([...records, record]))).toMatch(/^f: row 1501: is no instruction \(expected a flag of a branch/);
  expect(await refusal(Buffer.concat([...records, bad[0].subarray(0, 60)]))).toBe(
    "f: row 1501: is cut short: 60 bytes of the 64 of a record",
  );
  expect(await refusal(Buffer.alloc(192), { format: "champsim" })).toBe("f: row 1: is no instruction of ChampSim (64 or 96 bytes each)");
});

test("more instructions than a window holds", async () => {
  const count = 10_000;
  const { summary } = await ingestFiles({
    f: Buffer.concat(Array.from({ length: count }, (_, i) => cloudsuite({ ip: 0x401000n, reads: [BigInt(i + 1) * 4096n] }))),
  });
  expect([summary.rowsRead, summary.accesses, summary.virtualPages, summary.lastNs]).toEqual([count, 2 * count, count, count - 1]);
});
