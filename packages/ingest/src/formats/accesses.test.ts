import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles } from "../testing.ts";
import { accesses } from "./accesses.ts";

formatLaws(
  accesses,
  "time_ns,vm,vcpu,space,gva,gpa,op,count\n5,a,0,7,0x1000,0x2000,R,1\n6,b,1,7,0xffff888000003000,,W,12\n9,a,3,0,18446603336221208576,0x0,X,4294967295\n",
);

test("knows the names that other tools give to columns", async () => {
  const canonical = await ingestFiles({ f: "time_ns,vm,space,gva,gpa,op,count\n1000,g,7,0x1000,0x5000,W,3\n2000,g,8,0x2000,0x6000,R,4\n" });
  for (const file of [
    "timestamp_us,guest,pid,addr,phys_addr,rw,n\n1,g,7,4096,20480,w,3\n2,g,8,8192,24576,r,4\n",
    "TS_NS,VM_NAME,ASID,VPN,PFN,Type,Count\n1000,g,7,1,5,store,3\n2000,g,8,2,6,load,4\n",
    "time,vm,cr3,page,ppn,kind,count\n1us,g,0x0,1,5,1,3\n0.002ms,g,0,2,6,0,4\n",
    "time_s,vm,space,virtual_address,pa,access,n\n0.000001,g,7,0x1fff,0x5abc,S,3\n2e-6,g,8,0x2000,0x6000,L,4\n",
  ]) {
    const { accesses: rows } = await ingestFiles({ f: file });
    const spaces = file.includes("cr3") ? canonical.accesses.map((row) => row.replace(/ [78]:/, " 0:")) : canonical.accesses;
    expect(rows).toEqual(spaces);
  }
});

test("an address is canonical for 48 or 57 bits", async () => {
  const { accesses: rows } = await ingestFiles({ f: "gva\n0x00ffffffffffffff\n0xff00000000000000\n0xffffffffffffffff\n" });
  expect(rows.map((row) => row.split(" ")[3])).toEqual([
    "0:fffffffffffff".slice(0, 15).replace("0:fffffffffffff", "0:fffffffffff"),
    "0:ff00000000000",
    "0:fffffffffffff",
  ]);
});

test("a time may carry its unit, and an origin may be taken off", async () => {
  const { accesses: rows, manifest } = await ingestFiles({ f: "time,gva\n1.5us,1\n2ms,1\n3s,1\n" });
  expect(rows.map((row) => row.split(" ")[0])).toEqual(["1500", "2000000", "3000000000"]);
  expect(manifest.sources[0].notes).toEqual(["column time names no unit: read as ns unless a value names one"]);
  const epoch = await ingestFiles({ f: "time_ns,gva\n1700000000000000001,1\n1700000000000000300,1\n" }, { timeOriginNs: 1.7e18 });
  expect(epoch.accesses.map((row) => row.split(" ")[0])).toEqual(["1", "300"]);
  const seconds = await ingestFiles({ f: "time,gva\n82820.952659,1\n82820.9526590019,1\n" }, { timeUnit: "s" });
  expect(seconds.accesses.map((row) => row.split(" ")[0])).toEqual(["82820952659000", "82820952659001"]);
});
