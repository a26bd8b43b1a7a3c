import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALLOC, filesIn, temporary, tidemark } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);

interface InfoJson {
  readonly rows: number;
  readonly firstNs: number;
  readonly lastNs: number;
  readonly vms: readonly {
    readonly name: string;
    readonly rows: number;
    readonly order: string;
    readonly configuredPages: number | null;
  }[];
  readonly synthesised: readonly string[];
}

async function cut(trace: string, output: string, ...args: string[]): Promise<InfoJson> {
  const { code, stdout, stderr } = await tidemark(["cut", at(trace), ...args, "-o", at(output), "--json"]);
  expect(stderr).not.toContain("tidemark: ");
  expect(code).toBe(0);
  return JSON.parse(stdout) as InfoJson;
}

async function ledgers(trace: string, ...args: string[]): Promise<readonly { readonly [key: string]: unknown }[]> {
  const { code, stdout } = await tidemark(["explain", at(trace), ...args, "--json"]);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { readonly vms: readonly { readonly [key: string]: unknown }[] }).vms;
}

describe("a part of alloc-4k", () => {
  beforeAll(async () => {
    const files = [ALLOC[0], ALLOC[1], ALLOC[4]]; // accesses, allocations, events
    expect((await tidemark(["ingest", ...files, "-o", at("whole.trace")])).code).toBe(0);
  });

  test("by times keeps both ends and begins with empty memory", async () => {
    const info = await cut("whole.trace", "times.trace", "--from", "2.5s", "--to", "4s");
    expect(info.firstNs).toBeGreaterThanOrEqual(2.5e9);
    expect(info.lastNs).toBeLessThanOrEqual(4e9);
    expect(info.lastNs).toBeGreaterThan(3.98e9);
    expect(info.synthesised.join()).toContain("cut from a longer trace");
    const [part] = await ledgers("times.trace", "--window", "1s");
    const [whole] = await ledgers("whole.trace", "--at", "4s", "--window", "1s");
    // What was touched in the last window is in both; what lay idle before the cut only in the whole.
    expect(part.activePages).toBe(whole.activePages);
    expect(Number(part.grantedPages)).toBeLessThan(Number(whole.grantedPages));
  });

  test("between markers", async () => {
    const info = await cut("whole.trace", "marks.trace", "--mark", "20..23");
    expect(info.firstNs / 1e9).toBeCloseTo(2.08, 1);
    expect(info.lastNs / 1e9).toBeCloseTo(2.54, 1);
  });

  test.each([
    [["--mark", "11..99"], /: has no marker 99 after .*; it has 10, 11, /],
    [["--mark", "11-12"], /^tidemark: --mark 11-12: write two marker numbers, for example 11\.\.12$/],
    [["--from", "4s", "--to", "2s"], /^tidemark: the cut ends \(2 s\) before it begins \(4 s\)$/],
    [["--from", "100s"], /: has no accesses in the part that would be kept$/],
    [["--from", "soon"], /^tidemark: --from: "soon" is not a time/],
    [["--vm", "other"], /: has no VM "other"; it has alloc-4k$/],
  ])("%j is refused", async (args, message) => {
    const { code, stdout, stderr } = await tidemark(["cut", at("whole.trace"), ...args, "-o", at("refused.trace")]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.trimEnd()).toMatch(message);
    expect([...filesIn(folder.path).keys()].some((file) => file.includes("refused"))).toBe(false);
  });
});

describe("anonymised", () => {
  // Values that no counting arrives at by accident.
  const CR3 = 0x7_abcd_e000;
  const VPNS = [0xffff_8881_2345_6n, 0x5_5e8d_c0fen];
  const PID = 0x5eed_1234;
  const HASH = 0xdead_beef_cafe_f00dn;

  beforeAll(async () => {
    const [kernel, user] = VPNS.map((vpn) => `0x${((BigInt(vpn) << 12n) | 0x123n).toString(16)}`);
    folder.file(
      "payroll.csv",
      `time_ns,vm,vcpu,gva,gpa,op,count\n10,payroll,0,${kernel},0x1000,R,1\n20,payroll,0,${user},0x2000,W,3\n90,payroll,0,${user},0x2000,R,1\n`,
    );
    folder.file("payroll.kmem.csv", `time_ns,event,gpfn,order,pid\n5,alloc,2,0,${PID}\n`);
    folder.file("payroll.pages.csv", `vm,gpfn,hash64,zlib1_bytes\npayroll,2,0x${HASH.toString(16)},77\n`);
    folder.file("payroll.events.csv", `time_ns,clk,vcpu,event,value\n1,1,0,cr3,0x${CR3.toString(16)}\n`);
    const files = ["payroll.csv", "payroll.kmem.csv", "payroll.pages.csv", "payroll.events.csv"].map(at);
    const { code, stderr } = await tidemark(["ingest", ...files, "--order", "exact", "-o", at("payroll.trace")]);
    expect(stderr).not.toContain("tidemark: ");
    expect(code).toBe(0);
    await cut("payroll.trace", "shared.trace", "--anonymise");
  });

  const u64 = (value: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes;
  };
  const secrets: readonly (readonly [string, Buffer])[] = [
    ["name and source path", Buffer.from("payroll")],
    ["folder", Buffer.from(folder.path)],
    ...VPNS.map((vpn) => [`VPN ${vpn.toString(16)}`, u64(vpn)] as const),
    ["address-space root", u64(BigInt(CR3))],
    ["pid", u64(BigInt(PID)).subarray(0, 4)],
    ["content hash", u64(HASH)],
  ];

  test.each(secrets)("no %s is left in any byte", (_, secret) => {
    const isIn = (trace: string): boolean => [...filesIn(at(trace)).values()].some((bytes) => bytes.includes(secret));
    expect(isIn("payroll.trace")).toBe(true);
    expect(isIn("shared.trace")).toBe(false);
  });

  test("the ledger is the same, under another name", async () => {
    const [[before], [after]] = await Promise.all(["payroll.trace", "shared.trace"].map((trace) => ledgers(trace, "--window", "20ns")));
    expect(after).toEqual({ ...before, name: "vm1", owners: expect.any(Array) });
  });
});
