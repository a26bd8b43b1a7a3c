import { InputError, roundTime } from "@tidemark/data/shapes";
import type { Guest } from "../guests.ts";
import { isTime, timeOf } from "../instants.ts";
import { FINAL, LAST_TOUCH, RECORD, type Machine } from "../machine.ts";
import { playedEpochs } from "../played-epochs.ts";
import type { Scenario } from "../scenario.ts";
import { createSchedule, IDLE30_WINDOWS, SAMPLES_MAX } from "../schedule.ts";
import { createEstimations, createVms, type EstimatorPlan } from "../set-up.ts";
import { contendedStage } from "./contended-stage.ts";
import { createHost, type HostPlan } from "./create-host.ts";

/** What is to be rehearsed; times in ns of the replay's clock. */
export interface RehearsalPlan {
  readonly scenario: Scenario;
  readonly hostPlan: HostPlan;
  readonly guests: readonly Guest[];
  readonly plugs: readonly EstimatorPlan[];
  readonly originNs: number;
  /** The end on the open clock. */
  readonly tracedEndNs: number;
  readonly windowNs: number;
  readonly sampleNs: number;
  /** As asked. */
  readonly instants: readonly string[];
}

/** What only those know who have played it: when it ends, when markers come, which touch of a page is the last. */
export interface Rehearsal {
  /** The first sample by which all is done and the scenario's `span`, if it has one, is over. */
  readonly endNs: number;
  /** With their markers where they came. */
  readonly guests: readonly Guest[];
  /** Of every VM, by PPN: the epoch of its last touch. */
  readonly lastTouch: readonly Int32Array[];
}

/** Whether waits delay anything: on the dilated clock, unless they cost nothing. */
export const isDilated = ({ clock }: Scenario, { mechanisms }: HostPlan): boolean =>
  clock === "dilated" && Object.values(mechanisms.stallCosts).some((ns) => ns > 0);

/**
 * Plays the VMs of a scenario once, to find what the dilated clock makes of their times. What is looked at is looked at here, too, so that
 * the replay itself goes the same way.
 */
export async function rehearse(plan: RehearsalPlan, progress: (doneRows: number) => void): Promise<Rehearsal> {
  const { originNs, tracedEndNs, sampleNs, instants } = plan;
  if (instants.includes("peak")) throw new InputError("--at peak: not known on the dilated clock; name a time, end or a marker");
  const spanNs = tracedEndNs - originNs;
  // A trace of more samples than there may be is refused like on the open clock.
  const most = Math.max(SAMPLES_MAX, Math.ceil(spanNs / sampleNs));
  for (let samples = Math.min(most, Math.ceil((1.25 * spanNs) / sampleNs) + 1); ; samples = Math.min(2 * samples, most)) {
    const found = await rehearseUntil(plan, originNs + samples * sampleNs, progress);
    if (found !== undefined) return found;
    if (samples === most)
      throw new InputError(
        `clock: dilated: waits stretch the ${roundTime(spanNs)} of the trace beyond ${roundTime(samples * sampleNs)}, as far as samples every ${roundTime(sampleNs)} go; ` +
          "take a longer sample, lower stallCosts, more memory, or the open clock",
      );
  }
}

/** Undefined where something is not done by then. */
async function rehearseUntil(plan: RehearsalPlan, untilNs: number, progress: (doneRows: number) => void): Promise<Rehearsal | undefined> {
  const { scenario, hostPlan, guests, plugs, originNs, tracedEndNs, windowNs, sampleNs, instants } = plan;
  const schedule = createSchedule(
    originNs,
    untilNs,
    windowNs,
    sampleNs,
    instants.filter(isTime).map(timeOf),
    plugs.map(({ periodNs }) => periodNs),
    untilNs + IDLE30_WINDOWS * windowNs,
  );
  const machine = await createVms(guests, schedule, hostPlan.machinePages);
  const estimations = createEstimations(machine, plugs, scenario.seed);
  const host = await createHost(scenario, hostPlan, guests, machine, (v) => estimations[v][0].read().reported, undefined);
  const { policy, policyParams } = hostPlan;
  const stage = contendedStage(host, policy, policyParams, guests, () => {}, originNs, scenario.host?.quantum ?? 1);
  for await (const timeNs of playedEpochs(schedule, { machine, stage, plugs, estimations })) {
    progress(stage.rows());
    const isSpanned = scenario.span === undefined || timeNs >= tracedEndNs;
    if ((timeNs - originNs) % sampleNs !== 0 || !isSpanned || !stage.isDone()) continue;
    return {
      endNs: timeNs,
      guests: guests.map((guest, v) => ({
        ...guest,
        markers: stage.markedNs[v].map((markedNs, m) => ({ ...guest.markers[m], timeNs: markedNs })),
      })),
      lastTouch: machine.vms.map(({ configuredPages, seen }) =>
        Int32Array.from({ length: configuredPages }, (_, ppn) => seen[RECORD * ppn + LAST_TOUCH]),
      ),
    };
  }
  return undefined;
}

/** Writes each page's last touch into its record. */
export function tellRehearsed(machine: Machine, { lastTouch }: Rehearsal): void {
  machine.vms.forEach(({ seen }, v) => lastTouch[v].forEach((epoch, ppn) => void (seen[RECORD * ppn + FINAL] = epoch)));
}
