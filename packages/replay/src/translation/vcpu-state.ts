/** What one vCPU of a guest is in, and its page fault that has not shown yet where it was. */
export interface VcpuState {
  readonly number: number;
  space: number;
  pending: "" | "fault" | "wp";
  /** The space that was loaded when it faulted. */
  pendingSpace: number;
  /** When it faulted: a row of that very instant, which stands after the event, was before it. */
  pendingNs: number;
}
