/**
 * Rows of a table of samples, thinned to at most `samplesMax` instants spread evenly over them: first and last kept, and at each
 * of `keepNs` the sample nearest at or before it. Picks samples, never averages: every point drawn is a row of the run.
 */
export function thinned<R>(rows: readonly R[], samplesMax: number, keepNs: readonly number[]): readonly R[] {
  const timeOf = (row: R): number => Number(Object(row).time);
  const times = [...new Set(rows.map(timeOf))].sort((a, b) => a - b);
  if (times.length <= samplesMax) return rows;
  const kept = new Set<number>();
  const even = Math.max(2, samplesMax - keepNs.length);
  for (let i = 0; i < even; i++) kept.add(times[Math.round((i * (times.length - 1)) / (even - 1))] ?? NaN);
  for (const timeNs of keepNs) kept.add(lastAtOrBefore(times, timeNs));
  return rows.filter((row) => kept.has(timeOf(row)));
}

/** The last of ascending `times` at or before `timeNs`; NaN if all are later. */
export function lastAtOrBefore(times: readonly number[], timeNs: number): number {
  return times.filter((time) => time <= timeNs).at(-1) ?? NaN;
}
