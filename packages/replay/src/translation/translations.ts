import { find, type AccessBatch, type GuestBatch, type Table, type Trace } from "@tidemark/data";
import type { Core } from "../core.ts";
import { cores } from "../cores.ts";
import { readCosts } from "../costs.ts";
import type { Guest } from "../guests.ts";
import { modes } from "../modes.ts";
import { countUpTo } from "../schedule.ts";
import { isPhysicalOnly } from "../space-label.ts";
import { listCounters } from "./counters.ts";
import { ExitRecord, intervalEnds } from "./exit-record.ts";
import { listGuestCounters } from "./guest-counters.ts";
import { PAGE_SIZES, type PageSize } from "./page-size.ts";
import { statementsOf } from "./statements.ts";
import { surveyEvents, type EventSurvey } from "./survey-events.ts";
import type { TranslationKey } from "./translation-key.ts";
import { translationTables, type CountedVm } from "./translation-tables.ts";
import { VmTranslation } from "./vm-translation.ts";

/** Every VM of a scenario, translated in every wanted way beside its replay. Batches carry host VM numbers. */
export interface Translations {
  accesses(batch: AccessBatch, from: number, to: number): void;
  guestEvents(batch: GuestBatch, from: number, to: number): void;
  /** The pmap entry of a VM's PPN changed. */
  forget(v: number, ppn: number): void;
  /** `outside`: accesses beyond the configured memory, by VM. */
  finish(): { readonly tables: readonly Table[]; readonly statements: readonly string[]; readonly outside: readonly number[] };
}

/** One VM with one pair of page sizes. */
interface Translated {
  readonly guest: Guest;
  readonly pages: string;
  readonly guestPages: PageSize | "trace";
  readonly isPhysicalOnly: boolean;
  readonly hasInvlpgs: boolean;
  readonly vm: VmTranslation;
  readonly records: readonly ExitRecord[];
}

const isSize = (text: string): text is PageSize => PAGE_SIZES.some((size) => size === text);

export async function createTranslations(
  guests: readonly Guest[],
  key: TranslationKey,
  originNs: number,
  endNs: number,
): Promise<Translations> {
  const wantedCores = key.core.map((one): Core => (typeof one === "string" ? find("core", cores, one) : one));
  const wantedModes = key.modes.map(({ name, ...given }) => ({ mode: find("mode", modes, name), given }));
  const ends = intervalEnds(originNs, endNs);
  const surveys = new Map<Trace, readonly EventSurvey[]>();
  const ofVm: Translated[][] = [];
  for (const guest of guests) {
    const { trace, traced, facts, configuredPages, backing } = guest;
    const surveyed = surveys.get(trace) ?? (await surveyEvents(trace));
    surveys.set(trace, surveyed);
    const { hasInvlpgs, levelOf } = surveyed[traced];
    const pages = (await trace.pages())[traced];
    const physicalOnly = isPhysicalOnly(pages, (await trace.ppns())[traced], facts.ppns);
    const pairs = new Set(key.pages.map((pair) => pair.replace("backing", backing)));
    ofVm.push(
      [...pairs].map((pair) => {
        const [guestPages = "", hostPages = ""] = pair.split("/");
        const vm = new VmTranslation(pages, {
          cores: wantedCores,
          modes: wantedModes,
          tagged: key.tagged,
          levels: key.levels,
          hostLevels: key.hostLevels,
          warm: key.warm,
          name: `${trace.name}: ${facts.name}`,
          guestPages: isSize(guestPages) ? guestPages : "trace",
          hostPages: isSize(hostPages) ? hostPages : "4k",
          tracedLevel: levelOf,
          isExact: facts.order === "exact",
          hasInvlpgs,
          spacesAreRoots: facts.spacesFrom === "switches",
          configuredPages,
          originNs,
        });
        const records = vm.translators.map(({ counters }) => new ExitRecord(counters, originNs, ends));
        return {
          guest,
          pages: pair,
          guestPages: isSize(guestPages) ? guestPages : "trace",
          isPhysicalOnly: physicalOnly,
          hasInvlpgs,
          vm,
          records,
        };
      }),
    );
  }
  const reached = (records: readonly ExitRecord[], timeNs: number): void => {
    for (const record of records) record.reached(timeNs);
  };
  /** Rows of one VM, cut where intervals end. */
  const play = <B extends AccessBatch | GuestBatch>(
    batch: B,
    from: number,
    to: number,
    one: (vm: VmTranslation, at: number, end: number) => void,
  ): void => {
    const { timeNs } = batch;
    for (const { vm, records } of ofVm[batch.vm[from]]) {
      for (let at = from; at < to;) {
        const next = countUpTo(ends, timeNs[at] - 1);
        if (next > 0) reached(records, ends[next - 1]);
        const end = next === ends.length ? to : countUpTo(timeNs, ends[next], at, to);
        one(vm, at, end);
        at = end;
      }
    }
  };
  return {
    accesses: (batch, from, to) =>
      eachVm(batch, ofVm.length, from, to, (at, end) => play(batch, at, end, (vm, a, b) => vm.accesses(batch, a, b))),
    guestEvents: (batch, from, to) =>
      eachVm(batch, ofVm.length, from, to, (at, end) => play(batch, at, end, (vm, a, b) => vm.guestEvents(batch, a, b))),
    forget(v, ppn) {
      for (const { vm } of ofVm[v]) vm.watch.forget(ppn);
    },
    finish() {
      const all = ofVm.flat();
      const counted = all.map(({ guest, pages, vm, records }): CountedVm => {
        vm.watch.finish();
        reached(records, endNs);
        return {
          vm: guest.name,
          pages,
          guest: listGuestCounters(vm.watch.counters),
          modes: vm.translators.map(({ plan, counters }, t) => ({
            core: plan.core.name,
            mode: plan.mode.name,
            isBuilt: plan.mode.isBuilt,
            counted: listCounters(counters),
            exits: records[t].rows(),
          })),
        };
      });
      const statements = all.flatMap(({ guest, guestPages, isPhysicalOnly: physicalOnly, hasInvlpgs, vm }) =>
        statementsOf({
          vm: { ...guest.facts, name: guest.name },
          tables: vm.tables,
          guest: vm.watch.counters,
          guestPages,
          isPhysicalOnly: physicalOnly,
          hasInvlpgs,
          hasHost: vm.translators.some(({ plan }) => plan.mode.hasHost),
          warm: key.warm,
          fetches: guest.facts.fetches,
        }),
      );
      return {
        tables: translationTables(counted, readCosts(key.costs)),
        statements: [...new Set(statements)],
        outside: ofVm.map(([first]) => first?.vm.watch.counters.outsideMemory ?? 0),
      };
    },
  };
}

/** Runs of rows of one VM. */
function eachVm({ vm }: AccessBatch | GuestBatch, vms: number, from: number, to: number, play: (at: number, end: number) => void): void {
  if (vms === 1) return play(from, to);
  for (let at = from; at < to;) {
    let end = at + 1;
    while (end < to && vm[end] === vm[at]) end++;
    play(at, end);
    at = end;
  }
}
