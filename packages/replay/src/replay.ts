import { BLOCK_PAGES, find, readParams, type Run, type Table, type Trace, type TracedPpns } from "@tidemark/data";
import { playGuestRows } from "./allocator.ts";
import { checkMachine } from "./check-machine.ts";
import { startWithContents } from "./contents-alone.ts";
import type { Estimation, TouchView } from "./estimator.ts";
import { estimators } from "./estimators.ts";
import type { Player } from "./feed.ts";
import { createGroups } from "./groups.ts";
import { openGuests, type Guest } from "./guests.ts";
import { checkHost } from "./host/check-host.ts";
import { assumptions } from "./host/assumptions.ts";
import { contendedStage } from "./host/contended-stage.ts";
import { createHost, planHost } from "./host/create-host.ts";
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
import { spanOf } from "./span.ts";
import { firstOwner, userOwners } from "./space-owner.ts";
import { uncontendedStage } from "./stage.ts";
import { beginEpoch, touchRows } from "./touch.ts";
import { createTranslations, type Translations } from "./translation/translations.ts";
import { defaultSamplePeriod, defaultWindow } from "./window.ts";

export interface ReplayPlan {
  readonly scenario: Scenario;
  /** Opens a trace by the path the scenario names. */
  readonly open: (path: string) => Trace;
  /** Instants to explain in full, as asked: `6.5s`, `peak`, `end`, `mark:12`. */
  readonly instants: readonly string[];
  /** Recount the machine page by page after every sample; `rows`: after every stretch of accesses, too. */
  readonly check: boolean | "rows";
  /** Goes into the manifest. */
  readonly tool: string;
  readonly progress: (doneRows: number, totalRows: number) => void;
}

/** Replays the traces of a scenario on an uncontended host. Same plan, same tables, byte for byte. */
export async function replay(plan: ReplayPlan): Promise<Run> {
  const { scenario } = plan;
  const opened = await openGuests(scenario, plan.open);
  const guests = scenario.host === undefined ? opened : await startWithContents(opened);
  const allMarkers = guests.flatMap(({ markers }) => markers);
  const { originNs, endNs } = spanOf(guests, scenario.span);
  const chosen = scenario.window === undefined ? defaultWindow(endNs - originNs) : { windowNs: scenario.window, from: "as given" };
  const sampleNs = scenario.sample ?? defaultSamplePeriod(endNs - originNs, chosen.windowNs);
  const instants = guests.map((guest) =>
    plan.instants.map((asked) => ({ asked, timeNs: instantOf(asked, guest, allMarkers, originNs, endNs) })),
  );
  const plugs = estimatorPlans(scenario, chosen.windowNs);
  const hostPlan = planHost(scenario, guests);
  const schedule = createSchedule(
    originNs,
    endNs,
    chosen.windowNs,
    sampleNs,
    instants.flat().map(({ timeNs }) => timeNs),
    plugs.map(({ periodNs }) => periodNs),
  );
  const machine = await createVms(guests, schedule, hostPlan?.machinePages);
  const estimations = machine.vms.map((vm) =>
    plugs.map(({ create, name }) => create(touchView(vm), seededRandom(scenario.seed, vm.name, name))),
  );
  const { translation } = scenario;
  const translations = translation === undefined ? undefined : await createTranslations(guests, translation, originNs, endNs);
  const host =
    hostPlan === undefined
      ? undefined
      : await createHost(scenario, hostPlan, guests, machine, (v) => estimations[v][0].read().reported, translations);
  const observations = await Promise.all(
    observers.map(async (observer) =>
      observer.create({
        machine,
        schedule,
        host,
        traced: guests.map(({ trace, traced, offsetNs }) => ({ trace, vm: traced, offsetNs })),
        estimatorNames: plugs.map(({ name }) => name),
      }),
    ),
  );
  const check = (): void => {
    checkMachine(machine);
    if (host !== undefined) checkHost(host);
  };
  const player = playerOf(machine, observations, translations, plan.check === "rows" ? check : () => {});
  const stage =
    host === undefined || hostPlan === undefined
      ? uncontendedStage(guests, player)
      : contendedStage(host, hostPlan.policy, hostPlan.policyParams, guests, player.observed, originNs, scenario.host?.quantum ?? 1);
  const totalRows = guests.reduce((sum, { facts }) => sum + facts.rows, 0);
  try {
    for (const timeNs of schedule.ends) {
      beginEpoch(machine);
      await stage.advance(timeNs);
      const isMultiple = (periodNs: number): boolean => (timeNs - originNs) % periodNs === 0;
      plugs.forEach(({ periodNs }, e) => {
        if (timeNs > originNs && isMultiple(periodNs)) for (const ofVm of estimations) ofVm[e].periodEnded();
      });
      stage.tick(timeNs);
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
      if (sampled && plan.check !== false) check();
      plan.progress(stage.rows(), totalRows);
    }
  } finally {
    await stage.close();
  }
  if (plan.check !== false) check();
  const translated = translations?.finish();
  const tables: readonly Table[] = [...observations.flatMap((observation) => observation.finish()), ...(translated?.tables ?? [])];
  const outside = machine.vms.map(({ outsideAccesses }) => outsideAccesses);
  const statements = [...assumptions(scenario), ...(translated?.statements ?? [])];
  return { manifest: recordOf(scenario, plan.tool, guests, outside, schedule, chosen.from, instants, statements), tables };
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

async function createVms(guests: readonly Guest[], schedule: Schedule, machinePages: number | undefined): Promise<Machine> {
  const plans = [];
  const futures: { readonly ppns: TracedPpns; readonly offsetNs: number }[] = [];
  for (const { name, configuredPages, backing, trace, traced, facts, offsetNs } of guests) {
    const pages = (await trace.pages())[traced];
    const ppns = (await trace.ppns())[traced];
    futures.push({ ppns, offsetNs });
    const physicalOnly = isPhysicalOnly(pages, ppns, facts.ppns);
    const groups = createGroups(firstOwner(physicalOnly));
    const userOwner = userOwners(groups, pages, physicalOnly);
    const vpnOf = facts.ppns === "captured" ? pages.vpn : new Float64Array(0);
    plans.push({ name, configuredPages, blockPages: backing === "2m" ? BLOCK_PAGES : 1, groups, userOwner, vpnOf });
  }
  const machine = createMachine(plans, schedule.ends.length, schedule.lookBackEpochs, machinePages);
  futures.forEach(({ ppns, offsetNs }, v) => tellFuture(machine.vms[v], ppns, (timeNs) => epochOf(schedule, timeNs + offsetNs)));
  return machine;
}

/** Who plays rows and guest events: the machine, then what translates beside it. `after`: a stretch of accesses. */
function playerOf(
  machine: Machine,
  observations: readonly Observation[],
  translations: Translations | undefined,
  after: () => void,
): Player {
  return {
    accesses(batch, from, to) {
      touchRows(machine, batch, from, to);
      translations?.accesses(batch, from, to);
    },
    guestEvents(batch, from, to) {
      playGuestRows(machine, batch, from, to);
      translations?.guestEvents(batch, from, to);
    },
    observed(batch, from, to) {
      for (const observation of observations) observation.accesses?.(batch, from, to);
      after();
    },
  };
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
