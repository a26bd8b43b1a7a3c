import {
  bestModeTable,
  breakEvenTable,
  exitsTable,
  tableOf,
  translationCostTable,
  translationTable,
  type Row,
  type Table,
} from "@tidemark/data";
import { breakEven, COST_CAUSES, price, type CostValues, type CountOf } from "../costs.ts";
import type { Counted } from "./counters.ts";

/** What one VM was translated as: a row's first columns. */
interface Translated {
  readonly vm: string;
  readonly pages: string;
}

/** One mode on one core: its counters, and its exits by interval and reason. */
interface CountedMode {
  readonly core: string;
  readonly mode: string;
  readonly isBuilt: boolean;
  readonly counted: readonly Counted[];
  readonly exits: readonly { readonly time: number; readonly from: number; readonly reason: string; readonly exits: number }[];
}

export interface CountedVm extends Translated {
  readonly guest: readonly Counted[];
  readonly modes: readonly CountedMode[];
}

/** Costs of an exit and of a reference at which the break-even map asks: powers of two about the usual. */
const EXIT_COSTS: readonly number[] = Array.from({ length: 25 }, (_, i) => Math.round(100 * 2 ** (i / 3)));
const REFERENCE_COSTS: readonly number[] = Array.from({ length: 19 }, (_, i) => Math.round(4 * 2 ** (i / 3) * 10) / 10);

/** Nobody can choose it instead of another: a VM is not native. */
const BASELINE = "native";

const countsOf = (counted: readonly Counted[]): CountOf => {
  const values = new Map(counted.map(({ group, counter, value }) => [`${group} ${counter}`, value]));
  return (group, counter) => values.get(`${group} ${counter}`) ?? 0;
};

/** The tables of translation: counters as they are, the rest priced. */
export function translationTables(vms: readonly CountedVm[], costs: CostValues): readonly Table[] {
  const counters: Row<(typeof translationTable)["columns"]>[] = [];
  const priced: Row<(typeof translationCostTable)["columns"]>[] = [];
  const exits: Row<(typeof exitsTable)["columns"]>[] = [];
  const evens: Row<(typeof breakEvenTable)["columns"]>[] = [];
  const best: Row<(typeof bestModeTable)["columns"]>[] = [];
  for (const { vm, pages, guest, modes } of vms) {
    for (const { group, counter, value } of guest) counters.push({ vm, pages, core: "", mode: "trace", group, counter, value });
    for (const { core, mode, counted, exits: ofMode } of modes) {
      for (const { group, counter, value } of counted) counters.push({ vm, pages, core, mode, group, counter, value });
      for (const row of ofMode) exits.push({ vm, pages, core, mode, ...row });
      const count = countsOf(counted);
      const accesses = count("tlb", "accesses");
      const { byCause } = price(count, costs);
      const add = (cause: string, cycles: number): void => {
        priced.push({ vm, pages, core, mode, cause, cycles, perAccess: accesses === 0 ? 0 : cycles / accesses });
      };
      add("access", accesses * costs.access);
      for (const cause of COST_CAUSES) add(cause, byCause[cause]);
    }
    for (const core of new Set(modes.map((each) => each.core))) {
      const rivals = modes
        .filter((each) => each.core === core && each.mode !== BASELINE)
        .map(({ mode, isBuilt, counted }) => ({ mode, isBuilt, count: countsOf(counted) }))
        .filter(({ count }) => count("tlb", "accesses") > 0);
      evens.push(...breakEvenRows({ vm, pages }, core, rivals, costs));
      best.push(...bestModeRows({ vm, pages }, core, rivals, costs));
    }
  }
  return [
    tableOf(translationTable, counters),
    tableOf(translationCostTable, priced),
    tableOf(exitsTable, exits),
    tableOf(breakEvenTable, evens),
    tableOf(bestModeTable, best),
  ];
}

interface Rival {
  readonly mode: string;
  readonly isBuilt: boolean;
  readonly count: CountOf;
}

const VARIED = { exit: ["exit"], reference: ["reference", "hostReference"] } as const;

/** A cost that is varied, as it was assumed; NaN where it stands for several that differ. */
function assumedCost(names: readonly (keyof CostValues)[], costs: CostValues): number {
  const values = new Set(names.map((name) => costs[name]));
  const [only = NaN] = values;
  return values.size === 1 ? only : NaN;
}

/** Every pair of modes, at both costs. */
function breakEvenRows(of: Translated, core: string, rivals: readonly Rival[], costs: CostValues) {
  const rows: Row<(typeof breakEvenTable)["columns"]>[] = [];
  rivals.forEach((one, i) => {
    for (const other of rivals.slice(i + 1)) {
      for (const [cost, names] of Object.entries(VARIED)) {
        const value = breakEven(one.count, other.count, costs, names);
        // Prices are linear: what is cheaper at half the point is cheaper all the way to it; without a point, what is cheaper now always is.
        const probe = value === null ? costs : { ...costs, ...Object.fromEntries(names.map((name) => [name, value / 2])) };
        const difference = price(one.count, probe).total - price(other.count, probe).total;
        const [below, above] = difference <= 0 ? [one, other] : [other, one];
        const isEqual = difference === 0 && value === null;
        if (isEqual) continue;
        const crossing = { above: value === null ? below.mode : above.mode, value: value ?? NaN };
        rows.push({ ...of, core, cost, below: below.mode, ...crossing, assumed: assumedCost(names, costs) });
      }
    }
  });
  return rows;
}

/** The cheapest mode at every point of the map, of those that can be had where there are two; of equal ones the first. */
function bestModeRows(of: Translated, core: string, rivals: readonly Rival[], costs: CostValues) {
  const rows: Row<(typeof bestModeTable)["columns"]>[] = [];
  const built = rivals.filter(({ isBuilt }) => isBuilt);
  const asked = built.length < 2 ? rivals : built;
  if (asked.length < 2) return rows;
  for (const exit of EXIT_COSTS) {
    for (const reference of REFERENCE_COSTS) {
      const moved = { ...costs, exit, reference, hostReference: reference };
      const prices = asked.map(({ mode, count }) => ({ mode, perAccess: price(count, moved).perAccess }));
      const cheapest = prices.reduce((low, each) => (each.perAccess < low.perAccess ? each : low));
      rows.push({ ...of, core, exit, reference, ...cheapest });
    }
  }
  return rows;
}
