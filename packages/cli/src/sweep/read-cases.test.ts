import { InputError } from "@tidemark/data";
import { parseVary } from "@tidemark/replay";
import { afterAll, expect, test } from "vitest";
import { temporary } from "../testing.ts";
import { readCases, throwLast } from "./read-cases.ts";

const folder = temporary();
afterAll(() => folder.remove());
const SCENARIO = folder.file("two.yaml", "host: { memory: 1MiB }\nvms:\n  - { trace: two.trace }\n");
const EXPERIMENT = folder.file("e.yaml", "base: two.yaml\ncases: { a: { seed: 5 }, b: { seed: 6 } }\nbaseline: b\n");

const complained: string[] = [];
const read = (path: string, vary: readonly string[], sets: readonly string[] = [], baseline?: string) =>
  readCases(path, vary.map(parseVary), sets, baseline, (problem) => complained.push(problem));

test("a scenario gives the cases that its axes make, the first of them the baseline", () => {
  const { cases, baseline } = read(SCENARIO, ["seed=1,2", "host.memory=1MiB,2MiB"], ["sample=1s"]);
  expect(baseline).toBe("seed=1 host.memory=1MiB");
  expect(cases.map(({ scenario }) => [scenario.seed, scenario.host?.memory, scenario.sample])).toEqual([
    [1, 2 ** 20, 1e9],
    [1, 2 ** 21, 1e9],
    [2, 2 ** 20, 1e9],
    [2, 2 ** 21, 1e9],
  ]);
});

test("an experiment has its own cases and baseline; --vary and --baseline are others", () => {
  expect(read(EXPERIMENT, []).baseline).toBe("b");
  expect(read(EXPERIMENT, [], [], "a").baseline).toBe("a");
  complained.length = 0;
  const varied = read(EXPERIMENT, ["seed=7,8"]);
  expect(complained).toEqual([expect.stringMatching(/: its \d+ cases are left out; --vary makes others of its base$/)]);
  expect([varied.baseline, varied.cases.length]).toEqual(["seed=7", 2]);
});

test("every case that cannot be is complained of once; the last problem is thrown", () => {
  complained.length = 0;
  expect(() => read(SCENARIO, ["host.memory=1MiB,few,less", "seed=1,2"])).toThrow(/^--vary host\.memory=less: /);
  expect(complained).toEqual([expect.stringMatching(/^--vary host\.memory=few: /)]);
  expect(() => throwLast([], () => {})).not.toThrow();
});

test.each<[readonly string[], string | undefined, string]>([
  [
    [],
    undefined,
    "nothing to compare it with; say what differs, for example --vary host.memory=256MiB,192MiB, or write an experiment file",
  ],
  [["seed=1", "seed=2"], undefined, "--vary seed: is varied twice; give all its values at once"],
  [["seed=1,2"], "seed=3", '--baseline: there is no case "seed=3"; there are seed=1; seed=2'],
])("--vary %j with the baseline %s is refused", (vary, baseline, why) => {
  expect(() => read(SCENARIO, vary, [], baseline)).toThrow(InputError);
  expect(() => read(SCENARIO, vary, [], baseline)).toThrow(why);
});

test("a trace is found beside its scenario", () => {
  expect(() => read(SCENARIO, ["seed=1"]).open("two.trace")).toThrow(`${folder.path}/two.trace: no such file or folder`);
});
