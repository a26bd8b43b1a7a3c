/** What a measured process prints of itself. */
export interface Measured {
  readonly cpuS: number;
  readonly peakMb: number;
  /** A figure, or figures, that show that the work was done. */
  readonly proof: unknown;
}
