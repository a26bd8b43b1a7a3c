import { breakEvenTable, tableOf, translationCostTable, translationTable, type Run } from "@tidemark/data";
import { scenarioSchema } from "@tidemark/replay";
import { expect, test } from "vitest";
import { translationText } from "./translation-text.ts";

const of = { vm: "web", pages: "4k/4k", core: "none" };
type Even = readonly [cost: string, below: string, above: string, value: number, assumed: number];

/** Modes on 1,000 accesses, or as many, at these costs. */
function run(evens: readonly Even[], names: readonly string[] = ["native", "shadow", "nested"], accesses = 1000): Run {
  const scenario = scenarioSchema.parse({ vms: [{ trace: "t" }], translation: { core: "none" } });
  const counted = (mode: string, misses: number, references: number, exits: number) => [
    { ...of, mode, group: "tlb", counter: "accesses", value: accesses },
    { ...of, mode, group: "tlb", counter: "misses 4k", value: misses },
    { ...of, mode, group: "walks", counter: "all", value: misses },
    { ...of, mode, group: "references", counter: "all", value: references },
    { ...of, mode, group: "exits", counter: "cr3 load", value: exits },
    { ...of, mode, group: "hypervisor", counter: "table pages at most", value: exits * 2000 },
  ];
  const priced = (mode: string, causes: { readonly [cause: string]: number }) =>
    Object.entries({ access: 4000, ...causes }).map(([cause, cycles]) => ({ ...of, mode, cause, cycles, perAccess: cycles / 1000 }));
  return {
    manifest: {
      schema: 1,
      tool: "test",
      pageBytes: 4096,
      scenario,
      originNs: 0,
      endNs: 1,
      windowNs: 1,
      windowFrom: "",
      sampleNs: 1,
      timeScale: 1,
      seed: 1,
      instants: [],
      traces: [],
      vms: [],
      markers: [],
      assumed: ["web: a statement"],
    },
    tables: [
      tableOf(
        translationTable,
        [counted("native", 0, 0, 0), counted("shadow", 20, 80, 2), counted("nested", 20, 300, 0), counted("nested-flat", 20, 140, 0)]
          .flat()
          .filter(({ mode }) => names.includes(mode)),
      ),
      tableOf(
        translationCostTable,
        [
          priced("native", { "guest or shadow walk": 0 }),
          priced("shadow", { "guest or shadow walk": 2000, "cr3 load": 6000 }),
          priced("nested", { "guest or shadow walk": 1000, "host walk": 3000 }),
          priced("nested-flat", { "host walk": 500 }),
        ]
          .flat()
          .filter(({ mode }) => names.includes(mode)),
      ),
      tableOf(
        breakEvenTable,
        evens.map(([cost, below, above, value, assumed]) => ({
          vm: of.vm,
          pages: of.pages,
          core: of.core,
          cost,
          below,
          above,
          value,
          assumed,
        })),
      ),
    ],
  };
}

test("modes side by side, then where another becomes cheaper than the cheapest, nearest first", () => {
  const evens: Even[] = [
    ["reference", "nested", "shadow", 2999, 30],
    ["exit", "shadow", "nested", 750, 1500],
    ["exit", "shadow", "shadow-lazy", 1500, 1500],
    ["reference", "nested", "nested", NaN, 30],
  ];
  expect(translationText(run(evens))).toBe(
    `
web on none, page sizes (guest/host) 4k/4k

mode    cycles/access  of run time  misses/1000  references/walk  exits  table pages  dearest cause
native           0.00        0.0 %         0.00                –      0            0  –
shadow           8.00       66.7 %        20.00             4.00      2        4,000  cr3 load 75 %
nested           4.00       50.0 %        20.00            15.00      0            0  host walk 75 %

nested is the cheapest; break-even, the other costs as assumed:
  shadow beats nested where an exit costs less than 750 cycles (1,500 assumed)
  shadow beats nested where a memory reference of a walk costs more than 2,999 cycles (30 assumed)

synthesised or assumed:
  web: a statement`.trimStart(),
  );
});

test("costs that no machine has are left out, by what was assumed", () => {
  const far = (assumed: number) => translationText(run([["reference", "nested", "shadow", 2999, assumed]]));
  expect(far(30)).toContain("shadow beats nested");
  expect(far(NaN)).toMatch(/costs more than 2,999 cycles$/m);
  expect(far(20)).toContain(
    "nested is the cheapest, and stays so from a hundredth to 100 times the assumed cost of an exit, or of a memory reference of a walk",
  );
});

test("what nobody builds is no choice, where there is one", () => {
  const evens: Even[] = [
    ["exit", "shadow", "nested", 750, 1500],
    ["exit", "nested-flat", "nested", 700, 1500],
    ["reference", "nested", "nested-flat", 20, 30],
  ];
  const text = translationText(run(evens, ["shadow", "nested", "nested-flat"]));
  expect(text).toContain("\nnested-flat ");
  expect(text).toContain("nested is the cheapest that can be had; break-even");
  expect(text).not.toContain("nested-flat beats");
});

test("one that is dearer whatever an exit or a reference costs is a rival all the same", () => {
  expect(translationText(run([["exit", "nested", "nested", NaN, 1500]]))).toContain("nested is the cheapest, and stays so");
});

test("one mode alone has no rival, and no mode is the cheapest of nothing", () => {
  expect(translationText(run([], undefined, 0))).not.toContain("cheapest");
  expect(translationText(run([], ["native", "nested"]))).not.toContain("cheapest");
});
