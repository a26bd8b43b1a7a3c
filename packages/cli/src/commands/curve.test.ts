import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scanPages, zipfPages } from "../../../replay/src/page-traces.ts";
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

// miss-count.test.ts holds all four traces and the rows of grade near to the table; here two of them go through the command line.
describe.each([
  { name: "small-zipf-64k-1m", pages: () => zipfPages(65536, 1e6) },
  { name: "small-scan-10k-100k", pages: () => scanPages(10_000, 100_000) },
])("$name", ({ name, pages }) => {
  test("all misses of the facts, in one pass", async () => {
    const facts = factsOf(name);
    const names = [...new Set(facts.map(({ policy }) => policy))];
    const sizes = [...new Set(facts.map((fact) => fact.pages))];
    const { schema, policies } = await answerOf(csvOf(name, pages()), "--policy", names.join(","), "--pages", sizes.join(","));
    expect([schema, policies.map(({ policy }) => policy)]).toEqual([1, names]);
    const missesAt = new Map(policies.flatMap(({ policy, points }) => points.map((point) => [`${policy} ${point.pages}`, point.misses])));
    const exact = facts.filter(({ isExact }) => isExact);
    expect(exact.map((fact) => missesAt.get(`${fact.policy} ${fact.pages}`))).toEqual(exact.map(({ misses }) => misses));
    for (const fact of facts.filter(({ isExact, policy }) => !isExact && ["arc", "2q"].includes(policy)))
      expect([fact, missesAt.get(`${fact.policy} ${fact.pages}`)]).toEqual([fact, fact.misses]);
    expect(missesAt.size).toBe(facts.length);
    const accesses = name === "small-scan-10k-100k" ? 100_000 : 1_000_000;
    for (const { points } of policies) expect(new Set(points.map((point) => point.accesses))).toEqual(new Set([accesses]));
  });
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
    const sizes = ["--pages", "5000,10000,20000,40000"];
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

  test("prints a table with sentences, keeps the run, draws its chart and page", async () => {
    const [run, charts, page] = [join(folder.path, "curve.run"), join(folder.path, "charts"), join(folder.path, "curve.html")];
    const args = ["curve", trace, "--policy", "lru,slru:segments=2,arc", "--extra", "10%"];
    const { code, stdout } = await tidemark([...args, "--run", run, "--svg", charts, "-o", page]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^alloc-4k: misses of [\d,]+ accesses to 56,275 pages \(219.8 MiB\)\n +pages +memory +lru +slru:segments=2 +arc\n/,
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

test.each([
  [["--policy", "lru,lur"], 'unknown policy "lur"; known: '],
  [["--policy", "slru:segments=0"], "slru: segments=0 is not"],
  [["--pages", "10,ten"], '--pages: "ten" is not a whole number of pages from 1'],
  [["--pages", "0"], '--pages: "0" is not a whole number'],
  [["--sizes", "10.5KiB"], '--sizes: "10.5KiB" is not a memory size'],
  [["--sample", "0"], "--sample 0: must be above 0 and at most 100 %"],
  [["--sample", "1%", "--policy", "lru,arc"], "--sample: estimates lru alone, not arc"],
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
