import { afterAll, describe, expect, test } from "vitest";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ALLOC, bundled, FORK, LONG_CACHE, PAGECACHE, temporary, tidemark } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());

interface LedgerJson {
  readonly schema: number;
  readonly vms: readonly VmJson[];
}
interface VmJson {
  readonly name: string;
  readonly timeNs: number;
  readonly windowNs: number;
  readonly configuredPages: number;
  readonly grantedPages: number;
  readonly consumedPages: number;
  readonly activePages: number;
  readonly activeWritePages: number;
  readonly gapPages: number;
  readonly classes: readonly { readonly class: string; readonly pages: number }[];
  readonly owners: readonly { readonly owner: string; readonly pages: { readonly [name: string]: number } }[];
}

const known = new Map<string, Promise<LedgerJson>>();

/** What `explain --json` prints; the same question is asked once. */
function explain(...args: string[]): Promise<LedgerJson> {
  const key = args.join(" ");
  const answer = known.get(key) ?? ask(args);
  known.set(key, answer);
  return answer;
}

async function ask(args: readonly string[]): Promise<LedgerJson> {
  const { code, stdout, stderr } = await tidemark(["explain", ...args, "--json"]);
  expect(stderr).not.toContain("tidemark: ");
  expect(code).toBe(0);
  return JSON.parse(stdout) as LedgerJson;
}

const pagesOf = (vm: VmJson, name: string): number | undefined => vm.classes.find((entry) => entry.class === name)?.pages;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** What the README of the bundled traces states, counted by an independent program: granted, active, active write, freed. */
describe.each<[string, readonly string[], readonly string[], number, readonly (readonly [string, number, number, number, number])[]]>([
  [
    "alloc-4k",
    ALLOC,
    ["--window", "1s"],
    1e9,
    [
      ["2.5s", 56_275, 35_867, 34_562, 214],
      ["7s", 56_275, 525, 102, 33_063],
    ],
  ],
  [
    "pagecache",
    PAGECACHE,
    ["--window", "1s"],
    1e9,
    [
      ["3.09s", 51_453, 28_906, 27_459, 1800],
      ["6s", 51_453, 524, 100, 17_976],
    ],
  ],
  [
    "long-cache",
    LONG_CACHE,
    [],
    60e9, // half an hour: the window by the rule of docs/architecture.md
    [
      ["400s", 54_332, 3451, 208, 266],
      ["600s", 54_346, 4295, 215, 266],
      ["1000s", 54_366, 3834, 210, 13_847],
      ["1790s", 54_366, 554, 113, 28_929],
    ],
  ],
])("the ledger of %s", (name, files, window, windowNs, rows) => {
  const asked = explain(...files, ...window, ...rows.flatMap(([at]) => ["--at", at]));

  test("has the figures of the README", async () => {
    const { schema, vms } = await asked;
    expect(schema).toBe(1);
    expect(
      vms.map((vm) => [vm.name, vm.timeNs, vm.windowNs, vm.grantedPages, vm.activePages, vm.activeWritePages, pagesOf(vm, "freed")]),
    ).toEqual(rows.map(([at, ...figures]) => [name, parseFloat(at) * 1e9, windowNs, ...figures]));
    for (const vm of vms) expect([vm.configuredPages, vm.consumedPages]).toEqual([65_536, vm.grantedPages]);
  });

  test("adds up to the page, in classes and in owners", async () => {
    for (const vm of (await asked).vms) {
      expect(vm.gapPages).toBe(vm.consumedPages - vm.activePages);
      expect(sum(vm.classes.map(({ pages }) => pages))).toBe(vm.gapPages);
      for (const { class: name, pages } of vm.classes) expect(sum(vm.owners.map((owner) => owner.pages[name] ?? 0)), name).toBe(pages);
      expect(sum(vm.owners.map((owner) => owner.pages.active ?? 0))).toBe(vm.activePages);
    }
  });
});

test("what a long replay will take is said for the host that it is on", async () => {
  const trace = join(folder.path, "long.trace");
  folder.file("few.csv", "time_ns,gva\n1,0x1000\n2000000000,0x2000\n");
  expect((await tidemark(["ingest", join(folder.path, "few.csv"), "-o", trace])).code).toBe(0);
  const manifest = readFileSync(join(trace, "trace.json"), "utf8");
  folder.file("long.trace/trace.json", manifest.replace('"rows": 2,\n      "accesses"', '"rows": 13000000,\n      "accesses"'));
  const said = async (...args: readonly string[]): Promise<string> => (await tidemark(["explain", trace, ...args])).stderr;
  expect(await said()).toContain("replaying 13,000,000 rows of 1 VM, 2 pages: about 3 s and ");
  expect(await said("--set", "host.memory=64MiB")).toContain("replaying 13,000,000 rows of 1 VM, 2 pages: about 10 s and ");
});

describe("the JSON of explain", () => {
  const asked = explain(...ALLOC, "--window", "1s", "--at", "2.5s", "--at", "7s");

  test("has its keys, in its order", async () => {
    const { schema, vms } = await asked;
    expect(Object.keys({ schema, vms })).toEqual(["schema", "vms"]);
    const keys =
      "name timeNs windowNs pageBytes configuredPages grantedPages consumedPages activePages activeWritePages activeReportedPages " +
      "reportedErrorPages gapPages classes allocatorUnknownPages outsideMemoryAccesses owners";
    for (const vm of vms) {
      expect(Object.keys(vm)).toEqual(keys.split(" "));
      expect(vm.classes.map(({ class: name }) => name)).toEqual(["slack", "freed", "idle1", "idle5", "idle30", "sharing"]);
      for (const entry of vm.classes) expect(Object.keys(entry)).toEqual(["class", "pages", "returnsPages", "notSeenAgainPages"]);
      for (const owner of vm.owners) expect(Object.keys(owner)).toEqual(["owner", "pages"]);
    }
  });

  test("splits idle pages by their future while there is one of a window's length, and nothing else", async () => {
    const [early, late] = (await asked).vms;
    expect(early.classes).toContainEqual({ class: "idle1", pages: 20_194, returnsPages: 195, notSeenAgainPages: 19_999 });
    expect(early.classes).toContainEqual({ class: "freed", pages: 214, returnsPages: null, notSeenAgainPages: null });
    // 58 ms before the end of the trace, a window of 1 s says nothing of the future.
    expect(late.classes).toContainEqual({ class: "idle5", pages: 20_910, returnsPages: null, notSeenAgainPages: null });
  });
});

test("an instant asked for twice is explained once", async () => {
  const { vms } = await explain(ALLOC[0], "--window", "1s", "--at", "7s", "--at", "7s");
  expect(vms).toHaveLength(1);
  expect(sum(vms[0].classes.map(({ pages }) => pages))).toBe(vms[0].gapPages);
});

test("peak, end and a marker are instants", async () => {
  const { vms } = await explain(ALLOC[0], ALLOC[4], "--window", "1s", "--at", "end", "--at", "mark:23", "--at", "peak");
  const [peak, freed, end] = vms; // in the order of time
  expect(peak.consumedPages).toBe(56_275);
  expect(peak.timeNs).toBeLessThan(end.timeNs);
  expect(end.timeNs).toBe(7_057_993_047);
  expect(freed.timeNs / 1e9).toBeCloseTo(2.54, 2);
});

test("2 MB backing grants whole blocks: only slack and granted differ", async () => {
  const [, a] = (await explain(...ALLOC, "--window", "1s", "--at", "2.5s", "--at", "7s")).vms;
  const [b] = (await explain(...ALLOC, "--window", "1s", "--at", "7s", "--backing", "2m")).vms;
  expect(b.grantedPages % 512).toBe(0);
  expect(b.grantedPages - a.grantedPages).toBe(pagesOf(b, "slack"));
  expect(b.activePages).toBe(a.activePages);
  for (const name of ["freed", "idle1", "idle5", "idle30"]) expect(pagesOf(b, name)).toBe(pagesOf(a, name));
});

test("whose gap adds up in every row: what stands in blocks of 2 MB untouched has a column where there is any", async () => {
  const owners = async (...args: string[]): Promise<readonly string[]> =>
    (await tidemark(["explain", ...PAGECACHE, "--window", "1s", ...args])).stdout.split("whose gap")[1]?.split("\n(")[0]?.split("\n") ?? [];
  expect((await owners())[0]).toMatch(/of it freed +of it idle$/);
  const [header, ...rows] = await owners("--backing", "2m");
  expect(header).toMatch(/of it freed +of it idle +of it slack$/);
  for (const row of rows) {
    const [gap, , freed, idle, slack] = row
      .split(/ {2,}/)
      .slice(1)
      .map((cell) => Number(cell.replaceAll(",", "")));
    expect(freed + idle + slack, row).toBe(gap);
  }
  expect(rows).toHaveLength(6);
});

test("the terminal says the same, and the page, the run and the charts are written", async () => {
  const at = (name: string): string => join(folder.path, name);
  const { code, stdout, stderr } = await tidemark([
    "explain",
    ...ALLOC,
    "--at",
    "7s",
    "--window",
    "1s",
    "-o",
    at("report.html"),
    "--run",
    at("run"),
    "--svg",
    at("charts"),
    "--png",
    at("charts"),
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^At 7 s alloc-4k consumes 219\.8 MiB of host memory and has touched 2\.1 MiB/);
  expect(stdout).toMatch(/^freed .* 33,063 /m);
  expect(stdout).toMatch(/^gap .* 55,750 /m);
  expect(stderr).toContain("599,509 rows read, 599,509 accepted, 0 rejected");
  expect(readFileSync(at("report.html"), "utf8")).toMatch(/^<!doctype html>/i);
  expect(existsSync(at("run/run.json"))).toBe(true);
  const drawn = readdirSync(at("charts"));
  expect(drawn).toContain("waterfall.svg");
  expect(drawn.filter((name) => name.endsWith(".png")).map((name) => name.replace(".png", ".svg"))).toEqual(
    drawn.filter((name) => name.endsWith(".svg")),
  );
  expect(readFileSync(at("charts/waterfall.png")).subarray(0, 4).toString("latin1")).toBe("\u0089PNG");
});

test("what was left out of a capture is said wherever it is explained", async () => {
  const at = (name: string): string => join(folder.path, name);
  const csv = folder.file("left-out.csv", "time_ns,gva,op,colour\n1,0x1000,R,red\n2,zz,R,red\n3,0x2000,W,red\n");
  const rejected = "left-out.csv: 1 of 3 rows could not be read and are left out";
  const outputs = ["-o", at("left-out.html"), "--run", at("left-out-run"), "--markdown", at("left-out-md")];
  const { stdout } = await tidemark(["explain", csv, "--bad-rows", "skip", ...outputs]);
  expect(stdout).toContain(rejected);
  for (const report of ["left-out.html", "left-out-md/report.md"])
    for (const words of [rejected, "left-out.csv: columns not used: colour"]) expect(readFileSync(at(report), "utf8")).toContain(words);
  const run = readFileSync(at("left-out-run/run.json"), "utf8");
  expect(run).toContain(rejected);
  expect(JSON.parse(run)).toMatchObject({ traces: [{ sources: [{ notes: ["columns not used: colour"] }] }] });
});

test("a report is not written over what it is about", async () => {
  const content = "time_ns,gva\n1,0x1000\n";
  const csv = folder.file("own.csv", content);
  for (const args of [
    ["explain", csv, "-o", csv],
    ["explain", csv, "--pdf", csv],
    ["measured", csv, "-o", csv],
    ["curve", csv, "-o", csv],
  ])
    expect(await tidemark(args)).toMatchObject({ code: 2, stderr: `tidemark: ${csv}: is read, and would be lost; name another file\n` });
  expect(readFileSync(csv, "utf8")).toBe(content);
});

test("a run does not tell where its input was unpacked", async () => {
  const run = join(folder.path, "named");
  await tidemark(["explain", bundled("fork/fork.strict-data.csv.gz"), "--run", run]);
  expect(readFileSync(join(run, "run.json"), "utf8")).not.toMatch(/tidemark\.\d+|input\.trace/);
});

describe("a run", () => {
  const run = join(folder.path, "scarce");
  const replayed = tidemark([
    "explain",
    ...ALLOC,
    "--window",
    "1s",
    "--at",
    "2.5s",
    "--at",
    "7s",
    "--set",
    "host.memory=160MiB",
    "--run",
    run,
    "--json",
  ]);

  test("is explained in JSON as its trace was, the host's decisions included", async () => {
    const { code, stdout } = await replayed;
    expect(code).toBe(0);
    const again = await tidemark(["explain", run, "--json"]);
    expect(again).toEqual({ code: 0, stdout, stderr: "" });
    const { schema, vms, host }: LedgerJson & { readonly host: HostJson } = JSON.parse(stdout);
    expect([schema, vms.length]).toEqual([1, 2]);
    expect(Object.keys(host)).toEqual(keysOf("| `spanNs`"));
    expect(Object.keys(host.vms[0])).toEqual([
      "name",
      "stopNs",
      "balloon",
      "zip",
      "swap",
      "sharing",
      "unasked",
      "stallNs",
      "stalls",
      "latency",
    ]);
    expect(sum(host.states.map(({ ns }) => ns))).toBe(host.spanNs);
    expect(host.states.map(({ state }) => state)).toEqual(["high", "clear", "soft", "hard", "low"]);
    expect(host.firstTakes).toMatchObject([{ vm: "alloc-4k", isForLimit: false }]);
    // The words of a reason are the engine's: if it changes them, they are no longer understood.
    expect(host.sentences.join(" ")).toMatch(/The reason, each time: (?:it holds much memory for its shares|for its shares it holds much)/);
  });

  test("is told in the terminal: ledger, what the host did, its states", async () => {
    await replayed;
    const { code, stdout } = await tidemark(["explain", run]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^At 2\.5 s alloc-4k consumes/);
    expect(stdout).toMatch(/^The host has 160 MiB of machine memory/m);
    expect(stdout).toMatch(/^alloc-4k: .* compressed over the run.* It waited /m);
    expect(stdout).toMatch(/^state of the host +free below +time +of the run +visits +first at$/m);
    expect(stdout).toMatch(/^low +1\.5 MiB +[\d.]+ ms +[\d.]+ % +\d+ +2\.\d+ s$/m);
  });

  test("is drawn where that is asked for", async () => {
    await replayed;
    const page = join(folder.path, "scarce.html");
    expect((await tidemark(["explain", run, "-o", page])).code).toBe(0);
    expect(readFileSync(page, "utf8")).toContain("What the host did");
  });

  test("is refused what belongs to its replay, a second input, and where it has no ledger", async () => {
    await replayed;
    const translated = join(folder.path, "translated");
    await tidemark(["translate", ...FORK, "--run", translated]);
    const said = async (...args: string[]): Promise<string> => (await tidemark(["explain", ...args])).stderr;
    const done = "has been replayed already; replay it anew (tidemark replay), or explain the trace";
    expect(await said(run, "--at", "3s")).toBe(`tidemark: --at: ${run} ${done}\n`);
    expect(await said(run, "--backing", "4k")).toBe(`tidemark: --backing: ${run} ${done}\n`);
    expect(await said(run, "--sort")).toBe(`tidemark: --sort: ${run} ${done}\n`);
    expect(await said(run, ALLOC[0])).toBe(`tidemark: ${run}: is a run already; explain it alone\n`);
    expect(await said(translated)).toContain("is of tidemark translate, curve or compare, which have no ledger");
  });

  test("has no key host where memory was never scarce", async () => {
    const plain = join(folder.path, "plain");
    await tidemark(["explain", ALLOC[0], "--run", plain]);
    const { stdout } = await tidemark(["explain", plain, "--json"]);
    expect(Object.keys(JSON.parse(stdout))).toEqual(["schema", "vms"]);
  });
});

interface HostJson {
  readonly spanNs: number;
  readonly states: readonly { readonly state: string; readonly ns: number }[];
  readonly firstTakes: readonly object[];
  readonly vms: readonly object[];
  readonly sentences: readonly string[];
}

/** The keys that the table of docs/json.md with this first row names, those of VMs as one. */
function keysOf(firstRow: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, "../../../../docs/json.md"), "utf8");
  const [rows = ""] = text.slice(text.indexOf(firstRow)).split("\n\n");
  const keys = rows.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)/g)].map(([, key]) => key ?? ""));
  return [...new Set(keys)];
}
