import {
  BLOCK_PAGES,
  formatTime,
  InputError,
  PAGE_BYTES,
  type RunManifest,
  type Trace,
  type TracedPpns,
  type TracedVm,
} from "@tidemark/data/shapes";
import { markersOf, peakOf, type Marker } from "./instants.ts";
import type { Scenario } from "./scenario.ts";

/** A VM of the scenario with what its trace knows about it. */
export interface Guest {
  readonly name: string;
  readonly trace: Trace;
  /** The VM's number in its trace. */
  readonly traced: number;
  readonly facts: TracedVm;
  readonly configuredPages: number;
  readonly configuredFrom: RunManifest["vms"][number]["configuredFrom"];
  readonly backing: "4k" | "2m";
  readonly markers: readonly Marker[];
  readonly peakNs: number;
  /** Time of the replay less time of the trace. */
  readonly offsetNs: number;
  /** When it is powered off; Infinity where it is not. */
  readonly stopNs: number;
  /** What the scenario says of it. */
  readonly wanted: Scenario["vms"][number];
}

/** The VMs of a scenario, in its order; `open` opens a trace by the path the scenario names. */
export async function openGuests(scenario: Scenario, open: (path: string) => Trace): Promise<readonly Guest[]> {
  const traces = new Map<string, Trace>();
  const guests: Guest[] = [];
  for (const wanted of scenario.vms) {
    const trace = traces.get(wanted.trace) ?? open(wanted.trace);
    traces.set(wanted.trace, trace);
    const { vms } = trace.manifest;
    const traced = wanted.vm === undefined && vms.length === 1 ? 0 : vms.findIndex(({ name }) => name === wanted.vm);
    const facts = vms[traced];
    if (facts === undefined) {
      const known = vms.map(({ name }) => name).join(", ");
      throw new InputError(
        `${wanted.trace}: ${wanted.vm === undefined ? "has several VMs; say which with vm:" : `has no VM "${wanted.vm}"`}; it has ${known}`,
      );
    }
    const first = wanted.name ?? facts.name;
    const bytes = wanted.size ?? facts.configuredBytes;
    const configuredPages = bytes === null ? assumedPages(facts) : bytes / PAGE_BYTES;
    if (configuredPages > PAGES_MAX) {
      const size = `${Math.round((configuredPages * PAGE_BYTES) / 2 ** 30)} GiB`;
      throw new InputError(
        bytes === null
          ? `${wanted.trace}: has an access at the guest-physical address ${size}, which would be ${first}'s size; device memory? give the VM's real size with size (--size), accesses beyond it are counted apart`
          : `${first}: ${size} is more memory than a replay can hold in its tables (${(PAGES_MAX * PAGE_BYTES) / 2 ** 30} GiB)`,
      );
    }
    const ppns = (await trace.ppns())[traced];
    const markers = (await markersOf(trace)).filter(({ vm }) => vm === traced);
    for (let copy = 0; copy < wanted.copies; copy++) {
      const name = copy === 0 ? first : `${first}-${copy + 1}`;
      if (guests.some((guest) => guest.name === name)) throw new InputError(`two VMs are called "${name}"; give one another name`);
      const offsetNs = wanted.start + copy * wanted.stagger;
      const stopNs = (wanted.stop ?? Infinity) + offsetNs;
      const known = wanted.stop === undefined ? ppns : backedUntil(ppns, wanted.stop);
      guests.push({
        name,
        trace,
        traced,
        facts: { ...facts, firstNs: moved(facts.firstNs, offsetNs), lastNs: earlier(moved(facts.lastNs, offsetNs), stopNs) },
        configuredPages,
        configuredFrom: wanted.size !== undefined ? "given" : (facts.configuredFrom ?? "assumed"),
        backing: wanted.backing,
        markers: markers.map((marker) => ({ ...marker, timeNs: marker.timeNs + offsetNs })).filter(({ timeNs }) => timeNs <= stopNs),
        peakNs: peakOf(known, configuredPages, wanted.backing === "2m" ? BLOCK_PAGES : 1) + offsetNs,
        offsetNs,
        stopNs,
        wanted,
      });
    }
  }
  return guests;
}

const moved = (timeNs: number | null, byNs: number): number | null => (timeNs === null ? null : timeNs + byNs);
const earlier = (timeNs: number | null, otherNs: number): number | null => (timeNs === null ? null : Math.min(timeNs, otherNs));

/** The PPNs touched by a time of the trace. */
function backedUntil({ ppn, firstNs, lastNs }: TracedPpns, untilNs: number): TracedPpns {
  const isBacked = (_: number, i: number): boolean => firstNs[i] <= untilNs;
  return { ppn: ppn.filter(isBacked), firstNs: firstNs.filter(isBacked), lastNs: lastNs.filter(isBacked) };
}

/** What was not replayed of VMs that stop before their traces end, in words. */
export const stopStatements = (guests: readonly Guest[]): readonly string[] =>
  guests.flatMap(({ name, trace, traced, offsetNs, stopNs }) => {
    const lastNs = (trace.manifest.vms[traced]?.lastNs ?? -Infinity) + offsetNs;
    return stopNs < lastNs
      ? [`${name}: powered off at ${formatTime(stopNs)}; its trace goes on to ${formatTime(lastNs)}, and that was not replayed`]
      : [];
  });

/** Pages of 1 MiB. */
const MIB_PAGES = 2 ** 20 / PAGE_BYTES;

/** The machine keeps about 30 bytes per configured page: 8 GiB of tables. */
const PAGES_MAX = 2 ** 28;

/** Without a stated size: up to the highest PPN seen, in whole MiB (docs/architecture.md, The ledger). */
const assumedPages = ({ highestPpn }: TracedVm): number => Math.ceil(((highestPpn ?? 0) + 1) / MIB_PAGES) * MIB_PAGES;
