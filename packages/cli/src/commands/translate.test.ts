import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cores, COSTS, modes } from "@tidemark/replay";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALLOC, bundled, FORK, temporary, tidemark } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());
const trace = join(folder.path, "fork.trace");
beforeAll(async () => {
  expect((await tidemark(["ingest", ...FORK, "--order", "exact", "-o", trace])).code).toBe(0);
});

interface Answer {
  readonly schema: number;
  readonly vms: readonly {
    readonly name: string;
    readonly pages: string;
    readonly core: string;
    readonly guest: { readonly [counter: string]: number };
    readonly modes: readonly {
      readonly mode: string;
      readonly counters: { readonly [group: string]: { readonly [counter: string]: number } };
      readonly cycles: { readonly [cause: string]: number };
      readonly cyclesPerAccess: number;
      readonly shareOfRunTime: number;
    }[];
    readonly breakEven: readonly {
      readonly cost: string;
      readonly below: string;
      readonly above: string;
      readonly cycles: number | null;
    }[];
  }[];
  readonly assumed: readonly string[];
}

const answerOf = async (...args: string[]): Promise<Answer> => {
  const { code, stdout, stderr } = await tidemark(["translate", trace, ...args, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Answer;
};
/** What is asked of a run's `run.json`. */
interface Kept {
  readonly scenario: { readonly translation: { readonly costs: { readonly [cost: string]: number } } };
}
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("the captured fork", () => {
  let answer: Answer;
  beforeAll(async () => {
    answer = await answerOf("--core", "zen4,skylake", "--modes", "all");
  });

  test("has every mode on every core, and every access in each", () => {
    expect(answer.vms.map(({ name, pages, core }) => [name, pages, core])).toEqual([
      ["fork", "trace/4k", "zen4"],
      ["fork", "trace/4k", "skylake"],
    ]);
    for (const { modes } of answer.vms) {
      expect(modes.map(({ mode }) => mode)).toEqual(["native", "shadow", "shadow-lazy", "nested", "agile", "nested-flat"]);
      for (const { counters } of modes) expect(counters["tlb"]?.["accesses"]).toBe(1_966_660);
    }
  });

  test("adds up: lookups to accesses, walks by length to misses, causes to cycles per access", () => {
    for (const { modes } of answer.vms) {
      for (const { counters, cycles, cyclesPerAccess } of modes) {
        const { accesses = 0, ...lookups } = counters["tlb"] ?? {};
        expect(sum(Object.values(lookups))).toBe(accesses);
        const { all: walks = 0, ...byLength } = counters["walks"] ?? {};
        expect(sum(Object.values(byLength))).toBe(walks);
        expect(sum(Object.entries(byLength).map(([length, n]) => Number.parseInt(length) * n))).toBe(counters["references"]?.["all"]);
        const { access = 0, ...causes } = cycles;
        expect(access).toBe(4 * accesses);
        expect(cyclesPerAccess).toBeCloseTo(sum(Object.values(causes)) / accesses, 9);
      }
    }
  });

  test("fork, exec and exit cost more under shadow paging than under nested paging", () => {
    for (const { modes } of answer.vms) {
      const of = (mode: string): number => modes.find((each) => each.mode === mode)?.cyclesPerAccess ?? NaN;
      expect(of("shadow")).toBeGreaterThan(of("nested"));
      expect(of("shadow-lazy")).toBeLessThan(of("shadow"));
      expect(of("native")).toBeLessThan(of("nested"));
    }
  });

  test("says what the figures cannot say", () => {
    expect(answer.assumed.join("\n")).toMatch(/start empty.*first touches/);
  });
});

test("a core and costs of one's own change the answer as they should", async () => {
  const [skylake] = cores;
  const mine = join(folder.path, "mine.json");
  writeFileSync(mine, JSON.stringify({ ...skylake, name: "mine", nestedTlb: null }));
  const { vms } = await answerOf("--core", `skylake,${mine}`, "--modes", "nested");
  const [references, more] = vms.map(({ modes }) => modes[0]?.counters["references"]?.["all"] ?? NaN);
  expect(vms.map(({ core }) => core)).toEqual(["skylake", "mine"]);
  expect(more).toBeGreaterThan(references ?? NaN);
  const dear = await answerOf("--modes", "nested", "--set", "translation.costs.exit=11500");
  const [cheapest, dearer] = [vms, dear.vms].map(([vm]) => vm?.modes[0]);
  const exits = cheapest?.counters["exits"]?.["ept violation"] ?? NaN;
  expect((dearer?.cycles["ept violation"] ?? NaN) - (cheapest?.cycles["ept violation"] ?? NaN)).toBe(10_000 * exits);
});

test("prints a table, keeps the run, and draws its charts and page", async () => {
  const run = join(folder.path, "fork.run");
  const charts = join(folder.path, "charts");
  const page = join(folder.path, "page.html");
  const { code, stdout } = await tidemark(["translate", trace, "--run", run, "--svg", charts, "-o", page]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^fork on skylake, page sizes \(guest\/host\) trace\/4k\n/);
  expect(stdout).toMatch(/^nested +\d+\.\d\d +\d+\.\d % /m);
  expect(stdout).toMatch(/break-even, the other costs as assumed:\n {2}\S+ beats \S+ where/);
  expect(readdirSync(charts)).toContain("translation-cost.svg");
  expect(readFileSync(page, "utf8")).toContain("translation");
  const { scenario } = JSON.parse(readFileSync(join(run, "run.json"), "utf8")) as Kept;
  expect(scenario.translation.costs).toEqual(Object.fromEntries(Object.entries(COSTS).map(([name, cost]) => [name, cost.default])));
  const { stdout: said } = await tidemark(["report", run, "-o", join(folder.path, "again.html")]);
  // What nobody builds is told apart in words as it is in the figures.
  const proposals = /research proposals: (.*)\.$/m.exec(said)?.[1] ?? "";
  expect(proposals.split("), ").map((each) => each.split(" ")[0])).toEqual(modes.flatMap(({ name, isBuilt }) => (isBuilt ? [] : [name])));
  expect(readFileSync(join(folder.path, "again.html"))).toEqual(readFileSync(page));
});

test("a trace without virtual addresses says what cannot be replayed", async () => {
  const { code, stdout } = await tidemark([
    "translate",
    ALLOC[1] ?? "",
    bundled("long-cache/long-cache.full-1s.csv.gz"),
    "--modes",
    "native",
  ]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/windowed|not declared to be in exact order/)]);
});

test.each([
  [["--core", "skylake,z80"], 'tidemark: --core z80: unknown core "z80"; known: skylake'],
  [["--core", "skylake,skylake"], 'tidemark: --core skylake: core "skylake" is given twice'],
  [["--core", "none.json"], "none.json: no such file"],
  [["--modes", "nested,shade"], 'tidemark: --modes shade: unknown mode "shade"; known: native'],
  [["--modes", "nested,nested"], 'tidemark: --modes nested: mode "nested" is given twice'],
  [["--modes", "all,native"], "tidemark: --modes all: all stands for every mode; give it alone, not in a list"],
  [["--pages", "4k/4k,2m/2m,4k/4k"], 'tidemark: --pages 4k/4k: pair of page sizes "4k/4k" is given twice; give it once'],
  [["--pages", "8k/4k"], 'tidemark: --pages 8k/4k: is "8k/4k"; write one of trace/backing, '],
  [["--set", "translation.costs.exti=1"], 'unknown parameter "exti"'],
  [["--set", "translation.modes.1.interval=1s"], "translation.modes"],
  [
    ["--set", "host.memory=1GiB"],
    "--set host.memory=1GiB: of a scenario, translate reads only translation and its VMs' name, size and backing",
  ],
  [["--set", "vms.0.limit=1GiB"], "--set vms.0.limit=1GiB: of a scenario, translate reads only"],
])("%j is refused in one line before anything is read", async (args, message) => {
  const { code, stdout, stderr } = await tidemark(["translate", trace, ...args]);
  expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
  expect(stderr).toContain(message);
});
