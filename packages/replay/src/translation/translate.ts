import {
  InputError,
  INVLPG,
  MAP,
  PAGE_BYTES,
  tableOf,
  translationTable,
  UNKNOWN,
  type AccessBatch,
  type GuestBatch,
  type Row,
  type Table,
  type Trace,
  type TracedVm,
} from "@tidemark/data";
import type { Core } from "../core.ts";
import { createFeed } from "../feed.ts";
import { isPhysicalOnly } from "../space-label.ts";
import { listCounters, type Counted } from "./counters.ts";
import { listGuestCounters } from "./guest-counters.ts";
import { KERNEL_HALF_VPN, LEVEL_BITS, prefixAt, type PageSize } from "./page-size.ts";
import { statementsOf } from "./statements.ts";
import { VmTranslation, type WantedMode } from "./vm-translation.ts";

export interface TranslatePlan {
  readonly cores: readonly Core[];
  readonly modes: readonly WantedMode[];
  /** Size of the guest's mappings: a what-if, or `trace`: as its map events say, 4k where they do not. */
  readonly guestPages: PageSize | "trace";
  readonly hostPages: PageSize;
  /** Levels of the guest's and of the host's tables, 4 or 5. */
  readonly levels: number;
  readonly hostLevels: number;
  readonly tagged: boolean;
  /** Shadow and nested tables start with what the trace shows to be mapped from the start; else empty, as the pmap does. */
  readonly warm: boolean;
  /** One VM of the trace; all where not given. */
  readonly vm?: string;
  readonly progress: (doneRows: number, totalRows: number) => void;
}

export const DEFAULT_PLAN = { guestPages: "trace", hostPages: "4k", levels: 4, hostLevels: 4, tagged: true, warm: false } as const;

export interface Translation {
  readonly table: Table<(typeof translationTable)["columns"]>;
  /** What the figures cannot say, a line each. */
  readonly statements: readonly string[];
}

/** Rows between two reports of progress. */
const PROGRESS_NS_PARTS = 100;

/** Translates every access of a trace, in order with its guest events, in every wanted mode on every wanted core. One pass. */
export async function translateTrace(trace: Trace, plan: TranslatePlan): Promise<Translation> {
  const { vms, originNs, endNs } = trace.manifest;
  if (plan.vm !== undefined && !vms.some(({ name }) => name === plan.vm))
    throw new InputError(`${trace.name}: has no VM "${plan.vm}"; it has ${vms.map(({ name }) => name).join(", ")}`);
  if (originNs === null || endNs === null) throw new InputError(`${trace.name}: no accesses to translate`);
  const told = await surveyEvents(trace, plan.guestPages === "trace");
  const pages = await trace.pages();
  const ppns = await trace.ppns();
  const made: { readonly facts: TracedVm; readonly vm: VmTranslation; readonly physicalOnly: boolean; readonly hasInvlpgs: boolean }[] = [];
  const hostVm = vms.map((facts, v) => {
    if (plan.vm !== undefined && facts.name !== plan.vm) return -1;
    const { hasInvlpgs, levelOf } = told[v];
    const vm = new VmTranslation(pages[v], {
      ...plan,
      name: `${trace.name}: ${facts.name}`,
      tracedLevel: levelOf,
      isExact: facts.order === "exact",
      hasInvlpgs,
      spacesAreRoots: facts.spacesFrom === "switches",
      configuredPages: facts.configuredBytes === null ? (facts.highestPpn ?? 0) + 1 : facts.configuredBytes / PAGE_BYTES,
      originNs,
    });
    made.push({ facts, vm, physicalOnly: isPhysicalOnly(pages[v], ppns[v], facts.ppns), hasInvlpgs });
    return made.length - 1;
  });
  const totalRows = made.reduce((sum, { facts }) => sum + facts.rows, 0);
  const feed = createFeed(trace, hostVm, {
    accesses: (batch, from, to) => eachVm(batch, from, to, (v, at, end) => made[v].vm.accesses(batch, at, end)),
    guestEvents: (batch, from, to) => eachVm(batch, from, to, (v, at, end) => made[v].vm.guestEvents(batch, at, end)),
    observed: () => {},
  });
  try {
    for (let part = 1; part <= PROGRESS_NS_PARTS; part++) {
      await feed.advance(part === PROGRESS_NS_PARTS ? endNs : originNs + Math.floor(((endNs - originNs) * part) / PROGRESS_NS_PARTS));
      plan.progress(feed.rows(), totalRows);
    }
  } finally {
    await feed.close();
  }
  const rows: Row<(typeof translationTable)["columns"]>[] = [];
  for (const { facts, vm } of made) {
    vm.watch.finish();
    const add = (mode: string, core: string, counted: readonly Counted[]): void => {
      for (const { group, counter, value } of counted) rows.push({ vm: facts.name, mode, core, group, counter, value });
    };
    add("trace", "", listGuestCounters(vm.watch.counters));
    for (const { plan: own, counters } of vm.translators) add(own.mode.name, own.core.name, listCounters(counters));
  }
  return {
    table: tableOf(translationTable, rows),
    statements: made.flatMap(({ facts, vm, physicalOnly, hasInvlpgs }) =>
      statementsOf({
        vm: facts,
        tables: vm.tables,
        guest: vm.watch.counters,
        guestPages: plan.guestPages,
        isPhysicalOnly: physicalOnly,
        hasInvlpgs,
        warm: plan.warm,
        fetches: facts.fetches,
      }),
    ),
  };
}

/** Runs of rows of one VM. */
function eachVm(batch: AccessBatch | GuestBatch, from: number, to: number, play: (vm: number, at: number, end: number) => void): void {
  const { vm } = batch;
  for (let at = from; at < to;) {
    let end = at + 1;
    while (end < to && vm[end] === vm[at]) end++;
    play(vm[at], at, end);
    at = end;
  }
}

/** What must be known of the guest events before the first of them is played: per VM, whether INVLPG is among them, and the levels of mappings. */
async function surveyEvents(trace: Trace, wantsLevels: boolean) {
  const vms = trace.manifest.vms.map(() => ({ hasInvlpgs: false, levels: new Map<string, number>() }));
  const keyOf = (space: number, vpn: number): string => `${vpn >= KERNEL_HALF_VPN ? "kernel" : space} ${prefixAt(vpn, 1)}`;
  for await (const { length, vm, kind, space, vpn, count, level } of trace.guestEvents()) {
    for (let i = 0; i < length; i++) {
      const of = vms[vm[i]];
      if (kind[i] === INVLPG) of.hasInvlpgs = true;
      if (kind[i] !== MAP || !wantsLevels || level[i] === UNKNOWN) continue;
      // A region mapped at several levels counts as the smallest of them throughout.
      for (let v = vpn[i]; v < vpn[i] + count[i]; v += 2 ** LEVEL_BITS) {
        const key = keyOf(space[i], v);
        of.levels.set(key, Math.min(of.levels.get(key) ?? level[i], level[i]));
      }
    }
  }
  return vms.map(({ hasInvlpgs, levels }) => ({
    hasInvlpgs,
    levelOf: levels.size === 0 ? () => 1 : (space: number, vpn: number) => levels.get(keyOf(space, vpn)) ?? levels.get(keyOf(0, vpn)) ?? 1,
  }));
}
