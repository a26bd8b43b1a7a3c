import { readFileSync } from "node:fs";
import type { Params } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { hostKey, hostVmKeys } from "./host/host-keys.ts";
import * as params from "./host/mechanism-params.ts";
import { mechanismsOf } from "./host/mechanisms.ts";
import { parseScenario } from "./scenario.ts";

const page = readFileSync(new URL("../../../docs/scenario.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text);
/** The row of a key in a table, "" where there is none. */
const rowOf = (key: string): string =>
  page.split("\n").find((line) => line.startsWith("| `") && line.slice(0, line.indexOf("|", 1)).includes(`\`${key}\``)) ?? "";

describe("docs/scenario.md", () => {
  test.each(examples.map((text, i) => [i + 1, text] as const))("example %i is a scenario that can be", (i, text) => {
    const scenario = parseScenario(text, `example ${i}`, []);
    expect(scenario.vms.length).toBeGreaterThan(0);
    if (scenario.host !== undefined) mechanismsOf(scenario);
  });

  test("the what-ifs of the worked example can be", () => {
    const two = examples.find((text) => text.includes("name: hog")) ?? "";
    const lines = page.split("\n").filter((line) => line.startsWith("tidemark replay two.yaml") && line.includes("--set"));
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines)
      mechanismsOf(
        parseScenario(
          two,
          "two.yaml",
          [...line.matchAll(/--set (\S+)/g)].map(([, set]) => set),
        ),
      );
  });

  test("every key of a host, and of a VM on it, has its row", () => {
    for (const key of [...Object.keys(hostKey.shape), ...Object.keys(hostVmKeys)]) expect(rowOf(key), key).not.toBe("");
  });

  const mechanisms: readonly (readonly [string, Params])[] = [
    ["allocation", params.ALLOCATION],
    ["share", params.SHARE],
    ["balloon", params.BALLOON],
    ["compress", params.COMPRESS],
    ["swap", params.SWAP],
    ["stallCosts", params.STALL_COSTS],
    ["freePageReporting", params.FREE_PAGE_REPORTING],
    ["proactive", params.PROACTIVE],
    ["senpai", params.SENPAI],
  ];
  test.each(mechanisms)("%s has its parameters, with their defaults", (key, declared) => {
    for (const [name, param] of Object.entries(declared)) {
      expect(rowOf(key), name).toContain(`\`${name}\``);
      const said = rowOf(key)
        .slice(rowOf(key).lastIndexOf(`\`${name}\``))
        .split(/[;,]/)[0];
      if (param.type === "choice") expect(said).toContain(`\`${param.default}\``);
      else expect(nsOrNumber(said), `${name}: ${said}`).toBeCloseTo(param.default, 9);
    }
  });

  test("a content profile's parts are those of the code", () => {
    for (const [name, { default: percent }] of Object.entries(params.PROFILE)) expect(rowOf(name)).toContain(String(percent));
  });
});

/** The number after a name, in ns where it has a unit of time. */
function nsOrNumber(text: string): number {
  const [, number, unit] = /` ([\d.]+)(ns|us|ms|s|min)?\b/.exec(text) ?? [];
  const ns = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, min: 60e9 };
  return Number(number) * (unit === undefined ? 1 : ns[unit as keyof typeof ns]); // one of its keys, by the pattern
}
