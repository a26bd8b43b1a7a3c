import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { cacheRequests } from "./cache-requests.ts";

formatLaws(cacheRequests, "version,time,op,size,lbn\n1,5633,2a,512,42932745\n1,5633,28,512,42932746\n1,5634,2a,512,42932745\n");

test("times are seconds, an object is a page, SCSI commands and cache operations are known", async () => {
  const { accesses, manifest } = await ingestFiles({
    f: "time,obj_id,obj_size,op\n1,7,100,get\n1.5,8,5000,SET\n3,0xffffffffffffffff,1,2A\n3,7,,\n",
  });
  expect(accesses).toEqual([
    "1000000000 vm/0 R 0:7 0 ×1",
    "1500000000 vm/0 W 0:8 1 ×1",
    "3000000000 vm/0 W fff:fffffffffffff 2 ×1",
    "3000000000 vm/0 R 0:7 0 ×1",
  ]);
  expect(manifest.sources[0].notes).toEqual([]);
});

test("another unit may be named, and time may be missing", async () => {
  expect((await ingestFiles({ f: "time_ms,obj_id\n5,1\n" })).summary.firstNs).toBe(5e6);
  expect((await ingestFiles({ f: "time,obj_id\n5,1\n" }, { timeUnit: "us" })).summary.firstNs).toBe(5e3);
  const { summary, manifest } = await ingestFiles({ f: "obj_id\n5\n1\n" });
  expect(summary.lastNs).toBe(1);
  expect(manifest.synthesised).toEqual(expect.arrayContaining(["no time: one row = 1 ns", "no op: every access is a read"]));
});

test("columns of any name are mapped", async () => {
  expect(
    (
      await ingestFiles(
        { f: "a,b\n1,9\n" },
        {
          columns: new Map([
            ["object", "b"],
            ["time", "a:s"],
          ]),
          format: "cache-requests",
        },
      )
    ).accesses,
  ).toEqual(["1000000000 vm/0 R 0:9 0 ×1"]);
});

test("ids that are words are refused", async () => {
  expect(await refusal("time,key,obj_id\n1,x,user:7\n")).toContain('f:2: column obj_id: "user:7" is not a number');
});
