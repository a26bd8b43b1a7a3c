import { BLOCK_PAGES, find, InputError, readParams, type Run, type Table, type Trace, type TracedPpns } from "@tidemark/data";
import { playGuestRows } from "./allocator.ts";
import { checkMachine } from "./check-machine.ts";
import type { Estimation, TouchView } from "./estimator.ts";
import { estimators } from "./estimators.ts";
import { createFeed, type Feed, type Player } from "./feed.ts";
import { createGroups } from "./groups.ts";
import { openGuests, type Guest } from "./guests.ts";
import { instantOf } from "./instants.ts";
import { ledgerOf } from "./ledger.ts";
import { createMachine, LAST_TOUCH, RECORD, tellFuture, type Machine, type Vm } from "./machine.ts";
import type { Observation, VmSample } from "./observer.ts";
import { observers } from "./observers.ts";
import { seededRandom } from "./random.ts";
import { recordOf } from "./run-record.ts";
import type { Scenario } from "./scenario.ts";
import { createSchedule, epochOf, type Schedule } from "./schedule.ts";
import { isPhysicalOnly } from "./space-label.ts";
import { firstOwner, userOwners } from "./space-owner.ts";
import { beginEpoch, touchRows } from "./touch.ts";
import { defaultSamplePeriod, defaultWindow } from "./window.ts";

export interface ReplayPlan {
  readonly scenario: Scenario;
  /** Opens a trace by the path the scenario names. */
  readonly open: (path: string) => Trace;
  /** Instants to explain in full, as asked: `6.5s`, `peak`, `end`, `mark:12`. */
  readonly instants: readonly string[];
  /** Recount the machine page by page after every sample. */
  readonly check: boolean;
  /** Goes into the manifest. */
  readonly tool: string;
  readonly progress: (doneRows: number, totalRows: number) => void;
}

/** Replays the traces of a scenario on an uncontended host. Same plan, same tables, byte for byte. */
export async function replay(plan: ReplayPlan): Promise<Run> {
  const { scenario } = plan;
  const guests = await openGuests(scenario, plan.open);
  const allMarkers = guests.flatMap(({ markers }) => markers);
  const origins = guests.flatMap(({ facts }) => (facts.firstNs === null ? [] : [facts.firstNs]));
  const lasts = guests.flatMap(({ facts }) => (facts.lastNs === null ? [] : [facts.lastNs]));
  if (origins.length === 0) throw new InputError(`${guests.map(({ trace }) => trace.name).join(", ")}: no accesses to replay`);
  const originNs = Math.min(...origins);
  const endNs = Math.max(...lasts);
  const chosen = scenario.window === undefined ? defaultWindow(endNs - originNs) : { windowNs: scenario.window, from: "as given" };
  const sampleNs = scenario.sample ?? defaultSamplePeriod(endNs - originNs, chosen.windowNs);
  const instants = guests.map((guest) =>
    plan.instants.map((asked) => ({ asked, timeNs: instantOf(asked, guest, allMarkers, originNs, endNs) })),
  );
  const plugs = estimatorPlans(scenario, chosen.windowNs);
  const schedule = createSchedule(
    originNs,
    endNs,
    chosen.windowNs,
    sampleNs,
    instants.flat().map(({ timeNs }) => timeNs),
    plugs.map(({ periodNs }) => periodNs),
  );
  const machine = await createHost(guests, schedule);
  const estimations = machine.vms.map((vm) =>
    plugs.map(({ create, name }) => create(touchView(vm), seededRandom(scenario.seed, vm.name, name))),
  );
  const observations = await Promise.all(
    observers.map(async (observer) =>
      observer.create({
        machine,
        schedule,
        traced: guests.map(({ trace, traced }) => ({ trace, vm: traced })),
        estimatorNames: plugs.map(({ name }) => name),
      }),
    ),
  );
  const feeds = createFeeds(guests, machine, observations);
  const totalRows = guests.reduce((sum, { facts }) => sum + facts.rows, 0);
  try {
    for (const timeNs of schedule.ends) {
      beginEpoch(machine);
      for (const feed of feeds) await feed.advance(timeNs);
      const isMultiple = (periodNs: number): boolean => (timeNs - originNs) % periodNs === 0;
      plugs.forEach(({ periodNs }, e) => {
        if (timeNs > originNs && isMultiple(periodNs)) for (const ofVm of estimations) ofVm[e].periodEnded();
      });
      const sampled = isMultiple(sampleNs);
      machine.vms.forEach((vm, v) => {
        const asked = instants[v].filter((instant) => instant.timeNs === timeNs);
        if (!sampled && asked.length === 0) return;
        const estimates = estimations[v].map((estimation) => estimation.read());
        const sample: VmSample = { vm: v, timeNs, ledger: ledgerOf(machine, vm, schedule), estimates };
        for (const observation of observations) {
          if (sampled) observation.sample?.(sample);
          for (const instant of asked) observation.instant?.(instant.asked, sample);
        }
      });
      if (sampled && plan.check) checkMachine(machine);
      plan.progress(
        feeds.reduce((sum, feed) => sum + feed.rows(), 0),
        totalRows,
      );
    }
  } finally {
    for (const feed of feeds) await feed.close();
  }
  if (plan.check) checkMachine(machine);
  const tables: readonly Table[] = observations.flatMap((observation) => observation.finish());
  return { manifest: recordOf(scenario, plan.tool, guests, machine, schedule, chosen.from, instants), tables };
}

/** The reporting estimator with its parameters, then the others with their defaults, each with its period on the trace's clock. */
function estimatorPlans({ estimator: { name, ...given }, timeScale }: Scenario, windowNs: number) {
  const reporting = find("estimator", estimators, name);
  return [reporting, ...estimators.filter((e) => e !== reporting)].map((e) => {
    const wanted = { period: windowNs * timeScale, ...(e === reporting ? given : {}) };
    const params = readParams(e.name, e.params, wanted);
    const periodNs = Math.max(1, Math.round(Number(params["period"]) / timeScale));
    const create = (view: TouchView, random: () => number): Estimation => e.create(view, params, random);
    return { name: e.name, periodNs, create };
  });
}

async function createHost(guests: readonly Guest[], schedule: Schedule): Promise<Machine> {
  const plans = [];
  const futures: TracedPpns[] = [];
  for (const { name, configuredPages, backing, trace, traced, facts } of guests) {
    const pages = (await trace.pages())[traced];
    const ppns = (await trace.ppns())[traced];
    futures.push(ppns);
    const physicalOnly = isPhysicalOnly(pages, ppns, facts.ppns);
    const groups = createGroups(firstOwner(physicalOnly));
    const userOwner = userOwners(groups, pages, physicalOnly);
    const vpnOf = facts.ppns === "captured" ? pages.vpn : new Float64Array(0);
    plans.push({ name, configuredPages, blockPages: backing === "2m" ? BLOCK_PAGES : 1, groups, userOwner, vpnOf });
  }
  const machine = createMachine(plans, schedule.ends.length, schedule.lookBackEpochs);
  futures.forEach((ppns, v) => tellFuture(machine.vms[v], ppns, (timeNs) => epochOf(schedule, timeNs)));
  return machine;
}

/** One feed per trace; a VM of a trace that the scenario has n times is fed by n feeds. */
function createFeeds(guests: readonly Guest[], machine: Machine, observations: readonly Observation[]): readonly Feed[] {
  const player: Player = {
    accesses: (batch, from, to) => touchRows(machine, batch, from, to),
    guestEvents: (batch, from, to) => playGuestRows(machine, batch, from, to),
    observed(batch, from, to) {
      for (const observation of observations) observation.accesses?.(batch, from, to);
    },
  };
  const feeds: { readonly trace: Trace; readonly hostVm: number[] }[] = [];
  guests.forEach(({ trace, traced }, v) => {
    const free = feeds.find((feed) => feed.trace === trace && feed.hostVm[traced] === -1);
    if (free !== undefined) free.hostVm[traced] = v;
    else feeds.push({ trace, hostVm: trace.manifest.vms.map((_, t) => (t === traced ? v : -1)) });
  });
  return feeds.map(({ trace, hostVm }) => createFeed(trace, hostVm, player));
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
