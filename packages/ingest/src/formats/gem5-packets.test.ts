import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { gem5Packets } from "./gem5-packets.ts";

// Written by Google's protobuf for Python from the fields of packet.proto; see the README beside it.
const sample = readFileSync(new URL("../../fixtures/formats/packets.gem5.trc", import.meta.url));

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
const message = (...fields: [field: number, value: number][]): number[] => {
  const body = fields.flatMap(([field, value]) => [field * 8, ...varint(value)]);
  return [...varint(body.length), ...body];
};
const trace = (...messages: number[][]): Buffer => Buffer.from([...Buffer.from("gem5"), ...messages.flat()]);
const HEADER = message([3, 1e9]);

formatLaws(
  gem5Packets,
  trace(
    HEADER,
    message([1, 5], [2, 1], [3, 0x1000], [4, 64]),
    message([1, 5], [2, 4], [3, 0x2ff8], [4, 16]),
    message([1, 9], [2, 1], [3, 0], [4, 1]),
  ),
);

test("ReadReq and WriteReq are accesses to guest-physical pages, instruction fetches are told apart", async () => {
  const { accesses, manifest } = await ingestFiles({ f: sample });
  // Ticks of 1 ps: 500, 1500, 2999, 4000, 123456789, 2^40.
  expect(accesses).toEqual([
    "0 vm/0 X 0:80000 80000 ×1",
    "1 vm/0 R 0:80001 80001 ×1",
    "2 vm/0 W 0:80002 80002 ×1",
    "2 vm/0 W 0:80003 80003 ×1",
    "4 vm/0 X 0:240000 240000 ×1",
    "123456 vm/0 W 0:1 1 ×1",
    "1099511627 vm/0 R 0:80001 80001 ×1",
  ]);
  expect(manifest.sources[0]).toMatchObject({
    rows: 7,
    notes: ["1 packets of command 6 are not used: only 1 (ReadReq) and 4 (WriteReq) mean the same in all versions of gem5"],
  });
  expect(manifest.vms[0].ppns).toBe("captured");
});

test("packets as gem5's own writer writes them, packed, with PCs and names", async () => {
  // Counted by twenty lines of Python that decode varints: commands 1 with and without the flag 0x100, commands 4, addresses / 4096, the last tick / 1000.
  const [fetches, reads, writes, guestPhysicalPages, lastNs] = [827, 231, 142, 73, 1864];
  const packed = readFileSync(new URL("../../fixtures/formats/touch.gem5.trc.gz", import.meta.url));
  const { manifest, summary } = await ingestFiles({ f: packed });
  expect(manifest.sources[0]).toMatchObject({ format: "gem5-packets", rows: fetches + reads + writes, rejected: 0, notes: [] });
  expect(manifest.vms[0]).toMatchObject({ fetches, reads, writes, guestPhysicalPages, ppns: "captured" });
  expect(summary.lastNs).toBe(lastNs);
});

test("refuses what is no packet, in one line", async () => {
  const good = message([1, 5], [2, 1], [3, 0x1000], [4, 64]);
  expect((await ingestFiles({ f: trace(HEADER, good) })).accesses).toEqual(["5 vm/0 R 0:1 1 ×1"]);
  expect(await refusal(trace(message([1, 5]), good))).toBe("f: its header has no tick frequency; is this a packet trace?");
  expect(await refusal(trace(HEADER, good, message([1, 5], [2, 1], [3, 0x1000])))).toBe(
    "f: row 2: is no packet (expected tick, command, address and size)",
  );
  expect(await refusal(trace(HEADER, message([1, 5], [2, 1], [3, 2 ** 44], [4, 1])))).toBe(
    "f: row 1: address 0x100000000000 is beyond the last page that a trace can name (2^44 bytes)",
  );
  expect(await refusal(trace(HEADER, message([1, 5], [2, 1], [3, 0], [4, 0])))).toBe("f: row 1: has 0 bytes (expected 1 to 65536)");
  expect(await refusal(trace(HEADER, [3, 8, 5, 255]))).toBe("f: row 1: is no message of protobuf");
  expect(await refusal(trace(HEADER, good, [9, 8]))).toBe("f: row 2: is cut short: 2 bytes of a message");
  expect(await refusal(trace(HEADER, varint(2 ** 30)))).toBe("f: message 1 has 1073741824 bytes; is this a packet trace, and undamaged?");
  expect(await refusal(trace(HEADER, message([1, 2 ** 54], [2, 1], [3, 0], [4, 1])))).toMatch(
    /^f: row 1: tick 18014398509481984 is 2\^53 ns/,
  );
});

test("more packets than a window holds, messages over its ends", async () => {
  const count = 40_000;
  const packets = Array.from({ length: count }, (_, i) =>
    message([1, i], [2, i % 2 === 0 ? 1 : 4], [3, (i % 5000) * 4096], [4, 64], [7, i * 1e6]),
  );
  const { summary, manifest } = await ingestFiles({ f: trace(HEADER, ...packets) });
  expect([summary.rowsRead, summary.accesses, manifest.vms[0].writes, summary.guestPhysicalPages, summary.lastNs]).toEqual([
    count,
    count,
    count / 2,
    5000,
    count - 1,
  ]);
});
