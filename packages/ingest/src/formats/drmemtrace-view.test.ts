import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { drmemtraceView } from "./drmemtrace-view.ts";

formatLaws(
  drmemtraceView,
  `------------------------------------------------------------
           6           0: W0.T325 <marker: timestamp 1331>
           8           1: W0.T325 ifetch       3 byte(s) @ 0x00007fc205a61940 48 89 e7
          10           2: W0.T325 write        8 byte(s) @ 0x00007fff9a9e3528 by PC 0x00007fc205a61943
`,
);

test("what the tool prints around the records, instructions of many bytes, threads", async () => {
  // Laid out as the tool's documentation shows it.
  const { accesses, manifest } = await ingestFiles({
    f: `Output format:
<--record#-> <--instr#->: <Wrkld.Tid> <record details>
------------------------------------------------------------
           1           0: W0.T3256418 <marker: version 6>
           5           0: W0.T3256418 <marker: page size 4096>
           6           0: W0.T3256418 <marker: timestamp 1331>
           7           0: W0.T3256418 <marker: W0.T3256418 on core 7>
           8           1: W0.T3256418 ifetch       3 byte(s) @ 0x00007fc205a61940 48 89 e7             mov    %rsp, %rdi
           9           2: W0.T3256418 ifetch       8 byte(s) @ 0x00007fc205a61943 48 c7 84 24 00 00 00 mov    $0x00, 0x00(%rsp)
           9           2: W0.T3256418                                            00
          10           2: W0.T3256418 write        8 byte(s) @ 0x00007fff9a9e3ffc by PC 0x00007fc205a61943
          11           2: W0.T3256418 pref-r-L1    0 byte(s) @ 0x00007fff9a9e3528 by PC 0x00007fc205a61943
          12           2: W0.T3256418 non-fetched  2 byte(s) @ 0x00007fc205a61943 f3 a4                rep movsb
------------------------------------------------------------
     2854545     2149666: W1.T3264760 <marker: W1.T3264760 on core unknown>
     2854547     2149667: W1.T3264760 read         4 byte(s) @ 0x00007f4ea7d0b099 by PC 0x0000000000000000
     2854548     2149667: W1.T3264760 <thread W1.T3264760 exited>
     2854549     2149667: W1.T3264760 <marker: hardware context return
View tool results:
              8 : total instructions
`,
  });
  expect(accesses).toEqual([
    "1331001 vm/7 X 0:7fc205a61 0 ×1",
    "1331002 vm/7 X 0:7fc205a61 0 ×1",
    "1331002 vm/7 W 0:7fff9a9e3 1 ×1",
    "1331002 vm/7 W 0:7fff9a9e4 2 ×1",
    "1331003 vm/7 R 1:7f4ea7d0b 3 ×1",
  ]);
  expect(manifest.sources[0].notes).toEqual(["not stored: 1 prefetches and flushes"]);
});

test("physical addresses", async () => {
  const line = (n: number, rest: string): string => `${n} 0: W0.T1 ${rest}`;
  const { accesses } = await ingestFiles({
    f: [
      line(1, "<marker: physical address for following virtual: 0x7000>"),
      line(2, "<marker: virtual address for prior physical: 0x5000>"),
      line(3, "read         4 byte(s) @ 0x0000000000005008 by PC 0x0000000000001000"),
      line(4, "<marker: physical address not available for 0x6000>"),
      line(5, "read         4 byte(s) @ 0x0000000000006008 by PC 0x0000000000001000"),
      "",
    ].join("\n"),
  });
  expect(accesses).toEqual(["0 vm/0 R 0:5 7 ×1"]);
});

test.each(["read 4 byte(s) @ 5008", "2 0: W0.T1 read         4 byte(s) @ 0x5008 by", "hello"])("refuses %j", async (bad) => {
  const good = "1 0: W0.T1 read         4 byte(s) @ 0x0000000000005008 by PC 0x0000000000001000";
  expect(await refusal(`${good}\n${bad}\n${good}\n`)).toMatch(/^f:2: is no record of the view tool /);
});
