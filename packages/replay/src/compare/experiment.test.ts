import { InputError } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { parseVary } from "./axes.ts";
import { caseOf, casesOf, checkBaseline, isExperiment, parseExperiment } from "./experiment.ts";

const INLINE = `base:
  host: { memory: 256MiB }
  vms: [{ trace: web.trace }]
`;
const inline = (text: string) => ({ text, file: "e.yaml", inside: "base" });

describe("an experiment file", () => {
  test("is told from a scenario by its base", () => {
    expect(isExperiment(INLINE)).toBe(true);
    expect(isExperiment("vms: [{ trace: web.trace }]")).toBe(false);
    expect(isExperiment('{"base": "two.yaml", "cases": {}}')).toBe(true);
    expect(isExperiment("base")).toBe(false);
  });

  test("varies paths of a scenario: every combination is a case, called by its values", () => {
    const { plans, basePath, baseline } = parseExperiment(`${INLINE}vary:\n  host.memory: [256MiB, 192MiB]\n  seed: [1, 2]\n`, "e.yaml");
    expect([basePath, baseline]).toEqual([undefined, undefined]);
    expect(plans.map(({ name }) => name)).toEqual([
      "host.memory=256MiB seed=1",
      "host.memory=256MiB seed=2",
      "host.memory=192MiB seed=1",
      "host.memory=192MiB seed=2",
    ]);
    const { scenario } = caseOf(inline(INLINE), [], plans[3]);
    expect([scenario.host?.memory, scenario.seed]).toEqual([192 * 2 ** 20, 2]);
  });

  test("names cases and the baseline, and its base may be another file", () => {
    const text = "base: two.yaml\ncases:\n  ample:\n  none: { balloon: off, host.memory: 64MiB }\nbaseline: none\n";
    const { plans, basePath, baseline } = parseExperiment(text, "e.yaml");
    expect([basePath, baseline]).toEqual(["two.yaml", "none"]);
    expect(plans.map(({ name, changes }) => [name, changes.map((change) => [change.path, change.text])])).toEqual([
      ["ample", []],
      [
        "none",
        [
          ["balloon", "off"],
          ["host.memory", "64MiB"],
        ],
      ],
    ]);
    const base = { text: "vms: [{ trace: a }]\nhost: { memory: 1GiB }", file: "two.yaml", inside: undefined };
    expect(caseOf(base, ["seed=7"], plans[1]).scenario).toMatchObject({ balloon: "off", host: { memory: 2 ** 26 }, seed: 7 });
  });

  test("leaves its base as it is for the next case", () => {
    const [changed] = casesOf([parseVary("host.memory=64MiB")]);
    expect(caseOf(inline(INLINE), [], changed).scenario.host?.memory).toBe(2 ** 26);
    expect(caseOf(inline(INLINE), [], { name: "as it is", changes: [] }).scenario.host?.memory).toBe(2 ** 28);
  });

  test.each([
    ["a key that is not known", `${INLINE}vari: {}\n`, /^e\.yaml:4:1: unknown key "vari"; known here: base, vary, cases, baseline$/],
    ["neither axes nor cases", INLINE, /^e\.yaml:1:1: experiment: give either vary or cases$/],
    ["both", `${INLINE}vary: { seed: [1] }\ncases: { a: {} }\n`, /: give either vary or cases$/],
    ["no list", `${INLINE}vary:\n  seed: 1\n`, /^e\.yaml:5:3: vary\.seed: /],
    ["an empty list", `${INLINE}vary:\n  seed: []\n`, /^e\.yaml:5:3: vary\.seed: has no values$/],
    [
      "a baseline that is none",
      `${INLINE}cases: { a: {}, b: {} }\nbaseline: c\n`,
      /^e\.yaml:5:1: baseline: there is no case "c"; there are a; b$/,
    ],
    ["no base", "vary: { seed: [1] }\n", /^e\.yaml:1:1: base: /],
    ["broken YAML", `${INLINE}vary: [\n`, /^e\.yaml:5:1: /],
  ])("with %s is refused with its place", (_, text, message) => {
    expect(() => parseExperiment(text, "e.yaml")).toThrow(InputError);
    expect(() => parseExperiment(text, "e.yaml")).toThrow(message);
  });

  test("what is wrong with a case is said where its value stands, of its base where that stands", () => {
    const { plans } = parseExperiment(`${INLINE}cases:\n  small: { host.memory: little }\n  odd: { hots.memory: 1MiB }\n`, "e.yaml");
    expect(() => caseOf(inline(INLINE), [], plans[0])).toThrow(
      new InputError(
        'e.yaml:5:12: host.memory=little: "little" is not a memory size in whole 4 KB pages; write for example 256MiB or 1GiB',
      ),
    );
    expect(() => caseOf(inline(INLINE), [], plans[1])).toThrow(/^e\.yaml:6:10: hots\.memory=1MiB: unknown key "hots"; known here: vms,/);
    const broken = INLINE.replace("web.trace", "web.trace, sice: 4KiB");
    expect(() => caseOf(inline(broken), [], { name: "any", changes: [] })).toThrow(/^e\.yaml:3:29: unknown key "sice"/);
  });

  test("the command line's values are called by the option", () => {
    const [plan] = casesOf([parseVary("seed=x")]);
    expect(() => caseOf(inline(INLINE), [], plan)).toThrow(/^--vary seed=x: /);
    expect(() => caseOf(inline(INLINE), ["sample=5"], { name: "any", changes: [] })).toThrow(/^--set sample=5: /);
  });

  test("a value given twice is no second case", () => {
    const said = "host.memory=14MiB: is given twice; give it once";
    expect(() => casesOf([parseVary("host.memory=14MiB,12MiB,14MiB")])).toThrow(new InputError(`--vary ${said}`));
    const text = `${INLINE}vary:\n  host.memory: [14MiB, 14MiB]\n`;
    expect(() => parseExperiment(text, "e.yaml")).toThrow(/^e\.yaml:5:\d+: host\.memory=14MiB: is given twice; give it once$/);
  });

  test("a baseline has to be a case", () => {
    expect(() => checkBaseline("b", [{ name: "a" }], "--baseline")).toThrow(
      new InputError('--baseline: there is no case "b"; there are a'),
    );
  });
});
