import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openTrace } from "@tidemark/data";
import { expect, test } from "vitest";
import { ingestFiles } from "./testing.ts";

const TRACES = new URL("../../../traces/", import.meta.url).pathname;
const bundled = (name: string, ...parts: string[]): { [file: string]: Uint8Array } =>
  Object.fromEntries(parts.map((part) => [part, readFileSync(join(TRACES, name, `${name}.${part}`))]));

test("reads a captured guest with all its files to the figures of its README", async () => {
  const { summary, manifest, trace } = await ingestFiles(
    bundled("alloc-4k", "full-10ms.csv.gz", "kmem.csv.gz", "pages.csv.gz", "meminfo.txt.gz", "events.csv.gz"),
    { order: "windowed" },
  );
  expect(summary).toMatchObject({
    accesses: 2_501_724_448,
    virtualPages: 103_129,
    guestPhysicalPages: 56_275,
    firstNs: 33,
    lastNs: 7_057_993_047,
  });
  expect(summary.rowsRead).toBe(392_253 + 79_159 + 65_536 + 4_488 + 58_073);
  expect(manifest.vms).toMatchObject([
    {
      name: "alloc-4k",
      configuredBytes: 256 * 2 ** 20,
      configuredFrom: "contents",
      ppns: "captured",
      order: "windowed",
      spacesFrom: "unknown",
      meminfoSamples: 88,
    },
  ]);
  const [ppns] = await openTrace(trace).ppns();
  expect(Math.max(...ppns.lastNs)).toBe(7_057_993_047);
  expect(new Set(ppns.ppn).size).toBe(56_275);
  expect(manifest.sources[4].notes).toEqual([
    "columns not used: clk",
    "crx events: 93, not stored",
    "hlt events: 390, not stored",
    "resume events: 390, not stored",
    "events after marker 98, off the guest's clock: 1, not stored",
  ]);
});

test("an exact trace takes its address spaces from the CR3 loads", async () => {
  const { manifest } = await ingestFiles(bundled("fork", "strict-data.csv.gz", "strict4M.events.csv.gz"), { order: "exact" });
  expect(manifest.vms[0]).toMatchObject({ spacesFrom: "switches", rows: 700_000, accesses: 1_966_660 });
  const { accesses } = await ingestFiles(
    {
      "a.csv": "time_ns,vcpu,gva\n1,0,0x1000\n2,0,0x1000\n2,1,0x1000\n5,0,0x1000\n",
      "e.csv": "time_ns,clk,vcpu,event,value\n2,0,0,cr3,0x7fff000005\n5,0,0,cr3,0x8000000000009001\n",
    },
    { order: "exact" },
  );
  // At equal times the load comes first; vCPU 1 has loaded none; PCID and no-flush bits are no part of the space.
  expect(accesses.map((row) => row.split(" ")[3])).toEqual(
    ["0:1", "7fff000:1", "0:1", "9000:1"].map((s) => s.replace("7fff000:", "7fff000000:")),
  );
});

test("one row per page of an access over a page's end", async () => {
  const { accesses, summary } = await ingestFiles({ f: "time_ns,gva,size,op\n1,0x1ffc,4,W\n2,0x1ffd,4,W\n3,0x5000,8193,R\n" });
  expect(accesses).toEqual([
    "1 vm/0 W 0:1 0 ×1",
    "2 vm/0 W 0:1 0 ×1",
    "2 vm/0 W 0:2 1 ×1",
    "3 vm/0 R 0:5 2 ×1",
    "3 vm/0 R 0:6 3 ×1",
    "3 vm/0 R 0:7 4 ×1",
  ]);
  expect(summary).toMatchObject({ rowsRead: 3, accepted: 3, accesses: 6 });
});

test("physical addresses alone stand for their own pages, across a page's end too", async () => {
  const { accesses, manifest } = await ingestFiles({ f: "time_ns,gpa,size\n1,0x7ffc,8\n2,0x3000,1\n" });
  expect(accesses).toEqual(["1 vm/0 R 0:7 7 ×1", "1 vm/0 R 0:8 8 ×1", "2 vm/0 R 0:3 3 ×1"]);
  expect(manifest.vms[0].ppns).toBe("captured");
  expect(manifest.sources[0].notes).toContain("physical addresses only: each guest-physical page stands for its own virtual page");
  expect(manifest.synthesised).toEqual(["no op: every access is a read"]);
});

test("in a captured VM a row without a GPA takes the page's last known PPN", async () => {
  const files = { f: "time_ns,gva,gpa\n1,0x1000,0x5000\n2,0x1000,\n3,0x1000,0x6000\n4,0x1008,\n5,0x9000,\n6,0x1000,\n" };
  const { accesses, manifest, summary } = await ingestFiles(files, { badRows: "skip" });
  expect(accesses.map((row) => row.split(" ").slice(3, 5).join(" "))).toEqual(["0:1 5", "0:1 5", "0:1 6", "0:1 6", "0:1 6"]);
  expect(manifest.vms[0]).toMatchObject({ inferredPpnRows: 3, virtualPages: 1, guestPhysicalPages: 2, highestPpn: 6 });
  expect(summary).toMatchObject({ rowsRead: 6, accepted: 5, rejected: 1 });
  await expect(ingestFiles(files)).rejects.toThrow(
    "f:6: has no guest-physical address, and no row before it says where its page lies; VM vm is captured with them",
  );
});

test("a VM without PPNs gets them in the order of first touch, and none later", async () => {
  const { accesses, manifest, trace } = await ingestFiles({ f: "time_ns,space,gva\n1,5,0x7000\n2,5,0x3000\n3,6,0x7000\n9,5,0x7000\n" });
  expect(accesses.map((row) => row.split(" ").slice(3, 5).join(" "))).toEqual(["5:7 0", "5:3 1", "6:7 2", "5:7 0"]);
  expect(manifest.vms[0]).toMatchObject({ ppns: "synthesised", virtualPages: 3, guestPhysicalPages: 3, spacesFrom: "rows" });
  const [ppns] = await openTrace(trace).ppns();
  expect([[...ppns.ppn], [...ppns.firstNs], [...ppns.lastNs]]).toEqual([
    [0, 1, 2],
    [1, 2, 3],
    [9, 2, 3],
  ]);
  await expect(ingestFiles({ f: "time_ns,gva,gpa\n1,0x7000,\n2,0x3000,0x1000\n" })).rejects.toThrow(
    "f:3: has a guest-physical address, and the first access of VM vm has none",
  );
});

test("without times one row is 1 ns, and the trace says so", async () => {
  const { accesses, manifest } = await ingestFiles({ f: "addr,rw\n0x1000,r\n0x2000,w\n0x1000,L\n0x1000,store\n0x1000,I\n" });
  expect(accesses).toEqual(["0 vm/0 R 0:1 0 ×1", "1 vm/0 W 0:2 1 ×1", "2 vm/0 R 0:1 0 ×1", "3 vm/0 W 0:1 0 ×1", "4 vm/0 X 0:1 0 ×1"]);
  expect(manifest.synthesised).toEqual(["no time: one row = 1 ns"]);
});

test("VMs are numbered as they appear in time; equal times stand in the order of the VMs", async () => {
  const { accesses, manifest } = await ingestFiles({
    "b.csv": "time_ns,vm,gva\n5,y,0x1000\n5,x,0x2000\n5,y,0x3000\n7,x,0x1000\n",
    "a.csv": "time_ns,vm,gva\n1,x,0x1000\n5,z,0x1000\n",
  });
  expect(manifest.vms.map((vm) => vm.name)).toEqual(["x", "y", "z"]);
  expect(accesses.map((row) => row.split(" ").slice(0, 4).join(" "))).toEqual([
    "1 x/0 R 0:1",
    "5 x/0 R 0:2",
    "5 y/0 R 0:1",
    "5 y/0 R 0:3",
    "5 z/0 R 0:1",
    "7 x/0 R 0:1",
  ]);
});

test("a row is refused with its own line and text while other VMs' rows wait around it", async () => {
  const { summary, trace, accesses } = await ingestFiles(
    { "m.csv": "time_ns,vm,gva,gpa\n1,b,0x1000,0x1000\n1,a,0x1000,\n1,b,0x9000,\n1,a,0x2000,0x1000\n2,b,0x1000,\n" },
    { badRows: "quarantine" },
  );
  expect(accesses).toHaveLength(3);
  expect(summary).toMatchObject({ accepted: 3, rejected: 2 });
  expect(
    readFileSync(join(trace, "rejected.csv"), "utf8")
      .split("\n")
      .slice(1, 3)
      .map((line) => line.replace(/".*?",/, "…,").replace(/^.*\/m/, "m")),
  ).toEqual(['m.csv,4,…,"1,b,0x9000,"', 'm.csv,5,…,"1,a,0x2000,0x1000"']);
});

test("files without a vm column belong to --vm, else to the only VM of the call", async () => {
  const kmem = "time_ns,event,gpfn\n1,alloc,3\n9,free,3\n";
  const { guest } = await ingestFiles({ "k.csv": kmem, "a.csv": "time_ns,vm,gva,gpa\n5,db,0x1000,0x3000\n" });
  expect(guest).toEqual(["1 db/0 alloc ppn 3+1", "9 db/0 free ppn 3+1"]);
  const two = { "k.csv": kmem, "a.csv": "time_ns,vm,gva,gpa\n5,db,0x1000,0x2000\n6,web,0x1000,0x2000\n" };
  await expect(ingestFiles(two)).rejects.toThrow(
    "k.csv: names no VM, and the call has several (db, web); say with --vm NAME which one it is about",
  );
  expect((await ingestFiles(two, { vm: "web" })).guest[0]).toBe("1 web/0 alloc ppn 3+1");
  expect((await ingestFiles({ "a.csv": "time_ns,gva\n1,0x1000\n" })).manifest.vms[0].name).toBe("vm");
});

test("what names guest-physical pages is refused beside accesses that have none", async () => {
  const accesses = "time_ns,gva\n5,0x1000\n";
  await expect(ingestFiles({ "a.csv": accesses, "k.csv": "time_ns,event,gpfn\n1,alloc,3\n" })).rejects.toThrow(
    "VM vm: its page allocations name guest-physical pages, and its accesses have none",
  );
  await expect(ingestFiles({ "a.csv": accesses, "p.csv": "gpfn,hash64\n1,ff\n" })).rejects.toThrow("VM vm: its page contents name");
});

test("access files of one VM follow each other, and do not overlap", async () => {
  const first = "time_ns,gva\n1,0x1000\n4,0x1000\n";
  const { accesses } = await ingestFiles({ "late.csv": "time_ns,gva\n5,0x2000\n", "early.csv": first });
  expect(accesses.map((row) => row.split(" ")[0])).toEqual(["1", "4", "5"]);
  await expect(ingestFiles({ "a.csv": first, "b.csv": "time_ns,gva\n2,0x2000\n9,0x2000\n" })).rejects.toThrow(
    "b.csv: overlaps a.csv in time: both have accesses of VM vm (a.csv until 1 ns and again at 4 ns)",
  );
});

test("times that go back are refused with both lines, or sorted", async () => {
  const files = { f: "time_ns,gva\n1,0x1000\n7,0x2000\n7,0x3000\n6,0x4000\n2,0x5000\n7,0x6000\n" };
  await expect(ingestFiles(files)).rejects.toThrow("f:5: time 6 ns is before 7 ns on line 4; sort the input, or pass --sort");
  const { accesses, trace } = await ingestFiles(files, { sort: true });
  expect(accesses.map((row) => row.split(" ").slice(0, 4).join(" "))).toEqual([
    "1 vm/0 R 0:1",
    "2 vm/0 R 0:5",
    "6 vm/0 R 0:4",
    "7 vm/0 R 0:2",
    "7 vm/0 R 0:3",
    "7 vm/0 R 0:6",
  ]);
  expect(readdirSync(trace).toSorted()).toEqual(["events.arrow", "pages.arrow", "ppns.arrow", "trace.json"]);
});

test("a shuffled capture sorts to the same trace", async () => {
  const rows = Array.from(
    { length: 30_000 },
    (_, i) => `${(i * 7919) % 30_011},${["a", "b", "c"][i % 3]},0x${((i * 31) % 977) * 4096 + (i % 4096)},${"RW"[i % 2]}`,
  );
  const sorted = rows.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const header = "time_ns,vm,gva,op\n";
  const { accesses } = await ingestFiles({ f: `${header}${rows.join("\n")}\n` }, { sort: true });
  expect(accesses).toHaveLength(30_000);
  expect(accesses).toEqual((await ingestFiles({ f: `${header}${sorted.join("\n")}\n` })).accesses);
});

test("configured memory is what is given, else what the contents table covers", async () => {
  const files = { "a.csv": "time_ns,gpa\n1,0x1000\n", "p.csv": "gpfn,hash64,zlib1_bytes,kind\n0,ff,20,D\n511,00000000000000aa,41,Z\n" };
  const { manifest, trace } = await ingestFiles(files);
  expect(manifest.vms[0]).toMatchObject({ configuredBytes: 512 * 4096, configuredFrom: "contents", contents: 2 });
  const { ppn, hash, zbytes, timeNs } = await openTrace(trace).contents();
  expect([[...ppn], [...hash], [...zbytes], [...timeNs]]).toEqual([
    [0, 511],
    [255n, 0n],
    [20, 41],
    [1, 1],
  ]);
  expect((await ingestFiles(files, { sizeBytes: 2 ** 30 })).manifest.vms[0]).toMatchObject({
    configuredBytes: 2 ** 30,
    configuredFrom: "given",
  });
});

test("contents alone make a trace without accesses", async () => {
  const { manifest, summary } = await ingestFiles({ "p.csv": "vm,gpfn,hash64\na,0,ff\nb,1,aa\n" });
  expect(manifest).toMatchObject({
    originNs: null,
    endNs: null,
    vms: [
      { name: "a", rows: 0, contents: 1 },
      { name: "b", rows: 0, contents: 1 },
    ],
  });
  expect(summary).toMatchObject({ accesses: 0, firstNs: null });
});

test("a failed ingest leaves an earlier trace as it was, and nothing beside it", async () => {
  const bad = { f: "time_ns,gva\n1,0x1000\n2,zz\n" };
  const { trace } = await ingestFiles({ f: "time_ns,gva\n1,0x1000\n" });
  const folder = join(trace, "..");
  const before = readFileSync(join(trace, "trace.json"), "utf8");
  await expect(ingestFiles(bad, { output: trace })).rejects.toThrow('column gva: "zz"');
  expect(readFileSync(join(trace, "trace.json"), "utf8")).toBe(before);
  expect(readdirSync(folder).filter((name) => name.includes(".part"))).toEqual([]);
  expect(existsSync(trace)).toBe(true);
});

test("a format may say how its rows are ordered; what the user declares wins, and sources that disagree leave it open", async () => {
  const ids = "1\n2\n3\n";
  const orderOf = async (...given: Parameters<typeof ingestFiles>): Promise<string> => (await ingestFiles(...given)).manifest.vms[0].order;
  expect(await orderOf({ f: ids })).toBe("exact");
  expect(await orderOf({ f: ids }, { order: "windowed" })).toBe("windowed");
  expect(await orderOf({ f: ids, "g.csv": "time_ns,gva\n50,0x1000\n" })).toBe("undeclared");
  expect(await orderOf({ f: ids, "g.csv": "time_ns,gva\n50,0x1000\n" }, { order: "exact" })).toBe("exact");
});
