import { expect, test } from "vitest";
import { parseScenario, scenarioJsonSchema } from "./scenario.ts";

const read = (text: string, sets: readonly string[] = []) => parseScenario(text, "host.yaml", sets);

test("every key is optional but vms", () => {
  expect(read("vms: [{ trace: a.trace }]")).toEqual({
    vms: [{ trace: "a.trace", backing: "4k", copies: 1, stagger: 0, start: 0, shares: "normal", reservation: 0, driver: true, vcpus: 1 }],
    estimator: { name: "esx-sampler" },
    clock: "open",
    timeScale: 1,
    seed: 1,
  });
});

test("a VM's stop and its guest's swap, and the clock", () => {
  const { vms, clock } = read("clock: dilated\nvms: [{ trace: a.trace, stop: 20min, guestSwap: 64MiB }, { trace: b.trace, guestSwap: 0 }]");
  expect([vms[0].stop, vms[0].guestSwap, vms[1].stop, vms[1].guestSwap, clock]).toEqual([1200e9, 2 ** 26, undefined, 0, "dilated"]);
  expect(() => read("clock: slow\nvms: [{ trace: a.trace }]")).toThrow('host.yaml:1:8: clock: is "slow"; write one of open, dilated');
  expect(() => read("vms: [{ trace: a.trace, stop: 20 }]")).toThrow("host.yaml:1:31: vms.0.stop: ");
});

test("the hypervisor's clock is not faster or slower than its periods bear", () => {
  const scale = (value: string): unknown => read(`vms: [{ trace: a.trace }]\ntimeScale: ${value}`).timeScale;
  expect(["0.001", "60", "1e6"].map(scale)).toEqual([0.001, 60, 1e6]);
  expect(() => scale("0")).toThrow("timeScale: is 0; write a number of at least 0.001");
  expect(() => scale("1e300")).toThrow(/timeScale: is 1e\+300; write a number of at most 1\D?000\D?000/);
});

test("shares are proportions that can be told apart", () => {
  const shares = (value: string): unknown => read(`vms: [{ trace: a.trace, shares: ${value} }]`).vms[0].shares;
  expect(["0.000001", "1e12", "high"].map(shares)).toEqual([1e-6, 1e12, "high"]);
  expect(() => shares("5e-324")).toThrow("vms.0.shares: is 5e-324; write a number of at least 0.000001");
  expect(() => shares("1e300")).toThrow(/vms\.0\.shares: is 1e\+300; write a number of at most 1\D?000/);
});

test("times, sizes and estimator parameters are read", () => {
  const text = `
window: 10s
sample: 500ms
seed: 7
estimator: { name: esx-sampler, pages: 400, period: 60s }
vms:
  - { name: db, trace: a.trace, size: 256MiB, backing: 2m }
`;
  expect(read(text)).toMatchObject({
    window: 10e9,
    sample: 0.5e9,
    seed: 7,
    estimator: { pages: 400, period: "60s" },
    vms: [{ name: "db", size: 268435456, backing: "2m" }],
  });
});

test("--set overrides a path", () => {
  const scenario = read("vms: [{ trace: a.trace }]", ["vms.0.backing=2m", "window=5s", "estimator.pages=50"]);
  expect(scenario).toMatchObject({ window: 5e9, estimator: { pages: 50 }, vms: [{ backing: "2m" }] });
});

test("--set goes on with a list by one entry, and leaves no hole in it", () => {
  const text = "vms: [{ trace: a.trace }]\ntranslation: { modes: [nested] }";
  expect(read(text, ["translation.modes.1=shadow"]).translation?.modes).toEqual([{ name: "nested" }, { name: "shadow" }]);
  expect(() => read(text, ["translation.modes.2.name=shadow"])).toThrow(
    "--set translation.modes.2.name=shadow: translation.modes has 1 entry, counted from 0",
  );
});

test.each([
  [
    "vms: [{ trace: a.trace }]\nwindows: 10s",
    'host.yaml:2:1: unknown key "windows"; known here: vms, window, sample, span, estimator, host, allocation',
  ],
  ["vms:\n  - trace: a.trace\n    bakcing: 4k", 'host.yaml:3:5: unknown key "bakcing"; known here: name, trace, vm, size, backing'],
  ["vms:\n  - trace: a.trace\n    backing: 8k", 'host.yaml:3:14: vms.0.backing: is "8k"; write one of 4k, 2m'],
  ["window: 10\nvms: [{ trace: a }]", "host.yaml:1:9: window:"],
  ["window: 10 parsecs\nvms: [{ trace: a }]", 'host.yaml:1:9: window: "10 parsecs" is not a time'],
  ["window: 0s\nvms: [{ trace: a }]", "host.yaml:1:9: window: must be more than 0"],
  ["share: { period: 0s }\nvms: [{ trace: a }]", "host.yaml:1:8: share: period=0s is not"],
  ["share: { profile: { x: 1 } }\nvms: [{ trace: a }]", 'host.yaml:1:19: share.profile: unknown parameter "x"'],
  ["translation: { costs: { x: 1 } }\nvms: [{ trace: a }]", 'host.yaml:1:23: translation.costs: unknown parameter "x"'],
  ["vms: []", "host.yaml:1:6: vms:"],
  ["seed: 1", "host.yaml:1:1: vms: is missing (write a list)"],
  ["", "host.yaml:1:1: scenario: is empty (null); write keys with values"],
  ["vms: [{ trace: a }]\nseed: x", 'host.yaml:2:7: seed: is "x"; write a number'],
  ["vms: [{ trace: a }]\nswap: { policy: [] }", "host.yaml:2:17: swap.policy: is a list; write text or keys with values"],
  ["vms: [{ trace: a }]\nswap: { policy: { name: slru, segments: 2.5 } }", "slru: segments=2.5 is not a whole number in [1, 16]"],
  ["vms: [{ trace: a }]\ncompress: { unknownBytes: 0.5 }", "compress: unknownBytes=0.5 is not a whole number in [1, 4096] bytes"],
  ["vms: [{ trace: a }]\ntranslation: { modes: [{ name: shadow-lazy, flood: 2.5 }] }", "flood=2.5 is not a whole number in [1, 1000000]"],
  [
    "vms: [{ trace: a }]\ntranslation: { modes: [native, all] }",
    "translation.modes.1: all stands for every mode; give it alone, not in a list",
  ],
  [
    "vms: [{ trace: a }]\ntranslation: { pages: [4k/4k, 4k/4k] }",
    'translation.pages.1: pair of page sizes "4k/4k" is given twice; give it once',
  ],
  [
    "vms: [{ trace: a }]\ntranslation: { core: { name: x, about: a, source: b, l1: [], l2: [] } }",
    "paging: is missing (write [] for none)",
  ],
  ["vms: [{ trace: a }]\nestimator: { name: esx }", 'estimator: unknown estimator "esx"; known: esx-sampler, abit-scan'],
  ["vms: [{ trace: a }]\nestimator: { name: esx-sampler, pages: 0 }", "esx-sampler: pages=0 is not a whole number in [1, 100000]"],
  ["vms: [{ trace: a }]\nestimator: { period: 60 }", 'esx-sampler: period: "60" is not a time'],
  ["vms: [{ trace: a }]\nestimator: { perod: 60s }", 'esx-sampler: unknown parameter "perod"'],
  ["vms: [{ trace: a, size: 3 }]", 'vms.0.size: "3" is not a memory size'],
  ["vms: [{ trace: a ]", "host.yaml:1:"],
  ["vms: [{ trace: a }]\ntranslation: { modes: [foo] }", 'host.yaml:2:24: translation.modes.0: unknown mode "foo"; known: native, shadow'],

  ["vms: [{ trace: a }]\ntranslation: { modes: foo }", 'host.yaml:2:23: translation.modes: unknown mode "foo"'],
  ["vms: [{ trace: a }]\ntranslation: { modes: [{ name: agile, interval: 3 }] }", 'agile: interval: "3" is not a time'],
  ["vms: [{ trace: a }]\ntranslation: { core: [skylake, z80] }", 'host.yaml:2:32: translation.core.1: unknown core "z80"; known: skylake'],
  ["vms: [{ trace: a }]\ntranslation: { core: { name: x } }", "host.yaml:2:22: translation.core.about: "],
  ["vms: [{ trace: a }]\ntranslation: { pages: 4k/9k }", 'host.yaml:2:23: translation.pages: is "4k/9k"; write one of trace/backing, '],
  ["vms: [{ trace: a }]\ntranslation: { costs: { exti: 1 } }", 'costs: unknown parameter "exti"; known: access'],
  [
    "vms: [{ trace: a }]\ntranslation: { modes: [agile, { name: agile, interval: 3s }] }",
    'host.yaml:2:31: translation.modes.1: mode "agile" is given twice; give it once',
  ],
  [
    "vms: [{ trace: a }]\ntranslation: { core: [skylake, zen4, skylake] }",
    'host.yaml:2:38: translation.core.2: core "skylake" is given twice; give it once',
  ],
  ["vms: [{ trace: a }]\ntranslation: { levels: 3 }", "host.yaml:2:24: translation.levels: "],
])("%j is refused with its place", (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test("there is a JSON Schema for editors", () => {
  expect(scenarioJsonSchema()).toMatchObject({ type: "object", required: ["vms"], additionalProperties: false });
});
