import { describe, expect, test } from "vitest";
import { parseScenario, scenarioSchema } from "../scenario.ts";
import { assumptions } from "./assumptions.ts";
import { mechanismKeys } from "./host-keys.ts";
import { filledScenario, mechanismsOf } from "./mechanisms.ts";

const VMS = [{ trace: "a.trace" }];
const scenario = (given: object) => scenarioSchema.parse({ vms: VMS, host: { memory: "1GiB" }, ...given });

describe("a scenario with its defaults", () => {
  test("has every mechanism of a host, those of ESX on and the alternatives off", () => {
    const filled = filledScenario(scenario({}));
    expect(Object.keys(filled).filter((key) => Object.hasOwn(mechanismKeys, key))).toEqual(Object.keys(mechanismKeys));
    expect(filled).toMatchObject({
      estimator: { name: "esx-sampler", pages: 100 },
      host: { memory: 2 ** 30, minFree: "sliding" },
      allocation: { idleTax: 0.75, period: 15e9 },
      share: { scanner: "esx", scanTime: 3600e9, salting: "per-vm", contents: "trace" },
      balloon: { poll: 1e9, max: 65 },
      compress: { maxPercent: 10 },
      swap: { policy: { name: "random" }, rate: 25_600 },
      freePageReporting: "off",
      proactive: "off",
      senpai: "off",
      stallCosts: { swapIn: 150_000 },
      timeScale: 1,
      seed: 1,
    });
    expect(filled["share"]).not.toHaveProperty("profile");
  });

  test("has a mechanism that is on as one that is not mentioned", () => {
    const on = { share: "on", balloon: "on", compress: "on", swap: "on" };
    expect(filledScenario(scenario(on))).toEqual(filledScenario(scenario({})));
  });

  test("keeps what is given, and what is off", () => {
    const given = {
      share: { contents: "profile", profile: { zero: 20 } },
      balloon: "off",
      swap: { policy: { name: "slru", segments: 2 }, period: "2s" },
      freePageReporting: "on",
      proactive: { age: "60s" },
      senpai: "on",
      estimator: { name: "esx-sampler", period: "30s" },
    };
    expect(filledScenario(scenario(given))).toMatchObject({
      share: { contents: "profile", profile: { zero: 20, common: 38.9 } },
      balloon: "off",
      swap: { policy: { name: "slru", segments: 2 }, period: 2e9, rate: 25_600 },
      freePageReporting: { period: 2e9 },
      proactive: { age: 60e9, quota: 32_768, period: 1e9, scan: 5e9 },
      senpai: { ratio: 0.0005, threshold: 0.1, period: 6e9 },
      estimator: { name: "esx-sampler", period: 30e9, slow: 0.15 },
    });
    expect(filledScenario(scenario({ swap: "off", share: "off" }))).toMatchObject({ swap: "off", share: "off" });
  });

  test("without a host has nothing that acts", () => {
    const filled = filledScenario(scenarioSchema.parse({ vms: VMS }));
    expect(Object.keys(filled)).toEqual(["vms", "estimator", "clock", "timeScale", "seed"]);
  });
});

test.each([
  [{ senpai: "on", swap: "off" }, "senpai: the pages it takes are compressed or swapped, and swap is off; turn swap on"],
  [
    { share: { contents: "profile", profile: { zero: 50, common: 30 } } },
    "share.profile: its parts make 113.1 % of a VM; give 100 % or less",
  ],
  [
    { share: { profile: {} } },
    "share.profile: contents are assumed only where it is said that they are; give share.contents: profile, or leave it out",
  ],
  [
    { swap: { policy: "belady" } },
    "swap.policy belady: needs the future of the trace, which a host does not have; it is for tidemark curve",
  ],
])("%j is refused", (given, message) => {
  expect(() => mechanismsOf(scenario(given))).toThrow(message);
});

test.each([
  ["share: { scantime: 1s }", 'x.yaml:3:10: unknown key "scantime"; known here: scanTime, hostRate, period, scanner'],
  ["share: { contents: guess }", "share: contents=guess is not one of trace, end-state, profile"],
  ["share: { profile: { zeros: 1 } }", 'share.profile: unknown parameter "zeros"; known: zero, commonDuplicate'],
  ["swap: { polciy: lru }", 'x.yaml:3:9: unknown key "polciy"; known here: policy, rate, period, scan'],
  ["senpai: { ratio: 2 }", "senpai: ratio=2 is not a number in [0, 1]"],
  ["senpai: { threshold: 0 }", "senpai: threshold=0 is not a number in [0.001, 100] %"],
  ["proactive: { age: 60 }", 'proactive: age: "60" is not a time'],
  ["freePageReporting: { order: 9 }", 'freePageReporting: unknown parameter "order"; known: period'],
  ["span: 0s", "x.yaml:3:7: span: must be more than 0"],
])("%s is refused with its place", (line, message) => {
  expect(() => parseScenario(`vms: [{ trace: a }]\nhost: { memory: 1GiB }\n${line}`, "x.yaml", [])).toThrow(message);
});

test("what a host assumes of contents is put into words", () => {
  const guests = [
    { name: "db", facts: { contents: 40 } },
    { name: "web", facts: { contents: 0 } },
  ];
  const told = (given: object) => assumptions(scenario(given), guests);
  const unknown = "web: the trace has no page contents: none of its pages is shared; share: { contents: profile } would assume some";
  expect(told({})).toEqual([unknown]);
  expect(assumptions(scenario({}), guests.slice(0, 1))).toEqual([]);
  expect(told({ share: "off" })).toEqual([]);
  expect(assumptions(scenarioSchema.parse({ vms: VMS }), guests)).toEqual([]);
  expect(told({ share: { contents: "end-state" } })).toEqual([
    "page contents known only later are assumed to hold throughout, whatever is written (share.contents: end-state)",
    unknown,
  ]);
  const [profiled, ...others] = told({ share: { contents: "profile", profile: { zero: 10.1, held: 5 } } });
  expect(profiled).toMatch(
    /^page contents are assumed, not captured .* 10\.1 % are zero, .* 24\.3 % are in 5 % of the VMs, 17\.9 % are like no other$/,
  );
  expect(others).toEqual([]);
});
