import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles } from "../testing.ts";
import { capture, captureStrict } from "./capture.ts";

const KERNEL = 0xffff_8880_0000_0000n;
const [READ, WRITE, FETCH, EVENT] = [0n, 1n, 2n, 3n];
const [SYNC, CR3, MARK, INVLPG, RESUME, WATCH] = [0n, 1n, 2n, 3n, 7n, 8n];

interface Rec {
  readonly clk: bigint;
  readonly key: bigint;
  readonly value: bigint;
}

const access = (clk: bigint, va: bigint, op: bigint, ppn: bigint, count: bigint, flags = 0n): Rec => ({
  clk,
  key: (va & ~0xfffn) | flags | op,
  value: (count << 32n) | ppn,
});
const event = (clk: bigint, kind: bigint, value: bigint): Rec => ({ clk, key: (kind << 4n) | EVENT, value });

/** A file as tools/capture/plugin/record.h describes it. */
function fileOf(records: readonly Rec[], slots: number, flags = 15): Buffer {
  const file = Buffer.alloc(64 + 24 * records.length);
  file.write("GMTRACE1", "latin1");
  file.writeUInt32LE(1, 8);
  file.writeUInt32LE(24, 12);
  file.writeUInt32LE(slots, 16);
  file.writeUInt32LE(1, 20);
  file.writeUInt32LE(flags, 44);
  records.forEach(({ clk, key, value }, i) => {
    file.writeBigUInt64LE(clk, 64 + 24 * i);
    file.writeBigUInt64LE(key, 72 + 24 * i);
    file.writeBigUInt64LE(value, 80 + 24 * i);
  });
  return file;
}

const records = [
  access(5n, 0x1000n, READ, 1n, 3n),
  event(10n, CR3, 0x8000_0000_0123_4005n),
  access(11n, 0x40_0000n, WRITE, 7n, 2n, 4n),
  access(12n, KERNEL + 0x7000n, READ, 7n, 1n),
  event(20n, SYNC, 50n),
  event(21n, MARK, 11n),
  access(30n, 0x40_1000n, FETCH, 8n, 9n, 4n),
  access(31n, 0xfee0_0000n, READ, 0xfee00n, 1n, 8n),
  access(32n, 0x40_2000n, FETCH, 0xffff_ffffn, 4n),
  event(33n, WATCH, 0n),
  event(34n, INVLPG, 0n),
  event(35n, 5n, 0n),
  event(36n, RESUME, 1_000n),
  access(37n, 0x40_0000n, READ, 7n, 1n, 4n),
  event(38n, SYNC, 900n),
  access(39n, 0x40_0000n, WRITE, 7n, 1n, 4n),
  event(40n, MARK, 98n),
  event(41n, CR3, 0x9000n),
];

// Cut at every byte: a few records do.
formatLaws(capture, fileOf(records.slice(0, 4), 4096));
formatLaws(captureStrict, fileOf(records.slice(0, 4), 1));

test("accesses have the time of the guest's clock, the space that was loaded, and none in the kernel's half", async () => {
  const { accesses } = await ingestFiles({ f: fileOf(records, 4096) });
  expect(accesses).toEqual([
    // Before the clock is set for the first time, back from there.
    "35 vm/0 R 0:1 1 ×3",
    "41 vm/0 W 1234000:400 7 ×2",
    "42 vm/0 R 0:ffff888000007 7 ×1",
    "60 vm/0 X 1234000:401 8 ×9",
    "1001 vm/0 R 1234000:400 7 ×1",
    // The clock was set back: time waits.
    "1001 vm/0 W 1234000:400 7 ×1",
  ]);
});

test("events are kept up to the end of the capture, and what is not kept is counted", async () => {
  const { guest, manifest } = await ingestFiles({ f: fileOf(records, 4096) });
  expect(guest.map((each) => each.split(" ").slice(0, 3).join(" "))).toMatchInlineSnapshot(`
    [
      "40 vm/0 switch",
      "51 vm/0 mark",
      "63 vm/0 fault",
      "64 vm/0 invlpg",
      "1001 vm/0 mark",
    ]
  `);
  expect(manifest.sources[0].notes).toMatchInlineSnapshot(`
    [
      "accesses to devices: 1, not stored",
      "accesses whose guest-physical page is not known: 4, not stored",
      "HLT, INVPCID, CR0 and CR4 loads and other watched instructions: 1, not stored",
      "events after marker 98, off the guest's clock: 1, not stored",
    ]
  `);
});

test("without the emulator's clock an instruction is 1 ns", async () => {
  const { accesses, manifest } = await ingestFiles({ f: fileOf(records, 4096, 0) });
  expect(accesses.map((each) => Number(each.split(" ")[0]))).toEqual([5, 11, 12, 30, 37, 39]);
  expect(manifest.synthesised).toEqual(
    expect.arrayContaining([expect.stringContaining("no clock"), expect.stringContaining("no address spaces")]),
  );
});
