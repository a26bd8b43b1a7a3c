import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseVary } from "./axes.ts";
import { caseOf, casesOf, parseExperiment } from "./experiment.ts";

const docs = (name: string): string => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), "utf8");
const examples = [...docs("compare.md").matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text);
/** The worked example of docs/scenario.md. */
const two =
  [...docs("scenario.md").matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text).find((text) => text.includes("name: hog")) ?? "";

test.each(examples.map((text, i) => [i + 1, text] as const))("example %i of docs/compare.md is an experiment that can be", (i, text) => {
  const { plans, basePath, baseline } = parseExperiment(text, `example ${i}`);
  const base = basePath === undefined ? { text, file: `example ${i}`, inside: "base" } : { text: two, file: basePath, inside: undefined };
  expect(plans.length).toBeGreaterThan(2);
  for (const plan of plans) expect(caseOf(base, [], plan).scenario.vms).toHaveLength(2);
  expect(plans.map(({ name }) => name)).toContain(baseline);
});

test("its axes on the command line can be", () => {
  const axes = [...docs("compare.md").matchAll(/--vary ('[^']+'|[^\s`]+)/g)].map(([, option]) => option.replaceAll("'", ""));
  const real = axes.filter((option) => !option.startsWith("path="));
  expect(real.length).toBeGreaterThan(3);
  for (const option of real)
    for (const plan of casesOf([parseVary(option)]))
      expect(caseOf({ text: two, file: "two.yaml", inside: undefined }, [], plan).scenario.vms).toHaveLength(2);
});
