import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { commands } from "./commands.ts";
import { tidemark } from "./testing.ts";

const names = commands.map(({ name }) => name);

test("--help names every command, with examples and exit codes", async () => {
  const { code, stdout, stderr } = await tidemark(["--help"]);
  expect([code, stderr]).toEqual([0, ""]);
  for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  expect(stdout).toMatch(/Examples:\n  \$ tidemark explain /);
  expect(stdout).toMatch(/Exit codes: 0 done, 1 .*, 2 .*, 130 interrupted/);
});

test.each(names)("%s --help has examples and documents --json", async (name) => {
  const { code, stdout, stderr } = await tidemark([name, "--help"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(new RegExp(`Examples:\n  \\$ tidemark ${name} `));
  expect(stdout).toMatch(/^  --json +\S/m);
  expect(stdout).not.toMatch(/default: (false|\[\]|undefined)/);
});

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };
  expect((await tidemark(["--version"])).stdout).toBe(`${version}\n`);
});

/** Nothing is read: the inputs named here are not there. */
describe("a command line that makes no sense is refused in one line, before any work", () => {
  test.each<[string, string]>([
    ["lst", "unknown command 'lst'; did you mean list? (tidemark --help shows what there is)"],
    ["list", "missing required argument 'kind' (tidemark list --help shows what there is)"],
    ["explain a.csv --windw 1s", "unknown option '--windw'; did you mean --window? (tidemark explain --help shows what there is)"],
    [
      "explain a.csv --backing 1g",
      "option '--backing <size>' argument '1g' is invalid: allowed choices are 4k, 2m (tidemark explain --help shows what there is)",
    ],
    ["explain a.csv --window 5", '--window: "5" is not a time; write a number and a unit: 500ns, 10us, 20ms, 6.5s, 5min, 1h, 2d'],
    ["explain a.csv --window 0s", "--window 0s: must be more than 0"],
    ["explain a.csv --at noon", '--at: "noon" is not a time such as 6.5s, nor peak, end or mark:N'],
    ["explain a.csv --estimator esx", 'unknown estimator "esx"; known: esx-sampler, abit-scan'],
    ["explain a.csv --estimator esx-sampler:pages=0", "esx-sampler: pages=0 is not a whole number in [1, 100000] pages"],
    [
      "explain a.csv --seed -1",
      "option '--seed <number>' argument '-1' is invalid: write a whole number from 0 to 4294967295 (tidemark explain --help shows what there is)",
    ],
    [
      "explain a.csv --set vm=1",
      '--set vm=1: unknown key "vm"; known here: vms, window, sample, span, estimator, host, allocation, share, balloon, compress, swap, freePageReporting, proactive, senpai, stallCosts, translation, clock, timeScale, seed',
    ],
    ["explain a.csv --size 1000", '--size: "1000" is not a memory size in whole 4 KB pages; write for example 256MiB or 1GiB'],
    ["explain a.csv --map gva", "--map gva: write column=name, for example gva=address"],
    ["explain a.csv -o /", "/: is a folder, not a file"],
    ["ingest a.csv", "required option '-o, --output <trace>' not specified (tidemark ingest --help shows what there is)"],
    ["ingest a.csv -o /", "/: is a folder with other files in it; name one that does not exist yet"],
    ["replay", "nothing to replay: name a scenario file or a trace folder"],
    ["report a", "nothing to write: give -o report.html, --pdf FILE, or --svg, --png, --spec or --markdown FOLDER"],
    ["report a b", "too many arguments for 'report': expected 1 argument but got 2 (tidemark report --help shows what there is)"],
    ["cut a.trace -o b.trace", "a.trace: no such file or folder"],
    ["translate a.trace", "a.trace: no such file or folder"],
    ["curve a.trace", "a.trace: no such file or folder"],
    ["rightsize a.csv b.csv", "a.csv: no such file or folder"],
    ["explain .", ".: is a folder; name the files in it (a NAME.trace folder needs no ingest: the other commands read it)"],
  ])("tidemark %s", async (line, message) => {
    const { code, stdout, stderr } = await tidemark(line.split(" "));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(`tidemark: ${message}\n`);
  });
});
