/** Misses at a memory size. */
export interface CurvePoint {
  readonly pages: number;
  readonly misses: number;
}

/**
 * The point farthest below the straight line from no memory, where every access misses, to memory for all of `distinct` pages, where
 * only first accesses do: the knee (Satopaa 2011). Points by rising size; undefined where none is below the line.
 */
export function kneeOf(points: readonly CurvePoint[], references: number, distinct: number): CurvePoint | undefined {
  let knee: CurvePoint | undefined;
  let farthest = 0;
  for (const point of points) {
    if (point.pages > distinct) break;
    const below = references - ((references - distinct) * point.pages) / distinct - point.misses;
    if (below > farthest) [knee, farthest] = [point, below];
  }
  return knee;
}

/** The first point, by rising size, whose misses exceed those of memory for all `distinct` pages by no more than `extra` of them, there and at every larger one. */
export function enoughOf(points: readonly CurvePoint[], distinct: number, extra: number): CurvePoint | undefined {
  let enough: CurvePoint | undefined;
  for (const point of points) {
    if (point.misses > distinct * (1 + extra)) enough = undefined;
    else enough ??= point;
  }
  return enough;
}
