import { expect, test } from "vitest";
import { modeCosts, modeWalks } from "./mode-figures.ts";

const of = { vm: "a", pages: "4k/4k", core: "skylake", mode: "nested" };

test("the access is no cost of translation, but of run time", () => {
  const row = (cause: string, perAccess: number) => ({ ...of, cause, cycles: perAccess * 10, perAccess });
  expect(modeCosts([row("access", 4), row("host walk", 1), row("resync", 0), row("ept violation", 0.5)])).toEqual([
    {
      mode: "nested",
      perAccess: 1.5,
      withAccess: 5.5,
      causes: [
        { cause: "host walk", perAccess: 1 },
        { cause: "ept violation", perAccess: 0.5 },
      ],
    },
  ]);
});

test("walks are told by their counters' names; what the guest did is no mode's", () => {
  const row = (group: string, counter: string, value: number) => ({ ...of, group, counter, value });
  const rows = [
    { ...of, core: "", mode: "trace", group: "guest", counter: "invlpgs", value: 9 },
    row("tlb", "accesses", 1000),
    row("tlb", "L1 hits 4k", 900),
    row("tlb", "L2 hits 4k", 80),
    row("tlb", "L2 hits 2m", 10),
    row("tlb", "misses 4k", 8),
    row("tlb", "misses 2m", 2),
    row("walks", "all", 10),
    row("walks", "24 references", 1),
    row("walks", "4 references", 9),
    row("references", "all", 60),
    row("references", "host tables", 20),
  ];
  expect(modeWalks(rows)).toEqual([
    {
      mode: "nested",
      accesses: 1000,
      secondLevelHits: 90,
      misses: [
        { size: "4k", misses: 8 },
        { size: "2m", misses: 2 },
      ],
      walks: 10,
      lengths: [
        { references: 4, walks: 9 },
        { references: 24, walks: 1 },
      ],
      meanReferences: 6,
    },
  ]);
});
