import type { Named, Params, Random, Values } from "@tidemark/data/shapes";

/** What an estimator may see of a VM: whether pages were touched, never when exactly. */
export interface TouchView {
  readonly configuredPages: number;
  /** The epoch now running; epochs only grow. Whatever is touched from now on has at least this epoch. */
  epoch(): number;
  /** The A bit of a PPN if it was cleared when `epoch` began. */
  touchedSince(ppn: number, epoch: number): boolean;
  /** How many PPNs have such an A bit: a scan of all of them. */
  countTouchedSince(epoch: number): number;
}

/** Active memory as an estimator sees it, in pages; NaN where it has no such figure (yet). */
export interface Estimate {
  readonly reported: number;
  readonly slow: number;
  readonly fast: number;
  readonly next: number;
  /** 95 % confidence band of the reported figure. */
  readonly low: number;
  readonly high: number;
}

export const NO_ESTIMATE: Estimate = { reported: NaN, slow: NaN, fast: NaN, next: NaN, low: NaN, high: NaN };

export interface Estimation {
  /** Called at the end of each period, after its last access. */
  periodEnded(): void;
  read(): Estimate;
}

/** Guesses active memory the way a hypervisor can: by sampling or by A bits. `period` is a parameter of every one. */
export interface Estimator<P extends Params = Params> extends Named {
  readonly source: string;
  readonly params: P;
  create(view: TouchView, params: Values<P>, random: Random): Estimation;
}

export const estimator = <const P extends Params>(e: Estimator<P>): Estimator<P> => e;
