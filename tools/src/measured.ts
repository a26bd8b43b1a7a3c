/** What a measured process prints of itself. */
export interface Measured {
  readonly cpuS: number;
  /** By the clock; of one of our tasks, like its CPU seconds, without the start of its process. Programs in C do not say it. */
  readonly wallS?: number;
  readonly peakMb: number;
  /** A figure, or figures, that show that the work was done. */
  readonly proof: unknown;
}

/** Runs a task of bench-task.ts in a process of its own. */
export type RunTask = (name: string, path: string, rows?: number, pages?: number) => Measured;

/** Runs two tasks in turn, some times over: the medians of their CPU seconds, and of the first over the second. */
export type SideBySide = (a: () => Measured, b: () => Measured) => readonly [number, number, number];

/** The middle one; of an even number the higher of two. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
