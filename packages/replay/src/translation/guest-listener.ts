import type { AccessBatch } from "@tidemark/data";

/** Who is told what one VM's guest does, in order. Pages are the trace's dense pages; −1 where nobody knows which. */
export interface GuestListener {
  /** Rows of one vCPU in the space it has loaded, which the kernel has too: `base` is the first of its rows. The batch is reused afterwards. */
  rows(vcpu: number, batch: AccessBatch, from: number, to: number, base: number): void;
  /** A vCPU is found to be in a space; nobody saw the load. */
  entered(vcpu: number, space: number): void;
  /** CR3 was loaded. */
  loaded(vcpu: number, space: number): void;
  /** A mapping is first seen, without a fault that made it. Told only where the watch is asked to. */
  found(page: number, ppn: number): void;
  /** The leaf entry of a page is not what it was: PPN or permission. Truth, before anything is invalidated. */
  changed(page: number): void;
  written(page: number, level: number, timeNs: number): void;
  /** `vcpu` −1: on every one (a shootdown). */
  invalidated(vcpu: number, page: number, hasChanged: boolean, isShown: boolean): void;
  faulted(page: number): void;
  tick(timeNs: number): void;
  forget(ppn: number, entries: readonly number[]): void;
}
