/** Something to be named in a drawing: where it is, px, and how long its name is, letters. */
export interface NamedPoint {
  readonly x: number;
  readonly y: number;
  readonly letters: number;
  /** Whether the name stands left of the point. */
  readonly isLeft: boolean;
}

/** Of a letter at the names' size, and from a point to its name. */
const LETTER_PX = 6.2,
  LINE_PX = 14,
  GAP_PX = 9,
  /** Above the plot there is room for half a line. */
  ABOVE_PX = 10;
/** Tried in this order: a little above the point, then farther and farther away. */
const OFFSETS = [-8, 8, -22, 22, -36, 36, -50, 50, -64, 64];

/** How far above (−) or below each point its name is to stand, so that names keep clear of each other; undefined where there is no room. */
export function nameOffsets(points: readonly NamedPoint[], heightPx: number): readonly (number | undefined)[] {
  const taken: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  return points.map(({ x, y, letters, isLeft }) => {
    const from = isLeft ? x - GAP_PX - letters * LETTER_PX : x + GAP_PX;
    const to = from + letters * LETTER_PX;
    const isFree = (at: number): boolean =>
      at > -ABOVE_PX && at < heightPx && taken.every((other) => other.to < from || other.from > to || Math.abs(other.y - at) >= LINE_PX);
    const offset = OFFSETS.find((each) => isFree(y + each));
    if (offset !== undefined) taken.push({ from, to, y: y + offset });
    return offset;
  });
}
