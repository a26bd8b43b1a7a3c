import { BLOCK_PAGES, find, type Random, readParams, seededRandom } from "@tidemark/data/shapes";
import type { Estimation, TouchView } from "./estimator.ts";
import { estimators } from "./estimators.ts";
import { createGroups } from "./groups.ts";
import type { Guest } from "./guests.ts";
import { lastTouchesUntil } from "./last-touches.ts";
import { createMachine, LAST_TOUCH, RECORD, tellFuture, type Machine, type Vm } from "./machine.ts";
import type { Scenario } from "./scenario.ts";
import { epochOf, type Schedule } from "./schedule.ts";
import { isPhysicalOnly } from "./space-label.ts";
import { firstOwner, userOwners } from "./space-owner.ts";

/** An estimator with its parameters. */
export interface EstimatorPlan {
  readonly name: string;
  /** On the replay's clock. */
  readonly periodNs: number;
  readonly create: (view: TouchView, random: Random) => Estimation;
}

/** The reporting estimator with its parameters, then the others with their defaults, each with its period on the trace's clock. */
export function estimatorPlans({ estimator: { name, ...given }, timeScale }: Scenario, windowNs: number): readonly EstimatorPlan[] {
  const reporting = find("estimator", estimators, name);
  return [reporting, ...estimators.filter((e) => e !== reporting)].map((e) => {
    const wanted = { period: windowNs * timeScale, ...(e === reporting ? given : {}) };
    const params = readParams(e.name, e.params, wanted);
    const periodNs = Math.max(1, Math.round(Number(params["period"]) / timeScale));
    const create = (view: TouchView, random: () => number): Estimation => e.create(view, params, random);
    return { name: e.name, periodNs, create };
  });
}

/** The machine before the first access. */
export async function createVms(guests: readonly Guest[], schedule: Schedule, machinePages: number | undefined): Promise<Machine> {
  const plans = [];
  for (const { name, configuredPages, backing, trace, traced, facts } of guests) {
    const pages = (await trace.pages())[traced];
    const ppns = (await trace.ppns())[traced];
    const physicalOnly = isPhysicalOnly(pages, ppns, facts.ppns);
    const groups = createGroups(firstOwner(physicalOnly));
    const userOwner = userOwners(groups, pages, physicalOnly);
    const vpnOf = facts.ppns === "captured" ? pages.vpn : new Float64Array(0);
    plans.push({ name, configuredPages, blockPages: backing === "2m" ? BLOCK_PAGES : 1, groups, userOwner, vpnOf });
  }
  return createMachine(plans, schedule.ends.length, schedule.lookBackEpochs, machinePages);
}

/** When pages are touched last, as far as their traces are played. */
export async function tellTracedFuture(machine: Machine, guests: readonly Guest[], schedule: Schedule): Promise<void> {
  for (const [v, { trace, traced, configuredPages, offsetNs, stopNs }] of guests.entries()) {
    const isStopped = stopNs < Infinity;
    const ppns = isStopped ? await lastTouchesUntil(trace, traced, configuredPages, stopNs - offsetNs) : (await trace.ppns())[traced];
    tellFuture(machine.vms[v], ppns, (timeNs) => epochOf(schedule, timeNs + offsetNs));
  }
}

/** Every VM's estimators, in the order of their plans. */
export const createEstimations = (machine: Machine, plans: readonly EstimatorPlan[], seed: number): readonly (readonly Estimation[])[] =>
  machine.vms.map((vm) => plans.map(({ create, name }) => create(touchView(vm), seededRandom(seed, vm.name, name))));

/** Ends the estimators' periods that end so long after the first access. */
export function endPeriods(plans: readonly EstimatorPlan[], estimations: readonly (readonly Estimation[])[], elapsedNs: number): void {
  if (elapsedNs === 0) return;
  plans.forEach(({ periodNs }, e) => {
    if (elapsedNs % periodNs === 0) for (const ofVm of estimations) ofVm[e].periodEnded();
  });
}

function touchView(vm: Vm): TouchView {
  const { seen, census, configuredPages } = vm;
  return {
    configuredPages,
    epoch: () => census.epoch,
    touchedSince: (ppn, epoch) => seen[RECORD * ppn + LAST_TOUCH] >= Math.max(1, epoch),
    countTouchedSince(epoch) {
      let pages = 0;
      for (let e = Math.max(1, epoch); e <= census.epoch; e++) pages += census.touched[e];
      return pages;
    },
  };
}
