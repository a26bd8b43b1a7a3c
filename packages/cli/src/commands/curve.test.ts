import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loopMixPages, phasePages, scanPages, zipfPages } from "../../../replay/src/page-traces.ts";
import { ALLOC, bundled, temporary, tidemark } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());

interface Point {
  readonly pages: number;
  readonly accesses: number;
  readonly misses: number;
  readonly low?: number;
  readonly high?: number;
}
interface Answer {
  readonly schema: number;
  readonly policies: readonly { readonly policy: string; readonly points: readonly Point[] }[];
  readonly vms: readonly {
    readonly name: string | null;
    readonly bound: readonly { readonly stallNs: number; readonly pageIns: number; readonly pages: number }[];
    readonly policies: readonly {
      readonly policy: string;
      readonly points: readonly Point[];
      readonly distinctPages: number;
      readonly sampledPages: number | null;
      readonly knee: { readonly pages: number } | null;
      readonly enough: { readonly pages: number } | null;
    }[];
  }[];
}
const answerOf = async (...args: string[]): Promise<Answer> => {
  const { code, stdout } = await tidemark(["curve", ...args, "--json"]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Answer;
};

/** As the generator of the facts writes it. */
const csvOf = (name: string, pages: Uint32Array): string =>
  folder.file(`${name}.csv`, `time,page,size\n${Array.from(pages, (page, i) => `${i},${page},1`).join("\n")}\n`);

interface Fact {
  readonly policy: string;
  readonly pages: number;
  readonly misses: number;
  readonly isExact: boolean;
}
/** Rows of the facts on one trace. */
const factsOf = (name: string): readonly Fact[] =>
  readFileSync(new URL("../../../replay/facts/miss-counts.csv", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","))
    .filter(([trace]) => trace === name)
    .map(([, policy = "", pages, , misses, grade]) => ({
      policy,
      pages: Number(pages),
      misses: Number(misses),
      isExact: grade === "exact",
    }));

// miss-count.test.ts holds every row of the table to its policy; here every exact row goes through the command line, and on the smallest trace
// the others, too.
test.each([
  { name: "small-zipf-64k-1m", pages: () => zipfPages(65536, 1e6) },
  { name: "small-loopmix-64k-1m", pages: () => loopMixPages(65536, 1e6) },
  { name: "small-phases-64k-1m", pages: () => phasePages(65536, 1e6) },
  { name: "small-scan-10k-100k", pages: () => scanPages(10_000, 100_000) },
])("$name: all exact misses of the facts, in one pass", async ({ name, pages }) => {
  const accesses = pages();
  const facts = factsOf(name).filter(({ isExact }) => isExact || accesses.length <= 100_000);
  const names = [...new Set(facts.map(({ policy }) => policy))];
  const sizes = [...new Set(facts.map((fact) => fact.pages))];
  const { schema, policies } = await answerOf(csvOf(name, accesses), "--policy", names.join(","), "--pages", sizes.join(","));
  expect([schema, policies.map(({ policy }) => policy)]).toEqual([1, names]);
  const missesAt = new Map(policies.flatMap(({ policy, points }) => points.map((point) => [`${policy} ${point.pages}`, point.misses])));
  const held = facts.filter(({ isExact, policy }) => isExact || ["arc", "2q"].includes(policy));
  expect(held.length).toBeGreaterThanOrEqual(6 * 6);
  expect(held.map((fact) => [fact, missesAt.get(`${fact.policy} ${fact.pages}`)])).toEqual(held.map((fact) => [fact, fact.misses]));
  expect(missesAt.size).toBe(facts.length);
  for (const { points } of policies) expect(new Set(points.map((point) => point.accesses))).toEqual(new Set([accesses.length]));
});

describe("a captured trace", () => {
  const trace = join(folder.path, "alloc.trace");
  beforeAll(async () => {
    expect((await tidemark(["ingest", ...ALLOC, "-o", trace])).code).toBe(0);
  });

  test("has misses by guest-physical page: those of memory for all are the pages that were touched", async () => {
    const { vms } = await answerOf(trace, "--policy", "lru,fifo,belady");
    const [lru, fifo, belady] = vms[0]?.policies ?? [];
    expect(lru?.distinctPages).toBe(56_275);
    for (const policy of [lru, fifo, belady]) expect(policy?.points.at(-1)).toMatchObject({ pages: 56_275, misses: 56_275 });
    lru?.points.forEach(({ misses }, i) => {
      expect(misses).toBeGreaterThanOrEqual(belady?.points[i]?.misses ?? NaN);
      if (i > 0) expect(misses).toBeLessThanOrEqual(lru.points[i - 1]?.misses ?? NaN);
    });
    expect(lru?.knee?.pages).toBeLessThan(lru?.enough?.pages ?? NaN);
  });

  test("the curve at one size is that of all sizes at once, and sizes are pages or memory", async () => {
    const all = await answerOf(trace, "--pages", "1000,4096,8192,20000");
    const one = await answerOf(trace, "--sizes", "16MiB");
    expect(one.policies[0]?.points).toEqual(all.policies[0]?.points.filter(({ pages }) => pages === 4096));
  });

  test("sampled, its band holds the true misses, and --seed draws other pages", async () => {
    const sizes = ["--policy", "lru", "--pages", "5000,10000,20000,40000"];
    const exact = (await answerOf(trace, ...sizes)).policies[0]?.points ?? [];
    const [first, again, other] = [
      await answerOf(trace, ...sizes, "--sample", "10%"),
      await answerOf(trace, ...sizes, "--sample", "0.1", "--seed", "1"),
      await answerOf(trace, ...sizes, "--sample", "10%", "--seed", "2"),
    ];
    expect(again).toEqual(first);
    expect(other.policies[0]?.points).not.toEqual(first.policies[0]?.points);
    expect(first.vms[0]?.policies[0]?.sampledPages).toBe(5628);
    first.policies[0]?.points.forEach(({ low, high }, i) => {
      expect(low).toBeLessThanOrEqual(exact[i]?.misses ?? NaN);
      expect(high).toBeGreaterThanOrEqual(exact[i]?.misses ?? NaN);
    });
  });

  test("other policies are sampled, too: labelled, without a band, the bound with them", async () => {
    const args = [trace, "--policy", "fifo,lru,belady", "--pages", "10000,40000"];
    const [exact, { vms }] = [await answerOf(...args), await answerOf(...args, "--sample", "10%")];
    const [fifo, lru, belady] = vms[0]?.policies ?? [];
    for (const policy of [fifo, lru, belady]) expect(policy?.sampledPages).toBe(5628);
    expect([fifo, lru, belady].map((policy) => policy?.points.some(({ low }) => low !== undefined))).toEqual([false, true, false]);
    fifo?.points.forEach(({ misses }, i) => expect(misses / (exact.policies[0]?.points[i]?.misses ?? NaN)).toBeCloseTo(1, 0.5));
    const [sampled, truth] = [vms, exact.vms].map(([vm]) => vm?.bound[0]);
    expect(sampled).toMatchObject({ stallNs: 0, pageIns: 0 });
    expect((sampled?.pages ?? NaN) / (truth?.pages ?? NaN)).toBeCloseTo(1, 1);
    const { stdout } = await tidemark(["curve", ...args, "--sample", "10%"]);
    expect(stdout).toMatch(/5,628 of the pages were followed\n +pages +memory +fifo +lru +belady +95 % band of lru\n/);
    expect(stdout).toContain("alloc-4k under fifo, counted at 2 sizes, estimated from 5,628 pages: ");
    expect(stdout).toContain("alloc-4k if the future is known, estimated from 5,628 pages: ");
  });

  test("the bound: the smallest memory if the future is known, which for no stall is what rightsize calls enough", async () => {
    const { vms } = await answerOf(trace, "--stall", "0,50ms", "--page-in", "100us");
    const [free, paid] = vms[0]?.bound ?? [];
    const needs = JSON.parse((await tidemark(["rightsize", trace, "--stall", "0,50ms", "--page-in", "100us", "--json"])).stdout) as {
      readonly vms: readonly { readonly oracle: readonly { readonly sizePages: number }[] }[];
    };
    expect(needs.vms[0]?.oracle.map(({ sizePages }) => sizePages)).toEqual([free?.pages, paid?.pages]);
    expect([free?.pageIns, (paid?.pageIns ?? NaN) <= 500, paid?.stallNs]).toEqual([0, true, 50e6]);
    const sizes = [free?.pages ?? NaN, (free?.pages ?? NaN) - 1, (paid?.pages ?? NaN) - 1].join(",");
    const { policies } = await answerOf(trace, "--policy", "belady", "--pages", sizes);
    const [overPaid, overFree, enough] = policies[0]?.points.map(({ misses }) => misses - 56_275) ?? [];
    expect([enough, (overFree ?? NaN) > 0, (overPaid ?? NaN) > 500]).toEqual([0, true, true]);
  });

  test("prints a table with sentences, keeps the run, draws its chart and page", async () => {
    const [run, charts, page] = [join(folder.path, "curve.run"), join(folder.path, "charts"), join(folder.path, "curve.html")];
    const args = ["curve", trace, "--policy", "lru,slru:segments=2,arc", "--extra", "10%"];
    const { code, stdout } = await tidemark([...args, "--run", run, "--svg", charts, "-o", page]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^alloc-4k: misses of 392,253 references \(rows; [\d,]+ accesses\) to 56,275 pages \(219.8 MiB\)\n +pages +memory +lru +slru:segments=2 +arc\n/,
    );
    expect(stdout).toMatch(/^alloc-4k under lru: the knee is at .*; the smallest size within 10 % of the misses/m);
    expect(readFileSync(join(charts, "curve.svg"), "utf8")).toContain("knee of lru");
    expect((await tidemark(["report", run, "-o", join(folder.path, "again.html")])).code).toBe(0);
    expect(readFileSync(join(folder.path, "again.html"))).toEqual(readFileSync(page));
  });
});

test("VMs of one trace, each by itself, one alone, and all on one host", async () => {
  const two = folder.file("two.csv", "time_ns,vm,page\n0,a,0\n1,b,0\n2,a,0\n3,b,1\n4,a,1\n5,b,0\n");
  const trace = join(folder.path, "two.trace");
  expect((await tidemark(["ingest", two, "-o", trace])).code).toBe(0);
  const missesOf = ({ vms }: Answer) => vms.map(({ name, policies }) => [name, policies[0]?.points.map(({ misses }) => misses)]);
  expect(missesOf(await answerOf(trace, "--pages", "1,2,4", "--shared"))).toEqual([
    ["a", [2, 2, 2]],
    ["b", [3, 2, 2]],
    [null, [6, 5, 4]],
  ]);
  expect(missesOf(await answerOf(trace, "--pages", "1,2,4", "--vm", "b"))).toEqual([["b", [3, 2, 2]]]);
});

test("VMs of several traces share a host as those of one do; equal names get that of their trace", async () => {
  const rows = ["0,a,0", "1,b,0", "2,a,0", "3,b,1", "4,a,1", "5,b,0"];
  const of = async (name: string, own: readonly string[]): Promise<string> => {
    const path = join(folder.path, name);
    const file = folder.file(`${name}.csv`, `time_ns,vm,page\n${own.join("\n")}\n`);
    expect((await tidemark(["ingest", file, "-o", path])).code).toBe(0);
    return path;
  };
  const one = await of("one.trace", rows);
  const apart = [
    await of(
      "left.trace",
      rows.filter((row) => row.includes("a")),
    ),
    await of(
      "right.trace",
      rows.filter((row) => row.includes("b")),
    ),
  ];
  const asked = ["--pages", "1,2,4", "--shared"];
  const [joined, together] = [await answerOf(...apart, ...asked), await answerOf(one, ...asked)];
  expect(joined.vms).toEqual(together.vms);
  const twice = await answerOf(one, apart[0] ?? "", ...asked);
  expect(twice.vms.map(({ name }) => name)).toEqual(["one:a", "b", "left:a", null]);
  const { code, stderr } = await tidemark(["curve", ...apart, "--vm", "c"]);
  expect([code, stderr.trim()]).toEqual([2, "tidemark: --vm c: none of the traces has such a VM; they have a, b"]);
});

test.each([
  [["--policy", "lru,lur"], 'unknown policy "lur"; known: '],
  [["--policy", "slru:segments=0"], "slru: segments=0 is not"],
  [["--policy", "slru:segments=2.5"], "slru: segments=2.5 is not a whole number in [1, 16]"],
  [["--policy", "lru,fifo,lru"], "--policy lru: is given twice; give it once"],
  [["--pages", "10,ten"], '--pages: "ten" is not a whole number of pages from 1'],
  [["--pages", "0"], '--pages: "0" is not a whole number'],
  [["--sizes", "10.5KiB"], '--sizes: "10.5KiB" is not a memory size'],
  [["--sample", "0"], "--sample 0: must be above 0 and at most 100 %"],
  [["--stall", "1"], '--stall: "1" is not a time'],
  [["--page-in", "0"], "--page-in 0: must be more than 0"],
])("%j is refused in one line before anything is read", async (args, message) => {
  const { code, stdout, stderr } = await tidemark(["curve", bundled("alloc-4k/alloc-4k.full-10ms.csv.gz"), ...args]);
  expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
  expect(stderr).toContain(message);
});

test("a VM that the trace does not have is refused with those it has", async () => {
  const trace = join(folder.path, "two.trace");
  const { code, stderr } = await tidemark(["curve", trace, "--vm", "c"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`--vm c: ${trace} has no such VM; it has a, b`)]);
});
