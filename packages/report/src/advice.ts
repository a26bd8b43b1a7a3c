import { formatPages } from "@tidemark/data/shapes";
import { idleRows } from "./explanation.ts";
import type { LedgerInstant } from "./ledger-instant.ts";
import { command, figure, linked, type Figure, type LinkedText } from "./linked-text.ts";
import { formatCount, formatShare } from "./memory-unit.ts";
import { formatDuration, formatInstant } from "./time-unit.ts";

/** What to do about memory, why, and what speaks against it. */
export interface Advice {
  readonly advice: LinkedText;
  readonly evidence: LinkedText;
  readonly caveat: LinkedText;
}

const memory = (pages: number, ...rows: readonly string[]): Figure => figure(formatPages(pages), ...rows);

/** What follows from the ledger of one VM at one instant, the surest first. */
export function adviceOn(instant: LedgerInstant, windowNs: number): readonly Advice[] {
  if (instant.isOff || !(instant.counters.consumed > 0)) return [];
  return [freedAdvice, slackAdvice, coldAdvice, sizeAdvice].flatMap((of) => of(instant, windowNs) ?? []);
}

const pagesOf = ({ ledger }: LedgerInstant, cls: string): number => ledger.find((row) => row.class === cls)?.pages ?? 0;

function freedAdvice(instant: LedgerInstant): Advice | undefined {
  const freed = pagesOf(instant, "freed");
  if (freed === 0) return undefined;
  const { allocatorUnknown } = instant.counters;
  const before = usedBefore(instant);
  const more =
    allocatorUnknown > 0
      ? linked` More may be free: on ${figure(formatCount(allocatorUnknown), "allocatorUnknown")} pages the trace has no alloc or free event.`
      : [];
  return {
    advice: linked`Take back ${memory(freed, "freed")} first: free page reporting or a balloon gets it without the guest losing anything.`,
    evidence: linked`The guest's own allocator has these pages on its free lists.`,
    caveat: linked`The guest may allocate it again${before}, and each such page has to be backed and zeroed anew.${more}${sharedCaveat(instant)}`,
  };
}

/** Machine memory comes back only with the last page that shares it. */
const sharedCaveat = ({ counters: { granted, consumed } }: LedgerInstant): LinkedText =>
  granted > consumed ? linked` The host gets back less where such pages share their machine pages.` : [];

/** What the guest used at its most, by its own count or by what was active; nothing if it is that now. */
function usedBefore({ counters, history: { mostUsed, mostActive } }: LedgerInstant): string {
  if (mostUsed !== undefined && mostUsed.pages > counters.guestUsed)
    return `: at ${when(mostUsed.timeNs, counters.time)}, it used ${formatPages(mostUsed.pages)} by its own count`;
  if (mostActive !== undefined && mostActive.pages > counters.active)
    return `: at ${when(mostActive.timeNs, counters.time)}, it had ${formatPages(mostActive.pages)} active`;
  return "";
}

/** `2.5 s, 4.5 s earlier` */
const when = (timeNs: number, laterNs: number): string => `${formatInstant(timeNs)}, ${formatInstant(laterNs - timeNs)} earlier`;

function slackAdvice(instant: LedgerInstant): Advice | undefined {
  const slack = pagesOf(instant, "slack");
  if (slack === 0) return undefined;
  return {
    advice: linked`Backing in 4 KB pages would save ${memory(slack, "slack")}.`,
    evidence: linked`The guest never touched these pages; they came with others of their 2 MB block.`,
    caveat: linked`Small pages cost more TLB misses and longer page walks: see what translation costs before.`,
  };
}

function coldAdvice(instant: LedgerInstant, windowNs: number): Advice | undefined {
  const cold = idleRows(instant.ledger).filter(({ class: cls }) => cls !== "idle1");
  if (cold.length === 0) return undefined;
  const rows = cold.map(({ class: cls }) => cls);
  const pages = cold.reduce((sum, row) => sum + row.pages, 0);
  const { remaining } = instant.counters;
  const isKnown = remaining >= windowNs;
  const again = cold.reduce((sum, row) => sum + row.returns, 0);
  const future = isKnown
    ? linked`; ${memory(pages - again, ...rows)} of it (${figure(formatShare(pages - again, pages), ...rows)}) is not touched in the remaining ${formatInstant(remaining)} either`
    : [];
  return {
    advice: linked`Of ${memory(pages, ...rows)} that has rested, a balloon, compression or swapping can take back what is not needed soon.`,
    evidence: linked`It was not touched for ${formatDuration(5 * windowNs)} or more${future}.`,
    caveat: isKnown
      ? linked`Each page that is touched again has to be read back, and what comes after the trace is not known.${sharedCaveat(instant)}`
      : linked`The trace ends too soon to say how much of it is touched again; each such page has to be read back.${sharedCaveat(instant)}`,
  };
}

/** Active memory is of one window; the most of any window so far, or what was touched in five and is still held, is a better lower bound of what the guest needs. */
function sizeAdvice(instant: LedgerInstant, windowNs: number): Advice | undefined {
  const { active, activeReported, time } = instant.counters;
  const { mostActive, beganNs } = instant.history;
  const held = active + pagesOf(instant, "idle1");
  const needed = Math.max(held, mostActive?.pages ?? 0);
  if (needed === active) return undefined;
  const reported =
    activeReported < needed
      ? linked`, and the ${memory(activeReported, "activeReported")} that the estimator reports is below that too`
      : [];
  const since = time - beganNs < 5 * windowNs ? "Since the trace began" : `In the last ${formatDuration(5 * windowNs)}`;
  const evidence =
    mostActive !== undefined && mostActive.pages > held
      ? linked`At ${when(mostActive.timeNs, time)}, the guest had ${formatPages(mostActive.pages)} active, the most since the trace began${reported}.`
      : linked`${since} the guest touched at least ${memory(held, "active", "idle1")}, memory that it has freed since not counted${reported}.`;
  return {
    advice: linked`Do not size the VM by its active memory of ${memory(active, "active")}.`,
    evidence,
    caveat: linked`That is no size either: work that comes back more seldom needs longer windows, which ${command("tidemark rightsize TRACE")} counts.`,
  };
}

/** How sure the ledger of one VM at one instant is, in a few sentences. */
export function sureness(instant: LedgerInstant): LinkedText {
  const { counters, isOff } = instant;
  const { allocatorUnknown, consumed, granted, activeReported, active } = counters;
  if (isOff || !(consumed > 0)) return [];
  const notFreed = granted - pagesOf(instant, "freed");
  const unknown =
    allocatorUnknown > 0
      ? linked` Whether memory was freed is known only where the trace has the guest's alloc and free events: on ${figure(formatCount(allocatorUnknown), "allocatorUnknown")} resident pages (${figure(formatShare(allocatorUnknown, granted), "allocatorUnknown")} of granted) it has none. They count as not freed, and are ${figure(formatShare(allocatorUnknown, notFreed), "allocatorUnknown", "granted", "freed")} of the ${memory(notFreed, "granted", "freed")} that does.`
      : linked` The trace has the guest's alloc and free events for every resident page.`;
  const reported =
    Number.isNaN(activeReported) || activeReported === active
      ? []
      : linked` What a hypervisor reports as active, ${memory(activeReported, "activeReported")}, is an estimate from samples and not used in any of these sums.`;
  return linked`Consumed, active and every class are counts of pages, not estimates: exact for this trace, and they add up to the page.${unknown}${reported}`;
}
