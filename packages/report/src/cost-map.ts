/** A rectangle of a map over two costs in which one mode is the cheapest. */
export interface CostArea {
  readonly mode: string;
  readonly exitFrom: number;
  readonly exitTo: number;
  readonly referenceFrom: number;
  readonly referenceTo: number;
}

interface CostPoint {
  readonly exit: number;
  readonly reference: number;
  readonly mode: string;
}

/** Half a third of a doubling: where a cost stands alone, how far its cell goes. */
const ALONE = 2 ** (1 / 6);

/** Cells around ascending costs, on a log scale: each ends half way to the next. One border more than costs. */
function borders(costs: readonly number[]): readonly number[] {
  const between = costs.slice(1).map((cost, i) => Math.sqrt(cost * (costs[i] ?? cost)));
  const [first = NaN, last = NaN] = [costs[0], costs.at(-1)];
  const [low, high] = [between[0], between.at(-1)];
  return [low === undefined ? first / ALONE : first ** 2 / low, ...between, high === undefined ? last * ALONE : last ** 2 / high];
}

const ascending = (costs: readonly number[]): readonly number[] => [...new Set(costs)].sort((a, b) => a - b);

/** The points of a map as few rectangles: neighbours with the same mode along a row are one, and so are rows alike. */
export function costAreas(points: readonly CostPoint[]): readonly CostArea[] {
  const exits = ascending(points.map(({ exit }) => exit));
  const references = ascending(points.map(({ reference }) => reference));
  const [exitAt, referenceAt] = [borders(exits), borders(references)];
  const modeAt = new Map(points.map(({ exit, reference, mode }) => [`${exit} ${reference}`, mode]));
  const done: CostArea[] = [];
  let open = new Map<string, CostArea>();
  references.forEach((reference, r) => {
    const row = new Map<string, CostArea>();
    for (let from = 0; from < exits.length;) {
      const mode = modeAt.get(`${exits[from]} ${reference}`);
      let to = from + 1;
      while (to < exits.length && modeAt.get(`${exits[to]} ${reference}`) === mode) to++;
      if (mode !== undefined) {
        const key = JSON.stringify([from, to, mode]);
        const referenceFrom = open.get(key)?.referenceFrom ?? referenceAt[r] ?? NaN;
        row.set(key, {
          mode,
          exitFrom: exitAt[from] ?? NaN,
          exitTo: exitAt[to] ?? NaN,
          referenceFrom,
          referenceTo: referenceAt[r + 1] ?? NaN,
        });
      }
      from = to;
    }
    for (const [key, area] of open) if (!row.has(key)) done.push(area);
    open = row;
  });
  return [...done, ...open.values()];
}
