import { expect, test } from "vitest";
import { ingestFiles, refusal } from "./testing.ts";

test.each([
  [Buffer.from("PERFILE2h\0\0\0"), "f: is a perf.data; print it: perf script -i perf.data > trace.perf.txt"],
  [Buffer.from("\x17\x08Dtracing6\0", "latin1"), "f: is a trace.dat; print it: trace-cmd report -i trace.dat > trace.txt"],
  [Buffer.from([0x02, 0x21, 0x4c, 0x18, 0x40]), "f: is packed by lz4 as it was before 2014; unpack it first: lz4 -d"],
  [Buffer.from("\xff\x06\0\0sNaPpY\x01", "latin1"), "f: is packed by snappy; unpack it first"],
  [
    Buffer.from("\ufefftime_ns,gva\n1,0x1000\n", "utf16le"),
    "f: is a text in UTF-16, as PowerShell writes it; make it UTF-8 first: iconv -f UTF-16 -t UTF-8",
  ],
  [
    Buffer.from("Addr, RCPUs, Reads, WCPUs, Writes\n0x1000, 0x1, 7, 0x1, 3\n"),
    "f: is a table of QEMU's hotpages: totals of pages, without time and order, of which no trace can be made; record with execlog",
  ],
  [Buffer.from("BZh91AY&SY"), "f: is packed by bzip2; unpack it first: bzip2 -d"],
])("says what to do with %j", async (head, message) => expect(await refusal(head)).toBe(message));

test("a table whose first column has such a name is read", async () => {
  expect((await ingestFiles({ f: "BZ,gva\n1,0x1000\n" })).accesses).toHaveLength(1);
});
