import type { breakEvenTable, Row } from "@tidemark/data/shapes";
import { formatFigure } from "./memory-unit.ts";
import type { ModeCost } from "./mode-figures.ts";
import { isBaseline, isProposal } from "./mode-words.ts";
import { vmLabel } from "./vm-label.ts";

type Even = Row<typeof breakEvenTable.columns>;

const COSTS = [
  { cost: "exit", words: "an exit" },
  { cost: "reference", words: "a memory reference of a walk" },
] as const;
export type VariedCost = (typeof COSTS)[number]["cost"];

/** A cost as the run assumed it; NaN where it is not one number, or nothing is known of it. */
export const assumedCost = (rows: readonly Even[], cost: VariedCost): number => rows.find((row) => row.cost === cost)?.assumed ?? NaN;

/** Modes that one can have: no baseline, and no proposals where there is anything else. From the cheapest. */
export function choosableModes(costs: readonly ModeCost[]): readonly ModeCost[] {
  const rivals = costs.filter(({ mode }) => !isBaseline(mode)).toSorted((a, b) => a.perAccess - b.perAccess);
  const had = rivals.filter(({ mode }) => !isProposal(mode));
  return had.length === 0 ? rivals : had;
}

/** The cheapest choosable mode, and where another becomes cheaper, in a sentence without its full stop; "" where there is no choice. */
export function turningPoints(rows: readonly Even[], costs: readonly ModeCost[]): string {
  const [cheapest, ...others] = choosableModes(costs);
  if (cheapest === undefined || others.length === 0) return "";
  const head = `${vmLabel(cheapest.mode)} is the cheapest at the assumed costs`;
  const turns = COSTS.flatMap(({ cost, words }) => turnsOf(rows, cost, cheapest, others).map((turn) => ({ ...turn, words })));
  const never = COSTS.filter(({ words }) => turns.every((turn) => turn.words !== words)).map(({ words }) => words);
  if (turns.length === 0) return `${head}, and stays it whatever ${never.join(" or ")} costs`;
  const listed = [...new Set(turns.map(({ mode }) => mode))].map((mode) => {
    const where = turns.filter((turn) => turn.mode === mode).map(({ words, than }) => `${words} costs ${than}`);
    return `${vmLabel(mode)} is cheaper where ${where.join(", or where ")}`;
  });
  return [head, ...listed, ...never.map((words) => `what ${words} costs does not change it`)].join("; ");
}

/** Where another mode becomes cheaper than the cheapest one, on either side of the assumed cost: the nearest such point. */
function turnsOf(rows: readonly Even[], cost: VariedCost, cheapest: ModeCost, others: readonly ModeCost[]) {
  const rivals = new Set(others.map(({ mode }) => mode));
  const found = rows.filter((row) => row.cost === cost && !Number.isNaN(row.value)).toSorted((a, b) => a.value - b.value);
  const upwards = found.find(({ below, above }) => below === cheapest.mode && rivals.has(above));
  const downwards = found.findLast(({ below, above }) => above === cheapest.mode && rivals.has(below));
  const assumed = assumedCost(rows, cost);
  const beside = Number.isNaN(assumed) ? "" : ` (assumed: ${formatFigure(assumed)})`;
  return [
    ...(upwards === undefined ? [] : [{ mode: upwards.above, than: `more than ${formatFigure(upwards.value)} cycles${beside}` }]),
    ...(downwards === undefined ? [] : [{ mode: downwards.below, than: `less than ${formatFigure(downwards.value)} cycles${beside}` }]),
  ];
}
