const UTF_16 = "is a text in UTF-16, as PowerShell writes it; make it UTF-8 first: iconv -f UTF-16 -t UTF-8";

/** Files that people have and that are not read as they are: how they begin, what they are, and what would make them readable. */
const KNOWN: readonly { readonly begins: Buffer; readonly remedy: string }[] = [
  { begins: Buffer.from("PERFILE2"), remedy: "is a perf.data; print it: perf script -i perf.data > trace.perf.txt" },
  { begins: Buffer.from("\x17\x08Dtracing", "latin1"), remedy: "is a trace.dat; print it: trace-cmd report -i trace.dat > trace.txt" },
  { begins: Buffer.from([0x02, 0x21, 0x4c, 0x18]), remedy: "is packed by lz4 as it was before 2014; unpack it first: lz4 -d" },
  { begins: Buffer.from("\xff\x06\0\0sNaPpY", "latin1"), remedy: "is packed by snappy; unpack it first" },
  { begins: Buffer.from("BZh"), remedy: "is packed by bzip2; unpack it first: bzip2 -d" },
  { begins: Buffer.from([0xff, 0xfe]), remedy: UTF_16 },
  { begins: Buffer.from([0xfe, 0xff]), remedy: UTF_16 },
  {
    begins: Buffer.from("Addr, RCPUs, Reads, WCPUs, Writes"),
    remedy: "is a table of QEMU's hotpages: totals of pages, without time and order, of which no trace can be made; record with execlog",
  },
];

/** What to do with a file that begins like this; undefined: nothing is known of it. */
export const remedyFor = (head: Uint8Array): string | undefined =>
  KNOWN.find(({ begins }) => begins.equals(head.subarray(0, begins.length)))?.remedy;
