import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALLOC, bundled, temporary, tidemark } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());

interface Size {
  readonly basis: string;
  readonly windowNs: number | null;
  readonly extraPercent?: number;
  readonly pages: number;
  readonly misses: number;
  readonly pageIns: number;
  readonly stallNs: number;
}
interface Answer {
  readonly schema: number;
  readonly pageInNs: number;
  readonly spanNs: number;
  readonly vms: readonly {
    readonly name: string;
    readonly workingSets: readonly {
      readonly op: string;
      readonly windowNs: number;
      readonly meanPages: number;
      readonly maxPages: number;
    }[];
    readonly sizes: readonly Size[];
    readonly oracle: readonly {
      readonly stallNs: number;
      readonly consumedPages: number;
      readonly heldPages: number;
      readonly savedPages: number;
    }[];
    readonly neverAgain: readonly { readonly timeNs: number; readonly consumedPages: number; readonly neverAgainPages: number }[];
  }[];
}
const answerOf = async (...args: string[]): Promise<Answer> => {
  const { code, stdout } = await tidemark(["rightsize", ...args, "--json"]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Answer;
};

describe("a captured trace", () => {
  const trace = join(folder.path, "alloc.trace");
  beforeAll(async () => {
    expect((await tidemark(["ingest", ...ALLOC, "-o", trace])).code).toBe(0);
  });

  test("its figures agree with each other, with the miss curve and with the ledger's active memory", async () => {
    const { vms, spanNs, pageInNs } = await answerOf(trace, "--windows", "500ms,1s,5s", "--extra", "2%");
    const [vm] = vms;
    const sets = (op: string) => vm?.workingSets.filter((set) => set.op === op) ?? [];
    expect(sets("all").map(({ windowNs }) => windowNs)).toEqual([5e8, 1e9, 5e9, spanNs]);
    expect(sets("all").at(-1)).toMatchObject({ meanPages: 56_275, maxPages: 56_275 });
    sets("all").forEach(({ meanPages, maxPages }, w) => {
      expect(maxPages).toBeGreaterThanOrEqual(sets("all")[w - 1]?.maxPages ?? 0);
      expect(maxPages).toBeGreaterThanOrEqual(meanPages);
      expect(maxPages).toBeLessThanOrEqual((sets("reads")[w]?.maxPages ?? NaN) + (sets("writes")[w]?.maxPages ?? NaN));
    });
    const explained = JSON.parse((await tidemark(["explain", trace, "--window", "1s", "--at", "2s", "--json"])).stdout) as {
      readonly vms: readonly { readonly activePages: number }[];
    };
    expect(explained.vms[0]?.activePages).toBeLessThanOrEqual(sets("all")[1]?.maxPages ?? NaN);

    const sizes = vm?.sizes ?? [];
    const pages = sizes.map((size) => size.pages).join(",");
    const curve = JSON.parse((await tidemark(["curve", trace, "--pages", pages, "--extra", "2%", "--json"])).stdout) as {
      readonly policies: readonly {
        readonly points: readonly { readonly pages: number; readonly misses: number }[];
        readonly knee: { readonly pages: number };
        readonly enough: { readonly pages: number };
      }[];
    };
    const [lru] = curve.policies;
    for (const size of sizes) {
      expect(lru?.points.find((point) => point.pages === size.pages)?.misses).toBe(size.misses);
      expect(size).toMatchObject({ pageIns: size.misses - 56_275, stallNs: (size.misses - 56_275) * pageInNs });
    }
    expect(sizes.find(({ basis }) => basis === "knee")?.pages).toBe(lru?.knee.pages);
    expect(sizes.find(({ basis }) => basis === "enough")).toMatchObject({ pages: lru?.enough.pages, extraPercent: 2 });
    expect(sizes.map((size) => size.pages)).toEqual(sizes.map((size) => size.pages).toSorted((a, b) => b - a));
  });

  test("the future known, as much memory as is live is enough: Belady's policy reads nothing again there, and does one page below", async () => {
    const { vms } = await answerOf(trace);
    const live = vms[0]?.sizes.find(({ basis }) => basis === "live max")?.pages ?? NaN;
    const { stdout } = await tidemark(["curve", trace, "--policy", "belady", "--pages", `${live - 1},${live}`, "--json"]);
    const { policies } = JSON.parse(stdout) as {
      readonly policies: readonly { readonly points: readonly { readonly misses: number }[] }[];
    };
    const [below, enough] = policies[0]?.points.map(({ misses }) => misses) ?? [];
    expect(enough).toBe(56_275);
    expect(below).toBeGreaterThan(56_275);
  });

  test("the more stall is allowed, the less is held; what is never touched again grows to everything", async () => {
    const { vms } = await answerOf(trace, "--stall", "1s,0,10ms", "--page-in", "100us");
    const [vm] = vms;
    expect(vm?.oracle.map(({ stallNs }) => stallNs)).toEqual([0, 10e6, 1e9]);
    vm?.oracle.forEach(({ consumedPages, heldPages, savedPages }, i) => {
      expect(heldPages + savedPages).toBeCloseTo(consumedPages, 6);
      expect(heldPages).toBeLessThan(vm.oracle[i - 1]?.heldPages ?? Infinity);
    });
    const last = vm?.neverAgain.at(-1);
    expect(last?.consumedPages).toBe(56_275);
    expect(last?.neverAgainPages).toBeGreaterThan(50_000);
  });

  test("prints its tables and what they come to, keeps the run, draws its chart and page", async () => {
    const [run, charts, page] = [join(folder.path, "size.run"), join(folder.path, "charts"), join(folder.path, "size.html")];
    const { code, stdout } = await tidemark(["rightsize", trace, "--run", run, "--svg", charts, "-o", page]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^alloc-4k: working sets\nwindow +mean +max +reads, mean +max +writes, mean +max\n100 ms /);
    expect(stdout).toMatch(/^whole trace +219\.8 MiB +219\.8 MiB /m);
    expect(stdout).toContain("sizes, and what each would have cost under LRU, at 150 µs a page-in");
    expect(stdout).toMatch(/^active reported, largest +[\d,]+ +[\d.]+ MiB +[\d,]+ +[\d,]+ +[\d.]+ s \(\d+ %\) +[\d,]+$/m);
    expect(stdout).toMatch(/^ stall +page-ins +held +saved +one size\n +0 +0 +[\d.]+ MiB +[\d.]+ MiB +135\.9 MiB\n/m);
    expect(stdout).toContain("alloc-4k touches 219.8 MiB (56,275 pages) in all; in a window of 500 ms it touches");
    expect(stdout).toContain("note: alloc-4k: the trace does not say whether it is in exact order");
    expect(readFileSync(join(charts, "working-set-fan.svg"), "utf8")).toContain("active reported, largest");
    expect((await tidemark(["report", run, "-o", join(folder.path, "again.html")])).code).toBe(0);
    expect(readFileSync(join(folder.path, "again.html"))).toEqual(readFileSync(page));
  });
});

test.each([
  [["--windows", "0"], "--windows 0: must be more than 0"],
  [["--windows", "5"], '--windows: "5" is not a time'],
  [["--stall", "1"], '--stall: "1" is not a time'],
  [["--page-in", "0"], "--page-in 0: must be more than 0"],
  [["--extra", "0"], "--extra 0: must be above 0"],
  [["--estimator", "lur"], 'unknown estimator "lur"'],
])("%j is refused in one line before anything is read", async (args, message) => {
  const { code, stdout, stderr } = await tidemark(["rightsize", bundled("alloc-4k/alloc-4k.full-10ms.csv.gz"), ...args]);
  expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
  expect(stderr).toContain(message);
});

test("VMs of one trace, and one alone; no accesses are refused", async () => {
  const trace = join(folder.path, "two.trace");
  const two = folder.file("two.csv", "time_ns,vm,page\n0,a,0\n1,b,0\n2,a,0\n3,b,1\n4,a,1\n5,b,0\n");
  expect((await tidemark(["ingest", two, "-o", trace])).code).toBe(0);
  expect((await answerOf(trace)).vms.map(({ name }) => name)).toEqual(["a", "b"]);
  expect((await answerOf(trace, "--vm", "b")).vms.map(({ name }) => name)).toEqual(["b"]);
  const { code, stderr } = await tidemark(["rightsize", trace, "--vm", "c"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`--vm c: ${trace} has no such VM; it has a, b`)]);
});
