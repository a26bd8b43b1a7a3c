import type { Run, Table, Trace } from "@tidemark/data/shapes";
import { playGuestRows } from "./allocator.ts";
import { checkMachine } from "./check-machine.ts";
import { startWithContents } from "./contents-alone.ts";
import { NO_ESTIMATE } from "./estimator.ts";
import type { Player } from "./feed.ts";
import { openGuests, stopStatements } from "./guests.ts";
import { checkHost } from "./host/check-host.ts";
import { assumptions } from "./host/assumptions.ts";
import { contendedStage } from "./host/contended-stage.ts";
import { createHost, planHost } from "./host/create-host.ts";
import { isDilated, rehearse, tellRehearsed } from "./host/rehearsal.ts";
import { instantOf, isTime } from "./instants.ts";
import { ledgerOf } from "./ledger.ts";
import type { Machine } from "./machine.ts";
import type { Observation, VmSample } from "./observer.ts";
import { observers } from "./observers.ts";
import { playedEpochs } from "./played-epochs.ts";
import { memoryStatements, recordOf } from "./run-record.ts";
import type { Scenario } from "./scenario.ts";
import { createSchedule, IDLE30_WINDOWS } from "./schedule.ts";
import { createEstimations, createVms, estimatorPlans, tellTracedFuture } from "./set-up.ts";
import { spanOf } from "./span.ts";
import { uncontendedStage } from "./stage.ts";
import { touchRows } from "./touch.ts";
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

/** Replays the traces of a scenario on a host of memory without end, or on the finite one that it asks for. Same plan, same tables, byte for byte. */
export async function replay(plan: ReplayPlan): Promise<Run> {
  const { scenario } = plan;
  const opened = await openGuests(scenario, plan.open);
  const undelayed = scenario.host === undefined ? opened : await startWithContents(opened);
  const { originNs, endNs: tracedEndNs } = spanOf(undelayed, scenario.span);
  const chosen = scenario.window === undefined ? defaultWindow(tracedEndNs - originNs) : { windowNs: scenario.window, from: "as given" };
  const { windowNs } = chosen;
  const sampleNs = scenario.sample ?? defaultSamplePeriod(tracedEndNs - originNs, windowNs);
  const plugs = estimatorPlans(scenario, windowNs);
  const hostPlan = planHost(scenario, undelayed);
  const totalRows = undelayed.reduce((sum, { facts }) => sum + facts.rows, 0);
  const rehearsal =
    hostPlan !== undefined && isDilated(scenario, hostPlan)
      ? await rehearse(
          { scenario, hostPlan, guests: undelayed, plugs, originNs, tracedEndNs, windowNs, sampleNs, instants: plan.instants },
          (rows) => plan.progress(rows, 2 * totalRows),
        )
      : undefined;
  const guests = rehearsal?.guests ?? undelayed;
  const endNs = rehearsal?.endNs ?? tracedEndNs;
  const allMarkers = guests.flatMap(({ markers }) => markers);
  const instants = guests.map((guest) =>
    plan.instants.map((asked) => {
      const timeNs = instantOf(asked, guest, allMarkers, originNs, endNs);
      // On the dilated clock a marker is looked at with the first sample after it: a stop of its own might change what happens before.
      const isMoved = rehearsal !== undefined && !isTime(asked);
      return { asked, timeNs: isMoved ? originNs + Math.ceil((timeNs - originNs) / sampleNs) * sampleNs : timeNs };
    }),
  );
  const schedule = createSchedule(
    originNs,
    endNs,
    windowNs,
    sampleNs,
    instants.flat().map(({ timeNs }) => timeNs),
    plugs.map(({ periodNs }) => periodNs),
    rehearsal === undefined ? endNs : endNs + IDLE30_WINDOWS * windowNs,
  );
  const machine = await createVms(guests, schedule, hostPlan?.machinePages);
  if (rehearsal === undefined) await tellTracedFuture(machine, guests, schedule);
  else tellRehearsed(machine, rehearsal);
  const estimations = createEstimations(machine, plugs, scenario.seed);
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
        traced: guests.map(({ trace, traced, offsetNs, stopNs }) => ({ trace, vm: traced, offsetNs, stopNs })),
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
  const rehearsedRows = rehearsal === undefined ? 0 : totalRows;
  for await (const timeNs of playedEpochs(schedule, { machine, stage, plugs, estimations })) {
    const sampled = (timeNs - originNs) % sampleNs === 0;
    machine.vms.forEach((vm, v) => {
      const asked = instants[v].filter((instant) => instant.timeNs === timeNs);
      if (!sampled && asked.length === 0) return;
      const isOff = host?.vms[v].isOff === true;
      const estimates = estimations[v].map((estimation) => (isOff ? NO_ESTIMATE : estimation.read()));
      const sample: VmSample = { vm: v, timeNs, ledger: ledgerOf(machine, vm, schedule), estimates };
      for (const observation of observations) {
        if (sampled) observation.sample?.(sample);
        for (const instant of asked) observation.instant?.(instant.asked, sample);
      }
    });
    if (sampled && plan.check !== false) check();
    plan.progress(rehearsedRows + stage.rows(), rehearsedRows + totalRows);
  }
  if (plan.check !== false) check();
  const translated = translations?.finish();
  const tables: readonly Table[] = [...observations.flatMap((observation) => observation.finish()), ...(translated?.tables ?? [])];
  const outside = machine.vms.map(({ outsideAccesses }) => outsideAccesses);
  const statements = [
    ...memoryStatements(guests),
    ...stopStatements(guests),
    ...assumptions(scenario, guests),
    ...(translated?.statements ?? []),
  ];
  return { manifest: recordOf(scenario, plan.tool, guests, outside, schedule, chosen.from, instants, statements), tables };
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
