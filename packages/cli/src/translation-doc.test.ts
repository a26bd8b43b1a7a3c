import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FORK, temporary, tidemark } from "./testing.ts";
import { whole } from "./words.ts";

// The figures of the bundled capture in docs/translation.md, by the commands that stand above them.
const folder = temporary();
afterAll(() => folder.remove());
const trace = join(folder.path, "fork.trace");
beforeAll(async () => {
  expect((await tidemark(["ingest", ...FORK, "--order", "exact", "-o", trace])).code).toBe(0);
});
const doc = readFileSync(new URL("../../../docs/translation.md", import.meta.url), "utf8").split("\n");

interface Answer {
  readonly vms: readonly {
    readonly pages: string;
    readonly modes: readonly {
      readonly mode: string;
      readonly cyclesPerAccess: number;
      readonly counters: { readonly [group: string]: { readonly [counter: string]: number } };
    }[];
  }[];
}

test.each(["cold", "warm"])("the tables of the captured fork, started %s", async (start) => {
  const { stdout } = await tidemark(["translate", trace, "--pages", "4k/4k,2m/2m", "--json", ...(start === "warm" ? ["--warm"] : [])]);
  const { vms } = JSON.parse(stdout) as Answer;
  expect(vms.length).toBe(2);
  for (const { pages, modes } of vms) {
    const count = (mode: string, group: string, counter: string): number =>
      modes.find((each) => each.mode === mode)?.counters[group]?.[counter] ?? NaN;
    const misses = count("native", "tlb", "misses 4k") + count("native", "tlb", "misses 2m");
    const costs = modes.map(({ cyclesPerAccess }) => cyclesPerAccess.toFixed(3)).join(" | ");
    expect(doc).toContain(
      `| fork | ${pages} | ${start} | ${((1000 * misses) / count("native", "tlb", "accesses")).toFixed(3)} | ${costs} |`,
    );
    const exits = (reason: string, ...of: readonly string[]): string => of.map((mode) => whole(count(mode, "exits", reason))).join(" / ");
    const shadows = ["hidden fault", "reflected fault", "page-table write"].map((reason) =>
      exits(reason, "shadow", "shadow-lazy", "agile"),
    );
    expect(doc).toContain(`| fork | ${pages} | ${start} | ${shadows.join(" | ")} | ${exits("ept violation", "nested", "agile")} |`);
  }
});
