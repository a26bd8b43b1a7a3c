import {
  bestModeTable,
  breakEvenTable,
  exitsTable,
  tableOf,
  translationCostTable,
  translationTable,
  type Row,
  type Table,
} from "@tidemark/data/shapes";

/** How one mode fares in the example: walks by length in shares of all, exits by reason. */
interface ExampleMode {
  readonly mode: string;
  readonly misses: number;
  readonly lengths: readonly (readonly [references: number, percent: number])[];
  /** Of the references, those to the host's tables. */
  readonly hostPercent: number;
  readonly exits: readonly (readonly [reason: string, exits: number])[];
  readonly resyncs: number;
}

const ACCESSES = 1_000_000;
const SECOND_LEVEL_HITS = 9_000;
const SHORT_WALKS = [
  [1, 55],
  [2, 30],
  [3, 5],
  [4, 10],
] as const;
const FAULTS = [
  ["hidden fault", 900],
  ["reflected fault", 300],
] as const;
const MODES: readonly ExampleMode[] = [
  { mode: "native", misses: 3_000, lengths: SHORT_WALKS, hostPercent: 0, exits: [], resyncs: 0 },
  {
    mode: "shadow",
    misses: 3_000,
    lengths: SHORT_WALKS,
    hostPercent: 0,
    exits: [...FAULTS, ["page-table write", 400], ["cr3 load", 120], ["invlpg", 200]],
    resyncs: 0,
  },
  {
    mode: "shadow-lazy",
    misses: 3_000,
    lengths: SHORT_WALKS,
    hostPercent: 0,
    exits: [...FAULTS, ["page-table write", 100], ["cr3 load", 120], ["invlpg", 200]],
    resyncs: 150,
  },
  {
    mode: "nested",
    misses: 3_000,
    lengths: [
      [2, 40],
      [4, 25],
      [6, 20],
      [9, 10],
      [14, 4],
      [24, 1],
    ],
    hostPercent: 60,
    exits: [["ept violation", 700]],
    resyncs: 0,
  },
  {
    mode: "agile",
    misses: 4_000,
    lengths: [
      [1, 50],
      [2, 25],
      [4, 15],
      [8, 10],
    ],
    hostPercent: 20,
    exits: [
      ["hidden fault", 300],
      ["reflected fault", 100],
      ["page-table write", 60],
      ["cr3 load", 120],
      ["invlpg", 80],
      ["ept violation", 200],
    ],
    resyncs: 0,
  },
  {
    mode: "nested-flat",
    misses: 3_000,
    lengths: [
      [2, 45],
      [4, 30],
      [6, 20],
      [9, 5],
    ],
    hostPercent: 50,
    exits: [["ept violation", 700]],
    resyncs: 0,
  },
];

/** The example's prices, in cycles; an exit's work is the same whatever its reason. */
const COSTS = { access: 4, secondLevelHit: 7, reference: 30, exit: 1500, work: 1000, resync: 1500 };
const INTERVALS = 20;

/** Tables of translation as a replay would give them: every VM in every way, large pages with a tenth of the misses and a quarter of the exits. */
export function exampleTranslation(
  vms: readonly string[],
  ways: readonly (readonly [pages: string, core: string])[],
  endNs: number,
): readonly Table[] {
  const counters: Row<typeof translationTable.columns>[] = [];
  const costs: Row<typeof translationCostTable.columns>[] = [];
  const exits: Row<typeof exitsTable.columns>[] = [];
  const evens: Row<typeof breakEvenTable.columns>[] = [];
  const best: Row<typeof bestModeTable.columns>[] = [];
  for (const vm of vms) {
    const [first] = ways;
    if (first !== undefined)
      counters.push({ vm, pages: first[0], core: "", mode: "trace", group: "guest", counter: "page-table writes", value: 400 });
    for (const [pages, core] of ways) {
      const isLarge = pages.startsWith("2m");
      const modes = MODES.map((each) => ({
        ...each,
        misses: each.misses / (isLarge ? 10 : 1),
        exits: each.exits.map(([reason, n]) => [reason, n / (isLarge ? 4 : 1)] as const),
      }));
      const of = { vm, pages, core };
      for (const each of modes) {
        const { mode } = each;
        const walks = each.lengths.map(([length, percent]) => [`${length} references`, (each.misses * percent) / 100] as const);
        const add = (group: string, counter: string, value: number) => counters.push({ ...of, mode, group, counter, value });
        add("tlb", "accesses", ACCESSES);
        add("tlb", "L2 hits 4k", SECOND_LEVEL_HITS);
        add("tlb", `misses ${isLarge ? "2m" : "4k"}`, each.misses);
        add("walks", "all", each.misses);
        for (const [counter, value] of walks) add("walks", counter, value);
        add("references", "all", referencesOf(each));
        for (const [cause, cycles] of causesOf(each)) costs.push({ ...of, mode, cause, cycles, perAccess: cycles / ACCESSES });
        for (let i = 0; i < INTERVALS; i++) {
          const [from, time] = [i, i + 1].map((n) => Math.round((endNs * n) / INTERVALS));
          for (const [reason, n] of each.exits) {
            const upTo = (at: number): number => Math.floor(n * Math.sqrt(at / INTERVALS));
            const now = upTo(i + 1) - upTo(i);
            if (now > 0) exits.push({ time: time ?? 0, from: from ?? 0, ...of, mode, reason, exits: now });
          }
        }
      }
      const rivals = modes.slice(1);
      const built = rivals.filter(({ mode }) => mode !== "agile" && mode !== "nested-flat");
      for (let exit = 100; exit <= 25_600; exit *= 2) {
        for (let reference = 4; reference <= 256; reference *= 2) {
          const prices = built.map((each) => ({ mode: each.mode, perAccess: totalOf(each, exit, reference) / ACCESSES }));
          const [cheapest] = prices.toSorted((a, b) => a.perAccess - b.perAccess);
          if (cheapest !== undefined) best.push({ ...of, exit, reference, ...cheapest });
        }
      }
      rivals.forEach((one, i) => {
        for (const other of rivals.slice(i + 1)) {
          const [exit, reference] = [COSTS.exit, COSTS.reference];
          const difference = (e: number, r: number): number => totalOf(one, e, r) - totalOf(other, e, r);
          const lines = [
            { cost: "exit", at: (n: number) => difference(n, reference), assumed: exit },
            { cost: "reference", at: (n: number) => difference(exit, n), assumed: reference },
          ];
          for (const { cost, at, assumed } of lines) {
            const value = -at(0) / (at(1) - at(0));
            const turns = value > 0 && Number.isFinite(value);
            const [below, above] = at(turns ? value / 2 : assumed) <= 0 ? [one.mode, other.mode] : [other.mode, one.mode];
            evens.push({ ...of, cost, below, above: turns ? above : below, value: turns ? value : NaN, assumed });
          }
        }
      });
    }
  }
  return [
    tableOf(translationTable, counters),
    tableOf(translationCostTable, costs),
    tableOf(exitsTable, exits),
    tableOf(breakEvenTable, evens),
    tableOf(bestModeTable, best),
  ];
}

const referencesOf = ({ misses, lengths }: ExampleMode): number =>
  lengths.reduce((sum, [length, percent]) => sum + (misses * length * percent) / 100, 0);

function causesOf(each: ExampleMode): readonly (readonly [cause: string, cycles: number])[] {
  const host = (referencesOf(each) * each.hostPercent) / 100;
  return [
    ["access", ACCESSES * COSTS.access],
    ["second-level TLB", SECOND_LEVEL_HITS * COSTS.secondLevelHit],
    ["guest or shadow walk", (referencesOf(each) - host) * COSTS.reference],
    ["host walk", host * COSTS.reference],
    ...each.exits.map(([reason, n]) => [reason, n * (COSTS.exit + COSTS.work)] as const),
    ["resync", each.resyncs * COSTS.resync],
  ];
}

const totalOf = (each: ExampleMode, exit: number, reference: number): number =>
  SECOND_LEVEL_HITS * COSTS.secondLevelHit +
  referencesOf(each) * reference +
  each.exits.reduce((sum, [, n]) => sum + n * (exit + COSTS.work), 0) +
  each.resyncs * COSTS.resync;
