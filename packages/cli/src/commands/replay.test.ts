import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostTable, pickTable, readRun, rowsOf } from "@tidemark/data";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALLOC, bundled, digestsIn, FORK, filesIn, PAGECACHE, temporary, tidemark } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);

const SCENARIO = `window: 1s
seed: 7
estimator: { name: esx-sampler, pages: 400, period: 1s }
vms:
  - { name: db, trace: alloc.trace, backing: 4k }
  - { name: files, trace: pagecache.trace, backing: 2m, size: 256MiB }
`;

describe("two VMs on one host", () => {
  beforeAll(async () => {
    folder.file("two.yaml", SCENARIO);
    const ingests = [
      tidemark(["ingest", ALLOC[0], ALLOC[1], "-o", at("alloc.trace")]),
      tidemark(["ingest", PAGECACHE[0], PAGECACHE[1], "-o", at("pagecache.trace")]),
    ];
    for (const { code } of await Promise.all(ingests)) expect(code).toBe(0);
    const runs = ["first", "again"].map((run) => tidemark(["replay", at("two.yaml"), "-o", at(run), "--at", "6s", "--check", "--json"]));
    for (const { code, stdout, stderr } of await Promise.all(runs)) {
      expect(stderr).not.toContain("tidemark: ");
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ schema: 1, manifest: { seed: 7, windowNs: 1e9 } });
    }
  });

  test("has a whole run folder, the same to the byte when made twice", () => {
    const first = digestsIn(at("first"));
    expect([...first.keys()]).toEqual(expect.arrayContaining(["gap.arrow", "instants.arrow", "run.json", "timeline.arrow"]));
    expect(digestsIn(at("again"))).toEqual(first);
  });

  test("names the VMs as the scenario does, with every default filled in", () => {
    const manifest: unknown = JSON.parse(readFileSync(at("first/run.json"), "utf8"));
    expect(manifest).toMatchObject({
      scenario: { timeScale: 1, seed: 7, estimator: { name: "esx-sampler" }, vms: [{ name: "db" }, { name: "files" }] },
      vms: [
        { name: "db", backing: "4k" },
        { name: "files", backing: "2m", configuredPages: 65_536 },
      ],
      instants: [
        { vm: "db", asked: "6s", timeNs: 6e9 },
        { vm: "files", asked: "6s", timeNs: 6e9 },
      ],
    });
  });

  test("is reported as a page, SVG and PNG, and both VMs are answered", async () => {
    const args = ["report", at("first"), "-o", at("report.html"), "--svg", at("svg"), "--png", at("png"), "--json"];
    const { code, stdout, stderr } = await tidemark(args);
    expect(stderr).not.toContain("tidemark: ");
    expect(code).toBe(0);
    const { schema, page, files, sentences } = JSON.parse(stdout) as {
      readonly schema: number;
      readonly page: string;
      readonly files: readonly string[];
      readonly sentences: readonly string[];
    };
    expect([schema, page]).toEqual([1, at("report.html")]);
    expect(sentences.join("\n")).toMatch(/ db consumes 219\.8 MiB .*\n.* files consumes /);
    const html = readFileSync(page, "utf8");
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html.length).toBeLessThan(5e6);
    const [svgs, pngs] = [filesIn(at("svg")), filesIn(at("png"))];
    expect([...svgs.keys(), ...pngs.keys()].length).toBe(files.length);
    expect([...pngs.keys()]).toEqual([...svgs.keys()].map((name) => name.replace(".svg", ".png")));
    for (const svg of svgs.values()) expect(svg.toString()).toMatch(/^<svg [^]*<path[^]*<\/svg>\n$/);
    for (const png of pngs.values()) expect(png.subarray(1, 4).toString()).toBe("PNG");
  });
});

describe("fork, captured in exact order", () => {
  const owners = async (...options: string[]): Promise<readonly string[]> => {
    const { code, stdout } = await tidemark(["explain", ...FORK, ...options, "--json"]);
    expect(code).toBe(0);
    const { vms } = JSON.parse(stdout) as { readonly vms: readonly { readonly owners: readonly { readonly owner: string }[] }[] };
    return vms[0].owners.map(({ owner }) => owner).sort();
  };

  test("said to be so, pages belong to the address spaces of the CR3 switches", async () => {
    const found = await owners("--order", "exact");
    expect(found).toContain("kernel");
    expect(found.filter((owner) => /^space 0x[0-9a-f]+000$/.test(owner)).length).toBeGreaterThanOrEqual(3);
    expect(found).not.toContain("user");
  });

  test("not said so, only the halves of the address space are known", async () => {
    expect(await owners()).toEqual(["kernel", "user"]);
  });
});

describe("a scenario that is wrong is refused with its place", () => {
  test.each([
    [
      "unknown key",
      "vms:\n  - trace: a.trace\n    bakcing: 4k\n",
      'wrong.yaml:3:5: unknown key "bakcing"; known here: name, trace, vm, size, backing',
    ],
    ["not a time", "window: soon\nvms: [{ trace: a.trace }]\n", 'wrong.yaml:1:9: window: "soon" is not a time'],
    ["not YAML", "vms: [{ trace: a.trace ]\n", "wrong.yaml:1:"],
    ["no trace there", "vms: [{ trace: a.trace }]\n", "a.trace: no such file or folder"],
    [
      "captured files",
      "time_ns,gva\n1,0x1000\n",
      "wrong.yaml: is neither a scenario (YAML or JSON) nor a trace folder; make a trace of captured files with",
    ],
  ])("%s", async (_, text, message) => {
    folder.file("wrong.yaml", text);
    const { code, stdout, stderr } = await tidemark(["replay", "wrong.yaml", "-o", "wrong"], { cwd: folder.path });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^tidemark: [^\n]*\n$/);
    expect(stderr).toContain(message);
    expect([...filesIn(folder.path).keys()].filter((file) => file.startsWith("wrong/"))).toEqual([]);
  });

  test.each([
    [
      "foo=1",
      'tidemark: --set foo=1: unknown key "foo"; known here: vms, window, sample, span, estimator, host, allocation, share, balloon, compress, swap, freePageReporting, proactive, senpai, stallCosts, translation, clock, timeScale, seed\n',
    ],
    ["senpai.ratoi=1", 'tidemark: --set senpai.ratoi=1: senpai: unknown parameter "ratoi"; known: ratio, threshold, period\n'],
    ["window=5", "tidemark: --set window=5: write a time with its unit, for example 60s or 10ms\n"],
    ["vms.3.size=1MiB", "tidemark: --set vms.3.size=1MiB: the scenario has VMs vms.0 to vms.1\n"],
    ["window", "tidemark: --set window: write path=value, for example vms.0.backing=2m\n"],
  ])("--set %s", async (set, message) => {
    folder.file("right.yaml", SCENARIO);
    const { code, stdout, stderr } = await tidemark(["replay", "right.yaml", "--print-defaults", "--set", set], { cwd: folder.path });
    expect([code, stdout, stderr]).toEqual([2, "", message]);
  });
});

test("defaults and the JSON Schema are printed without a replay", async () => {
  folder.file("plain.yaml", "vms: [{ trace: absent.trace }]\n");
  const [defaults, schema] = await Promise.all([
    tidemark(["replay", "plain.yaml", "--print-defaults", "--set", "vms.0.backing=2m"], { cwd: folder.path }),
    tidemark(["replay", "--print-schema"]),
  ]);
  expect(JSON.parse(defaults.stdout)).toMatchObject({ vms: [{ trace: "absent.trace", backing: "2m" }], timeScale: 1, seed: 1 });
  expect(JSON.parse(schema.stdout)).toMatchObject({ type: "object", required: ["vms"] });
});

test("of a host, the defaults of everything that acts on it are printed", async () => {
  folder.file("host.yaml", "vms: [{ trace: absent.trace }]\nhost: { memory: 1GiB }\nproactive: { age: 60s }\n");
  const { stdout } = await tidemark(["replay", "host.yaml", "--print-defaults"], { cwd: folder.path });
  expect(JSON.parse(stdout)).toMatchObject({
    host: { minFree: "sliding" },
    share: { scanTime: 3600e9, salting: "per-vm" },
    swap: { policy: { name: "random" } },
    proactive: { age: 60e9, quota: 32_768 },
    senpai: "off",
  });
});

test("three guests given by their contents alone share the duplicates that were counted in them", async () => {
  const names = ["nok1", "nok2", "nok3"];
  const ingests = names.map((name) => tidemark(["ingest", bundled(`nok/${name}.pages.csv.gz`), "-o", at(`${name}.trace`)]));
  for (const { code } of await Promise.all(ingests)) expect(code).toBe(0);
  const share = "{ scanner: ksm, salting: none, pagesToScan: 1000000, sleep: 1s }";
  folder.file(
    "nok.yaml",
    `host: { memory: 900MiB, minFree: 0 }\nspan: 3s\nwindow: 1s\nsample: 1s\nshare: ${share}\nvms: [${names.map((name) => `{ trace: ${name}.trace }`).join(", ")}]\n`,
  );
  const { code, stderr } = await tidemark(["replay", at("nok.yaml"), "-o", at("nok"), "--check"]);
  expect(stderr).not.toContain("tidemark: ");
  expect(code).toBe(0);
  const run = await readRun(at("nok"));
  const host = pickTable(run.tables, hostTable);
  const last = host === undefined ? undefined : rowsOf(host).at(-1);
  // Every page has a content, and one of the contents is the zero page's.
  expect(last).toMatchObject({ granted: 3 * 65_536, consumed: 25_883 + 1 });
  expect(run.manifest.assumed.filter((statement) => statement.includes("contents and no accesses"))).toHaveLength(3);
});
