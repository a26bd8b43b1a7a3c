import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { bundled, temporary, tidemark } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());

const ESXI = bundled("esxi/vm-20s.csv");

test("lists what a host counted, and writes it as one table", async () => {
  const { code, stdout, stderr } = await tidemark(["measured", ESXI, "-o", `${folder.path}/esxi.csv`]);
  expect([code, stderr]).toEqual([0, `wrote ${folder.path}/esxi.csv: 100 rows\n`]);
  expect(stdout).toMatch(/^vm-20s +activeReported +100 +0 s – 1980 s +3\.44 GiB +3\.1 GiB +4 GiB$/m);
  expect(stdout).toContain('size of "vm-20s", 10 GiB, is worked out from mem.active and mem.usage');
  const [header, first] = readFileSync(`${folder.path}/esxi.csv`, "utf8").split("\n");
  expect(header).toMatch(/^time,vm,configured,granted,consumed,activeReported,/);
  // 3670016 KB of active memory is 917,504 pages.
  expect(first).toMatch(/^0,vm-20s,2621440,2621440,2621440,917504,/);
  const again = await tidemark(["measured", `${folder.path}/esxi.csv`, "-o", `${folder.path}/again.csv`]);
  expect(again.stdout.split("\n\n")[0]).toBe(stdout.split("\n\n")[0]);
  expect(readFileSync(`${folder.path}/again.csv`)).toEqual(readFileSync(`${folder.path}/esxi.csv`));
});

test("fits the estimator's gains on request, and states how well in words and in --json", async () => {
  const [text, json] = await Promise.all([
    tidemark(["measured", ESXI, "--fit-estimator"]),
    tidemark(["measured", ESXI, "--fit-estimator", "--json"]),
  ]);
  expect([text.code, json.code]).toEqual([0, 0]);
  const [fit] = JSON.parse(json.stdout).estimatorFit;
  expect(fit).toMatchObject({ vm: "vm-20s", truth: "steady", periods: 34 });
  expect(text.stdout).toContain(`slow ${fit.slow} and fast ${fit.fast} fit the measured active memory best (34 periods,`);
  expect(text.stdout).toContain(`${fit.unexplainedPercent.toFixed(1)} points are left that neither the draw nor the averages explain`);
});

describe("a run held against what was measured", () => {
  /** 40 accesses to pages 0 to 3 of a VM, one per second. */
  const trace = folder.file(
    "web.csv",
    `time_ns,vm,gpa,op\n${Array.from({ length: 40 }, (_, s) => `${s}000000000,web,${4096 * (s % 4)},W\n`).join("")}`,
  );
  /** At 10 s and 20 s the replay has 4 pages, 16 KB; the host counted 4 KB more, then 12 KB more. */
  const counters = folder.file("host.csv", "timestamp,mem.consumed\n2026-01-05T10:00:00Z,20\n2026-01-05T10:00:10Z,28\n");
  const explain = (...args: readonly string[]) => tidemark(["explain", trace, "--window", "2s", "--measured", counters, ...args]);

  test("explain states bias, error and correlation, draws both, and says where the samples were put", async () => {
    const { code, stdout } = await explain("--measured-at", "10s", "--json", "--run", `${folder.path}/run`, "--svg", `${folder.path}/svg`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).measured).toEqual([
      {
        vm: "web",
        counter: "consumed",
        samples: 2,
        measuredPages: 6,
        simulatedPages: 4,
        biasPages: -2,
        errorPages: Math.sqrt((1 + 9) / 2),
        correlationPercent: null,
      },
    ]);
    const manifest = JSON.parse(readFileSync(`${folder.path}/run/run.json`, "utf8"));
    expect(manifest.measured).toMatchObject([
      { name: "host.csv", format: "counter-table", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(manifest.assumed).toContain("measured host.csv: its first sample is put at 10 s");
    expect(manifest.assumed).toContain('measured VM "host" is held against web');
    expect(readFileSync(`${folder.path}/svg/measured.svg`, "utf8")).toContain("consumed, measured");
    // A run that is there can be held against counters too, and again against others.
    const again = await tidemark(["explain", `${folder.path}/run`, "--measured", counters, "--measured-at", "20s", "--json"]);
    expect(JSON.parse(again.stdout).measured).toMatchObject([{ samples: 2, measuredPages: 6 }]);
  });

  test("replay does the same, and a table of any columns will do; what cannot be read is refused before the replay", async () => {
    expect((await tidemark(["ingest", trace, "-o", `${folder.path}/web.trace`])).code).toBe(0);
    const chart = folder.file("chart.csv", "When,Used\n2026-01-05T10:00:00Z,20\n2026-01-05T10:00:10Z,28\n");
    const columns = ["--measured-map", "time=When", "--measured-map", "consumed=Used:KB", "--measured-at", "10s"];
    const replay = (file: string) =>
      tidemark(["replay", `${folder.path}/web.trace`, "-o", `${folder.path}/web.run`, "--measured", file, ...columns, "--json"]);
    const { code, stdout } = await replay(chart);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).measured).toMatchObject([{ vm: "web", counter: "consumed", biasPages: -2 }]);
    const missing = await replay(`${folder.path}/none.csv`);
    expect([missing.code, missing.stderr]).toEqual([2, `tidemark: ${folder.path}/none.csv: no such file or folder\n`]);
  });

  test("counters of the host are held against a host whose memory has an end, and left out, or refused, where it has none", async () => {
    const free = "timestamp,vm,mem.consumed,mem.sharedcommon\n2026-01-05T10:00:00Z,esx1,4096,4\n2026-01-05T10:00:10Z,esx1,4104,4\n";
    const host = folder.file("esx.csv", free);
    const both = folder.file("both.csv", `${free}2026-01-05T10:00:00Z,web,20,\n`);
    expect((await tidemark(["ingest", trace, "-o", `${folder.path}/web.trace`])).code).toBe(0);
    const scenario = folder.file("host.yaml", "host: { memory: 64MiB }\nvms: [{ name: web, trace: web.trace, size: 1MiB }]\n");
    const replayed = await tidemark(["replay", scenario, "-o", `${folder.path}/host.run`, "--measured", host, "--json"]);
    expect(replayed.stderr.split("\n").filter((line) => line.startsWith("tidemark: "))).toEqual([]);
    const [consumed, common] = JSON.parse(replayed.stdout).measured;
    expect([consumed, common]).toMatchObject([
      { vm: "", counter: "consumed", samples: 2, measuredPages: 1025 },
      { vm: "", counter: "sharedCommon", samples: 2, measuredPages: 1, simulatedPages: 0 },
    ]);
    expect(consumed.simulatedPages).toBeGreaterThan(4);
    const text = await tidemark(["explain", `${folder.path}/host.run`, "--measured", host]);
    expect(text.stdout).toMatch(/^\(the host\) +consumed +2 +4 MiB +/m);
    const alone = await explain("--measured", host);
    expect(alone.stdout).toContain("measured counters of the host itself are left out");
    const refused = await tidemark(["explain", trace, "--measured", host]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("has counters of a host alone, and the simulated one")]);
    const namesake = folder.file("namesake.csv", `${free}2026-01-05T10:00:00Z,(the host),20,\n`);
    expect((await tidemark(["measured", namesake])).stdout.match(/^(\(the host\)|"\(the host\)") +consumed/gm)).toHaveLength(2);
    expect(JSON.parse((await tidemark(["measured", both, "--json"])).stdout).counters[0]).toMatchObject({ vm: "", counter: "consumed" });
  });

  test("without --measured-at the first sample stands at the first access", async () => {
    const { stdout } = await explain();
    expect(stdout).toMatch(/^web +consumed +2 +24 KiB +/m);
    expect(stdout).toContain("measured host.csv: its first sample is put at the first access, 0 s");
  });

  test.each([
    [["--measured-at", "2h"], "--measured: no sample lies in the replay, 0 s to 39 s; say with --measured-at where the first one stands"],
    [["--measured-vm", "db=web"], `--measured-vm db=web: ${counters} has no "db"; it has host`],
    [["--measured-vm", "host=db"], '--measured-vm host=db: the run has no VM "db"; it has web'],
    [
      ["--measured-map", "used=Used"],
      expect.stringMatching(/^--measured-map used=Used: write name=column or name=column:unit; names: time, vm, active, configured, /),
    ],
    [["--measured-zone", "Mars"], "--measured-zone Mars: is no time zone; write for example +02:00, -05:30 or UTC"],
  ])("%j is refused in a line", async (args, message) => {
    const { code, stderr } = await explain(...args);
    expect([code, stderr.split("\n").find((line) => line.startsWith("tidemark: "))]).toEqual([2, expect.stringMatching(/^tidemark: /)]);
    expect(
      stderr
        .split("\n")
        .find((line) => line.startsWith("tidemark: "))
        ?.slice("tidemark: ".length),
    ).toEqual(message);
  });

  test("options without counters, and files that are none, are refused", async () => {
    const lonely = await tidemark(["explain", trace, "--fit-estimator"]);
    expect([lonely.code, lonely.stderr]).toEqual([2, "tidemark: --fit-estimator: there is nothing measured; give --measured FILE\n"]);
    const other = await tidemark(["measured", trace]);
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringMatching(/^tidemark: .*web\.csv: is in no known format of measured counters; known: /),
    ]);
  });
});
