import type { Estimation } from "./estimator.ts";
import type { Machine } from "./machine.ts";
import type { Schedule } from "./schedule.ts";
import { endPeriods, type EstimatorPlan } from "./set-up.ts";
import type { Stage } from "./stage.ts";
import { beginEpoch } from "./touch.ts";

/** All that goes from epoch to epoch. */
export interface Playing {
  readonly machine: Machine;
  readonly stage: Stage;
  readonly plugs: readonly EstimatorPlan[];
  /** Of every VM, in the order of `plugs`. */
  readonly estimations: readonly (readonly Estimation[])[];
}

/** The ends of a schedule's epochs, each when all has been played and done that is due by then. Closes the stage, however the loop over it ends. */
export async function* playedEpochs({ ends, originNs }: Schedule, { machine, stage, plugs, estimations }: Playing): AsyncGenerator<number> {
  try {
    for (const timeNs of ends) {
      beginEpoch(machine);
      await stage.advance(timeNs);
      endPeriods(plugs, estimations, timeNs - originNs);
      stage.tick(timeNs);
      yield timeNs;
    }
  } finally {
    await stage.close();
  }
}
