import { formatPages, type RunManifest, type TraceSource } from "@tidemark/data/shapes";
import type { Guest } from "./guests.ts";
import { filledScenario } from "./host/mechanisms.ts";
import type { Scenario } from "./scenario.ts";
import type { Schedule } from "./schedule.ts";

/** What the figures of memory cannot say where a trace's order is not exact, or where it lacks the guest's own view of its memory. */
export const memoryStatements = (guests: readonly Guest[]): readonly string[] =>
  guests.flatMap(({ name, facts: { order, allocatorEvents } }) => [
    ...(order === "exact"
      ? []
      : [
          `${name}: ${order === "windowed" ? "the trace is windowed" : "the trace does not say whether it is in exact order; it is taken as windowed"}: residency, activity and reclamation hold, read/write ratios and TLB figures do not`,
        ]),
    ...(allocatorEvents === 0 ? [`${name}: no alloc or free events: memory the guest has freed cannot be told from idle memory`] : []),
  ]);

const rejectedRows = ({ name, rows, rejected }: TraceSource): readonly string[] =>
  rejected === 0 ? [] : [`${name}: ${rejected} of ${rows} rows could not be read and are left out`];

/**
 * What a run says of itself: all that is needed to run it again, and what was assumed. `outsideAccesses` and `instants` are those of
 * each guest; `statements`: what its figures cannot say.
 */
export function recordOf(
  scenario: Scenario,
  tool: string,
  guests: readonly Guest[],
  outsideAccesses: readonly number[],
  schedule: Pick<Schedule, "originNs" | "endNs" | "windowNs" | "sampleNs">,
  windowFrom: string,
  instants: readonly (readonly { readonly asked: string; readonly timeNs: number }[])[],
  statements: readonly string[],
): RunManifest {
  // Called what the scenario calls them: where that is on this machine would differ on another, and is nobody's business.
  const traces = new Map(guests.map(({ trace, wanted }) => [trace, wanted.trace]));
  const assumed = [...traces.keys()].flatMap(({ manifest }) => [...manifest.synthesised, ...manifest.sources.flatMap(rejectedRows)]);
  for (const { name, configuredFrom, configuredPages } of guests) {
    if (configuredFrom === "assumed")
      assumed.push(`${name}: configured size assumed to be ${formatPages(configuredPages)}, the highest page seen rounded up to 1 MiB`);
  }
  return {
    schema: 1,
    tool,
    pageBytes: 4096,
    scenario: { ...filledScenario(scenario), window: schedule.windowNs, sample: schedule.sampleNs },
    originNs: schedule.originNs,
    endNs: schedule.endNs,
    windowNs: schedule.windowNs,
    windowFrom,
    sampleNs: schedule.sampleNs,
    timeScale: scenario.timeScale,
    seed: scenario.seed,
    instants: guests.flatMap(({ name }, v) => instants[v].map(({ asked, timeNs }) => ({ vm: name, asked, timeNs }))),
    traces: [...traces].map(([{ manifest }, name]) => ({
      name,
      sources: manifest.sources.map(({ name: file, sha256, notes }) => ({ name: file, sha256, ...(notes.length === 0 ? {} : { notes }) })),
    })),
    vms: guests.map((guest, v) => ({
      name: guest.name,
      configuredPages: guest.configuredPages,
      configuredFrom: guest.configuredFrom,
      backing: guest.backing,
      ppns: guest.facts.ppns,
      order: guest.facts.order,
      rows: guest.facts.rows,
      accesses: guest.facts.accesses,
      virtualPages: guest.facts.virtualPages,
      guestPhysicalPages: guest.facts.guestPhysicalPages,
      outsideMemoryAccesses: outsideAccesses[v],
      allocatorEvents: guest.facts.allocatorEvents,
      meminfoSamples: guest.facts.meminfoSamples,
    })),
    markers: guests
      .flatMap(({ name, markers }) => markers.map(({ timeNs, id }) => ({ vm: name, timeNs, id })))
      .filter(({ timeNs }) => timeNs <= schedule.endNs),
    assumed: [...assumed, ...statements],
  };
}
