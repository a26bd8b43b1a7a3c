import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "@tidemark/data";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareCommand } from "./compare.ts";
import { mergeCommand } from "./merge.ts";
import { lockFolder } from "../sweep/folder-lock.ts";
import { complaints, digestsIn, preloading, signalling, temporary, tidemark, type Finished } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);
const run = (...args: readonly string[]): Promise<Finished> => tidemark(args, { cwd: folder.path });
/** The same in this process, for what is refused before a worker would start: an executable takes most of a second to begin. */
const refused = async (...args: readonly string[]): Promise<string> => {
  const program = new Command().exitOverride();
  for (const command of [compareCommand, mergeCommand]) command.mount(program);
  const error: unknown = await program.parseAsync(args, { from: "user" }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return error instanceof InputError ? error.message : "";
};

/** Two guests of 64 pages: each writes all of them, then reads every third again and again. */
const rows = Array.from({ length: 600 }, (_, i) => {
  const page = i < 128 ? i >> 1 : (i * 3) % 64;
  return `${(i + 1) * 100_000_000},${i % 2 === 0 ? "db" : "web"},0x${(page * 4096).toString(16)},0x${(page * 4096).toString(16)},${i < 128 ? "W" : "R"}`;
});
const SCENARIO = `host: { memory: 600KiB, minFree: 16KiB, overheadPerVm: 0 }
window: 4s
sample: 1s
share: off
stallCosts: { swapIn: 10ms }
vms:
  - { trace: two.trace, vm: db }
  - { trace: two.trace, vm: web }
`;

const VARY = ["--vary", "host.memory=600KiB,300KiB", "--vary", "swap.policy=random,lru"];

/** What an undisturbed comparison on one worker leaves. */
let whole: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder.file("two.csv", `time_ns,vm,gva,gpa,op\n${rows.join("\n")}\n`);
  folder.file("two.yaml", SCENARIO);
  expect((await run("ingest", "two.csv", "-o", "two.trace")).stderr).toContain("wrote");
  const { code, stderr } = await run("compare", "two.yaml", ...VARY, "--workers", "1", "--shard", "1/1", "-o", "one");
  expect([code, complaints(stderr)]).toEqual([0, []]);
  whole = digestsIn(at("one"));
});

const caseFolder = (prefix: string): string => readdirSync(at("one/cases")).find((name) => name.startsWith(prefix)) ?? "";

describe("compare", () => {
  test("of an experiment file, which says the same as options, prints the cases, the VMs in them and an answer computed from them", async () => {
    folder.file("experiment.yaml", "base: two.yaml\nvary:\n  host.memory: [600KiB, 300KiB]\n  swap.policy: [random, lru]\n");
    const { code, stdout, stderr } = await run("compare", "experiment.yaml", "-o", "one");
    expect([code, stderr]).toEqual([0, expect.stringContaining("4 cases of 4 finished already")]);
    expect(digestsIn(at("one"))).toEqual(whole);
    const [header, first] = stdout.split("\n");
    expect(header).toMatch(/^host\.memory {2}swap\.policy +VMs hold +saved +waited +of run time +swapped in$/);
    expect(first).toMatch(/^600KiB +random +\S+ KiB +0 KiB .* baseline/);
    expect(stdout).toMatch(/^web +300KiB · lru /m);
    expect(stdout).toMatch(
      /^Half the host \(300KiB instead of 600KiB\): with swap\.policy random it saves \S+ KiB and costs VM db 0\.6 % of run time/m,
    );
  });

  test("--json has the same, with documented keys, and differences that add up", async () => {
    cpSync(at("one"), at("other-baseline"), { recursive: true });
    const baselined = ["--baseline", "host.memory=300KiB swap.policy=lru", "-o", "other-baseline"];
    const { stdout } = await run("compare", "two.yaml", ...VARY, ...baselined, "--json");
    const { baseline, cases } = JSON.parse(stdout);
    expect(baseline).toBe("host.memory=300KiB swap.policy=lru");
    expect(cases).toHaveLength(4);
    const base = cases.find((each: { case: string }) => each.case === baseline);
    for (const each of cases) {
      expect(each.parameters).toMatchObject({ "host.memory": expect.stringMatching(/^\d+KiB$/) });
      expect(each.savedPages).toBeCloseTo(base.consumedPages - each.consumedPages);
      each.vms.forEach((vm: { stallMoreNs: number; stallNs: number; swapInMorePages: number; swapInPages: number }, v: number) => {
        expect(vm.stallMoreNs).toBe(vm.stallNs - base.vms[v].stallNs);
        expect(vm.swapInMorePages).toBe(vm.swapInPages - base.vms[v].swapInPages);
      });
      expect(each.machinePages * 4).toBe(Number.parseInt(each.parameters["host.memory"]));
    }
  });

  test("writes every case's run as replay would, the tables, and CSV with a column per parameter", async () => {
    const runs = readdirSync(at("one/cases"));
    expect(runs).toHaveLength(4);
    const name = caseFolder("host.memory=300KiB_swap.policy=lru-");
    await run("replay", "two.yaml", "-o", "alone", "--set", "host.memory=300KiB", "--set", "swap.policy=lru");
    expect(digestsIn(at(`one/cases/${name}`))).toEqual(digestsIn(at("alone")));
    const [header, first] = readFileSync(at("one/cases.csv"), "utf8").split("\n");
    expect(header).toBe("case,host.memory,swap.policy,role,failed,machine,span,consumed,saved,stall,swapin,dominated");
    expect(first).toMatch(/^host\.memory=600KiB swap\.policy=random,600KiB,random,baseline,,150,/);
    expect(readFileSync(at("one/differences.csv"), "utf8").split("\n")).toHaveLength(1 + 8 + 1);
  });

  test.each<[string, ...(readonly string[])]>([["2"], ["3", "--share-limit", "4KiB"]])(
    "gives the same bytes with %s workers",
    async (...workers) => {
      const { stderr } = await run("compare", "two.yaml", ...VARY, "--workers", ...workers, "-o", `with-${workers[0]}`);
      expect(stderr.includes("more than --share-limit: every worker reads the files itself")).toBe(workers.length > 1);
      expect(digestsIn(at(`with-${workers[0]}`))).toEqual(whole);
    },
  );

  test("replays no case again that is finished", async () => {
    cpSync(at("one"), at("grows"), { recursive: true });
    const before = readdirSync(at("grows/cases"));
    const more = ["--vary", "host.memory=600KiB", "--vary", "swap.policy=random,lru,fifo", "--workers", "1"];
    expect((await run("compare", "two.yaml", ...more, "-o", "grows")).stderr).toContain("2 cases of 3 finished already");
    const after = readdirSync(at("grows/cases"));
    expect([after.length, after]).toEqual([before.length + 1, expect.arrayContaining(before)]);
  });

  test("compares finished runs, called by their folders, with the values in which their scenarios differ", async () => {
    for (const [name, memory] of [
      ["wide", "600KiB"],
      ["tight", "300KiB"],
    ] as const)
      cpSync(at(`one/cases/${caseFolder(`host.memory=${memory}_swap.policy=lru-`)}`), at(name), { recursive: true });
    const { stdout } = await run("compare", "wide", "tight", "--json", "-o", "of-runs");
    const { baseline, cases } = JSON.parse(stdout);
    expect([baseline, cases.map((each: { case: string }) => each.case)]).toEqual(["wide", ["wide", "tight"]]);
    expect(cases[1].parameters).toEqual({ "host.memory": String(300 * 1024) });
    expect(cases[1].savedPages).toBeGreaterThan(0);
    expect(existsSync(at("of-runs/run.json"))).toBe(true);
  });

  test("an experiment file can name cases", async () => {
    folder.file(
      "named.yaml",
      `base:\n  ${SCENARIO.trimEnd().replaceAll("\n", "\n  ")}\ncases:\n  a: {}\n  b: { balloon: off }\nbaseline: b\n`,
    );
    const named = JSON.parse((await run("compare", "named.yaml", "--workers", "1", "--json")).stdout);
    expect([named.baseline, named.cases[1].parameters]).toEqual(["b", { balloon: "off" }]);
  });
});

describe("cases that cannot be", () => {
  test("are all named before any is replayed, a line each", async () => {
    const { code, stdout, stderr } = await run(
      "compare",
      "two.yaml",
      "--vary",
      "host.memory=600KiB,40KiB,20KiB",
      "--set",
      "vms.0.reservation=100KiB",
      "-o",
      "never",
    );
    expect([code, stdout]).toEqual([2, ""]);
    const said = complaints(stderr);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^tidemark: host\.memory=40KiB: db: needs 0\.1 MiB of reservation/);
    expect(said[1]).toMatch(/^tidemark: host\.memory=20KiB: db: /);
    expect(existsSync(at("never/run.json"))).toBe(false);
  });

  test.each<[readonly string[], RegExp]>([
    [["two.yaml", "--vary", "seed=1,2", "--shard", "1/2"], /^--shard: give -o/],
    [["one", "two.yaml"], /two\.yaml: is not a run folder, and the others are/],
    [["one", "one", "-o", "one"], /one: is what is to be compared, and would be replaced/],
    [["one", "one", "--vary", "seed=1"], /^--vary: finished runs are compared as they are/],
    [["two.yaml", "--vary", "seed=1,2", "-o", ""], /is a folder with other files in it/],
  ])("%j is refused", async (args, message) => {
    const isPath = (arg: string, i: number): boolean => args[i - 1] === "-o" || arg === "one" || arg === "two.yaml";
    expect(await refused("compare", ...args.map((arg, i) => (isPath(arg, i) ? at(arg) : arg)))).toMatch(message);
  });

  test("a refusal is one line and exit code 2", async () => {
    const { code, stdout, stderr } = await run("compare", "two.yaml", "--vary", "swap.policy=lru,belady");
    expect([code, stdout]).toEqual([2, ""]);
    expect(complaints(stderr)).toEqual([expect.stringMatching(/swap\.policy=belady: swap\.policy belady: needs the future/)]);
  });

  test("one that fails while it is replayed is named, and the others are compared", async () => {
    // Without swap nothing can be taken from guests that hold more than there is.
    folder.file("swap.yaml", "base: two.yaml\ncases:\n  with: {}\n  without: { balloon: off, compress: off, swap: off }\n");
    const { code, stdout, stderr } = await run("compare", "swap.yaml", "--set", "host.memory=300KiB", "--workers", "1", "-o", "partly");
    expect(code).toBe(1);
    expect(complaints(stderr)).toEqual([expect.stringMatching(/^tidemark: case without: web: no free memory in state low at 7\.600 s, /)]);
    expect(stdout).toMatch(/^without has no figures: web: no free memory /m);
  });
});

test("a case whose thread ends, as where memory runs out, is named, the others are replayed, and the next sweep tries it again", async () => {
  const ending = `import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";
const { openSync } = fs;
fs.openSync = (path, ...rest) => (!isMainThread && String(path).includes("600KiB_swap.policy=lru") ? process.exit(7) : openSync(path, ...rest));
syncBuiltinESMExports();`;
  const sweep = ["compare", "two.yaml", ...VARY, "--workers", "1", "-o", "ended"];
  const { code, stdout, stderr } = await tidemark(sweep, { cwd: folder.path, env: preloading(ending) });
  const ended = "its thread ended with code 7";
  expect([code, complaints(stderr)]).toEqual([1, [`tidemark: case host.memory=600KiB swap.policy=lru: ${ended}`]]);
  expect(stdout).toContain(`host.memory=600KiB swap.policy=lru has no figures: ${ended}`);
  expect((await run(...sweep)).stderr).toContain("3 cases of 4 finished already");
  expect(digestsIn(at("ended"))).toEqual(whole);
});

/** Sweeps two.yaml into a folder on so many workers, with a signal when so many files and folders have been put in their places. */
const signalled = (signal: NodeJS.Signals, places: number, workers: number, output: string): Promise<Finished> =>
  tidemark(["compare", "two.yaml", ...VARY, "--workers", String(workers), "-o", output], {
    cwd: folder.path,
    env: signalling(signal, "renameSync", places),
  });

describe("a sweep that is killed", () => {
  test("after its manifest, a case and some tables, and started again each time, ends with the same bytes as an undisturbed one", async () => {
    // The manifest is written at every start: then a case; then the other three, and the first of the comparison's files.
    for (const places of [1, 2, 5]) await expect(signalled("SIGKILL", places, 2, "killed")).rejects.toThrow("SIGKILL");
    // What says that the folder can be read comes last.
    expect(existsSync(at("killed/run.json"))).toBe(false);
    expect((await run("compare", "two.yaml", ...VARY, "--workers", "2", "-o", "killed")).code).toBe(0);
    expect(digestsIn(at("killed"))).toEqual(whole);
  });

  test("in the middle of its writing leaves nothing that the next one keeps", async () => {
    cpSync(at("one"), at("halfway"), { recursive: true });
    const [victim = "", ...others] = readdirSync(at("halfway/cases"));
    rmSync(at(`halfway/cases/${victim}`), { recursive: true });
    mkdirSync(at(`halfway/cases/.${victim}.4711.part`));
    writeFileSync(at(`halfway/cases/.${victim}.4711.part/timeline.arrow`), "half");
    mkdirSync(at("halfway/.comparison.4711.0"));
    writeFileSync(at("halfway/.sweep.json.4711.part"), "{");
    rmSync(at("halfway/run.json"));
    const { stderr } = await run("compare", "two.yaml", ...VARY, "-o", "halfway");
    expect(stderr).toContain(`${others.length} cases of 4 finished already`);
    expect(digestsIn(at("halfway"))).toEqual(whole);
  });

  test("or still runs keeps others out of its folder, and merge too", async () => {
    const release = lockFolder(at("busy"));
    const said = `another tidemark compare, process ${process.pid}, is writing into it; wait for it, or name another folder`;
    expect(await refused("compare", at("two.yaml"), ...VARY, "-o", at("busy"))).toBe(`${at("busy")}: ${said}`);
    expect(await refused("merge", at("one"), "-o", at("busy"))).toBe(`${at("busy")}: ${said}`);
    release();
  });

  test("by Ctrl-C keeps what is finished, and no half of anything", async () => {
    expect((await signalled("SIGINT", 2, 1, "stopped")).code).toBe(130);
    expect(readdirSync(at("stopped/cases"))).toHaveLength(1);
    await run("compare", "two.yaml", ...VARY, "--workers", "1", "-o", "stopped");
    expect(digestsIn(at("stopped"))).toEqual(whole);
  });
});

describe("slices", () => {
  test("of three machines, on which the traces lie elsewhere, merge into what one would have written", async () => {
    for (const input of ["two.yaml", "two.trace"]) cpSync(at(input), at(`elsewhere/${input}`), { recursive: true });
    for (const index of [1, 2, 3]) {
      const slice = ["--shard", `${index}/3`, "--workers", "1", "-o", `slice-${index}`];
      const scenario = index === 2 ? at("elsewhere/two.yaml") : "two.yaml";
      const { code, stderr } = await run("compare", scenario, ...VARY, ...slice);
      expect([code, stderr]).toEqual([
        0,
        expect.stringMatching(`wrote slice-${index}: slice ${index}/3, . of . cases?; join the slices with`),
      ]);
    }
    const { code, stdout } = await run("merge", "slice-3", "slice-1", "slice-2", "-o", "merged", "--json");
    expect([code, JSON.parse(stdout).cases.length]).toEqual([0, 4]);
    expect(digestsIn(at("merged"))).toEqual(whole);
  });

  test("are not replaced by what they are merged into", async () => {
    expect(await refused("merge", at("slice-1"), at("slice-2"), at("slice-3"), "-o", at("slice-2"))).toBe(
      `${at("slice-2")}: is a slice that is to be joined, and would be replaced; name another folder`,
    );
    expect(readdirSync(at("slice-2"))).toContain("sweep.json");
  });

  test("have a folder each", async () => {
    const said = await refused("compare", at("two.yaml"), ...VARY, "--shard", "2/3", "-o", at("slice-1"));
    expect(said).toBe(`${at("slice-1")}: holds slice 1/3; give slice 2/3 a folder of its own`);
  });
});
