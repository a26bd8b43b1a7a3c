import { InputError } from "@tidemark/data";
import type { Guest } from "../guests.ts";
import type { TouchedTrace } from "./joined-traces.ts";

/** Pages that compete for one memory: those of a VM, or of all VMs of a trace on one host. Each has a number of its own. */
export interface CompetingPages {
  /** "" where they are of the host. */
  readonly vm: string;
  /** Above every page number. */
  readonly pageCount: number;
  /** How many of them are accessed. */
  readonly distinct: number;
  /** Which they are. Reads them afresh. */
  present(): Promise<Uint32Array>;
  /** Rows of the trace that touch them. */
  readonly references: number;
  /** What these stand for: a row may be of several accesses. */
  readonly accesses: number;
  /** Their numbers are those of the guest plus this; −1: its pages are not among them. By VM of the trace. */
  readonly firstOf: readonly number[];
}

/** A row is known to a page's next use by its number. */
const REFERENCES_MAX = 2 ** 32 - 2;

/** The pages of each guest, and of all together where that is asked for too. The guests are of the trace; accesses beyond a guest's size take no part. */
export async function competingPages(trace: TouchedTrace, guests: readonly Guest[], shared: boolean): Promise<readonly CompetingPages[]> {
  const outside = await outsideOf(trace, guests);
  const each: CompetingPages[] = [];
  for (const [g, { traced, facts, name, configuredPages }] of guests.entries()) {
    const pageCount = Math.min(configuredPages, (facts.highestPpn ?? 0) + 1);
    // As many pages as there are numbers: every one.
    const areAll = facts.guestPhysicalPages === (facts.highestPpn ?? 0) + 1;
    const present = async (): Promise<Uint32Array> => (areAll ? upTo(pageCount) : below((await trace.ppns())[traced].ppn, configuredPages));
    each.push({
      vm: name,
      pageCount,
      distinct: outside[g].rows === 0 ? facts.guestPhysicalPages : (await present()).length,
      present,
      references: facts.rows - outside[g].rows,
      accesses: facts.accesses - outside[g].accesses,
      firstOf: trace.manifest.vms.map((_, v) => (v === traced ? 0 : -1)),
    });
  }
  const all = shared ? [...each, together(trace, guests, each)] : each;
  for (const { references, vm } of all) {
    if (references > REFERENCES_MAX)
      throw new InputError(
        `${trace.name}: ${references} rows ${vm === "" ? "together" : `of ${vm}`} are more than a curve can count; cut it`,
      );
  }
  return all.filter(({ references }) => references > 0);
}

function upTo(end: number): Uint32Array {
  const pages = new Uint32Array(end);
  for (let page = 0; page < end; page++) pages[page] = page;
  return pages;
}
const below = (ppns: Uint32Array, end: number): Uint32Array => (ppns.every((ppn) => ppn < end) ? ppns : ppns.filter((ppn) => ppn < end));

/** All of them side by side. */
function together(trace: TouchedTrace, guests: readonly Guest[], each: readonly CompetingPages[]): CompetingPages {
  const firstOf = trace.manifest.vms.map(() => -1);
  let pageCount = 0;
  guests.forEach(({ traced }, g) => {
    firstOf[traced] = pageCount;
    pageCount += each[g].pageCount;
  });
  const sum = (of: (one: CompetingPages) => number): number => each.reduce((total, one) => total + of(one), 0);
  const distinct = sum((one) => one.distinct);
  return {
    vm: "",
    pageCount,
    distinct,
    async present() {
      const present = new Uint32Array(distinct);
      let at = 0;
      for (const [g, { traced }] of guests.entries()) {
        const own = await each[g].present();
        present.set(
          own.map((page) => page + firstOf[traced]),
          at,
        );
        at += own.length;
      }
      return present;
    },
    references: sum((one) => one.references),
    accesses: sum((one) => one.accesses),
    firstOf,
  };
}

/** Accesses at or beyond a guest's size; only where there are any is the trace read for them. */
async function outsideOf(trace: TouchedTrace, guests: readonly Guest[]): Promise<readonly { rows: number; accesses: number }[]> {
  const found = guests.map(() => ({ rows: 0, accesses: 0 }));
  if (guests.every(({ facts, configuredPages }) => (facts.highestPpn ?? -1) < configuredPages)) return found;
  const guestOf = trace.manifest.vms.map((_, v) => guests.findIndex(({ traced }) => traced === v));
  for await (const { length, vm, ppn, count } of trace.accesses()) {
    for (let i = 0; i < length; i++) {
      const g = guestOf[vm[i]];
      if (g < 0 || ppn[i] < guests[g].configuredPages) continue;
      found[g].rows++;
      found[g].accesses += count[i];
    }
  }
  return found;
}

/** Who is shown the touches of competing pages, by their numbers. */
export interface TouchPlayer {
  readonly pages: CompetingPages;
  step(pages: Uint32Array, length: number): void;
}

/** Reads the trace once, in its order, and shows every player the touches of its pages. */
export async function playTouches(
  trace: TouchedTrace,
  guests: readonly Guest[],
  players: readonly TouchPlayer[],
  progress: (rows: number) => void,
): Promise<void> {
  const endOf = trace.manifest.vms.map(() => 0);
  for (const { traced, configuredPages } of guests) endOf[traced] = configuredPages;
  const isWhole = endOf.length === 1 && guests.every(({ facts, configuredPages }) => (facts.highestPpn ?? 0) < configuredPages);
  let own = new Uint32Array(0);
  for await (const { length, vm, ppn } of trace.touches()) {
    if (own.length < length && !isWhole) own = new Uint32Array(length);
    for (const { pages, step } of players) {
      if (isWhole) step(ppn, length);
      else step(own, selectTouches(length, vm, ppn, pages.firstOf, endOf, own));
    }
    progress(length);
  }
}

/** The touches of pages with a first number, below the end of their VM. Gives how many. */
function selectTouches(
  length: number,
  vm: Uint16Array,
  ppn: Uint32Array,
  firstOf: readonly number[],
  endOf: readonly number[],
  out: Uint32Array,
): number {
  let selected = 0;
  for (let i = 0; i < length; i++) {
    const first = firstOf[vm[i]];
    if (first >= 0 && ppn[i] < endOf[vm[i]]) out[selected++] = first + ppn[i];
  }
  return selected;
}
