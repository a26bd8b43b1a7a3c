/** What a case costs: memory that it holds, and time that it waits. Less is better of both. */
export interface Cost {
  readonly name: string;
  readonly consumed: number;
  readonly stall: number;
}

/** Whether `a` is no worse than `b` in both, and better in one. */
const dominates = (a: Cost, b: Cost): boolean =>
  a.consumed <= b.consumed && a.stall <= b.stall && (a.consumed < b.consumed || a.stall < b.stall);

/** A case that dominates `one` and is not dominated itself, the one that waits least; undefined where none does: `one` is on the Pareto front. */
export function dominator(one: Cost, all: readonly Cost[]): string | undefined {
  const [best] = all.filter((other) => dominates(other, one)).toSorted((a, b) => a.stall - b.stall || a.consumed - b.consumed);
  return best?.name;
}
