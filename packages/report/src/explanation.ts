import { formatPages } from "@tidemark/data/shapes";
import type { LedgerInstant } from "./ledger-instant.ts";
import type { LedgerRow } from "./ledger-rows.ts";
import { figure, joinedText, linked, plainText, spaced, type Figure, type LinkedText } from "./linked-text.ts";
import { formatPageCount, formatShare } from "./memory-unit.ts";
import { formatDuration, formatDurations, formatInstant } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";

/** Pages in a sentence, with the rows that they are the sum of. */
const memory = (pages: number, ...rows: readonly string[]): Figure => figure(formatPages(pages), ...rows);

/** A short paragraph on one VM at one instant. */
export const explanation = (explained: LedgerInstant, windowNs: number): string => plainText(explanationText(explained, windowNs));

export function explanationText(explained: LedgerInstant, windowNs: number): LinkedText {
  if (explained.isOff) return gapText(explained, windowNs);
  return spaced([gapText(explained, windowNs), futureText(explained, windowNs), estimatorText(explained)]);
}

/** "At 7 s alloc-4k consumes … but uses …; of the gap of …, … was freed by the guest …"; its shares are those of the ledger, of consumed. */
export function gapText({ vm, counters, isOff, gapPages, ledger }: LedgerInstant, windowNs: number): LinkedText {
  const { time, consumed, active, granted } = counters;
  if (isOff) return linked`At ${formatInstant(time)} ${vmLabel(vm)} is powered off and has no memory of the host.`;
  const head = linked`At ${formatInstant(time)} ${vmLabel(vm)} consumes ${memory(consumed, "consumed")} of host memory`;
  if (!(consumed > 0)) return linked`${head}: nothing has been backed yet.`;
  const share = figure(formatShare(active, consumed), "active");
  const uses = linked`and has touched ${memory(active, "active")} of it (${share}) in the last ${formatDuration(windowNs)}`;
  const parts = ledger
    .filter(({ class: cls, pages }) => cls !== "active" && cls !== "sharing" && pages > 0)
    .sort((a, b) => b.pages - a.pages);
  if (parts.length === 0) return linked`${head} ${uses}: there is no gap to explain.`;
  // With page sharing the classes come to more than consumed: their shares of it would say little.
  const shareOf = (pages: number, cls: string): LinkedText =>
    consumed === granted ? linked`(${figure(formatShare(pages, consumed), cls)} of consumed) ` : [];
  const listed = joinedText(
    parts.map(({ pages, class: cls }, i) => linked`${memory(pages, cls)} ${shareOf(pages, cls)}${partWords(cls, windowNs, i)}`),
  );
  if (consumed === granted) return linked`${head} ${uses}. Of the gap of ${memory(gapPages, "gap")}, ${listed}.`;
  const held = memory(granted - active, "granted", "active");
  const saved = memory(granted - consumed, "sharing");
  return linked`${head} ${uses}. Of ${held} that it holds besides, ${listed}; page sharing saves ${saved}, which leaves the gap of ${memory(gapPages, "gap")}.`;
}

/** What a part of the gap is; the first of the list brings the verb. */
function partWords(cls: string, windowNs: number, i: number): string {
  const verb = i === 0 ? "was " : "";
  switch (cls) {
    case "freed":
      return `${verb}freed by the guest but ${i === 0 ? "is " : ""}still backed by the host`;
    case "slack":
      return `${verb}never touched at all, there only because backing comes in 2 MB blocks`;
    case "idle1":
      return `${verb}last touched ${formatDurations(windowNs, 5 * windowNs)} ago`;
    case "idle5":
      return `${verb}last touched ${formatDurations(5 * windowNs, 30 * windowNs)} ago`;
    default:
      return `${verb}not touched for ${formatDuration(30 * windowNs)} or more`;
  }
}

/** Of the idle classes; where the rest of the trace is shorter than a window it would say nothing (docs/architecture.md, The ledger). */
function futureText({ ledger, counters: { remaining }, history: { lastFuture } }: LedgerInstant, windowNs: number): LinkedText {
  const idle = idleRows(ledger);
  if (idle.length === 0) return [];
  if (remaining < windowNs) {
    const seen =
      lastFuture === undefined || lastFuture.pages === 0
        ? ""
        : ` Seen from ${formatInstant(lastFuture.timeNs)}: of ${formatPages(lastFuture.pages)} idle then, ${formatPages(lastFuture.returns)} (${formatShare(lastFuture.returns, lastFuture.pages)}) was touched again in the rest of the trace.`;
    return linked`The trace ends ${remaining === 0 ? "there" : `${formatInstant(remaining)} later`}, too soon to say whether the idle memory is used again.${seen}`;
  }
  const rows = idle.map(({ class: cls }) => cls);
  const pages = idle.reduce((sum, row) => sum + row.pages, 0);
  const again = idle.reduce((sum, row) => sum + row.returns, 0);
  return linked`Of the ${memory(pages, ...rows)} idle, ${memory(again, ...rows)} (${figure(formatShare(again, pages), ...rows)}) is touched again in the remaining ${formatInstant(remaining)} of the trace.`;
}

/** The idle classes that hold something. */
export const idleRows = (ledger: readonly LedgerRow[]): readonly LedgerRow[] =>
  ledger.filter(({ class: cls, pages }) => cls.startsWith("idle") && pages > 0);

function estimatorText({ counters: { activeReported, active } }: LedgerInstant): LinkedText {
  if (Number.isNaN(activeReported)) return linked`The estimator has not finished its first period, so it reports nothing yet.`;
  const error = activeReported - active;
  if (error === 0) return linked`The estimator reports exactly the true active memory.`;
  const size = Math.abs(error);
  const rows = ["activeReported", "active"] as const;
  return linked`The estimator would report ${memory(activeReported, "activeReported")} as active, ${memory(size, ...rows)} (${figure(formatPageCount(size), ...rows)}) ${error > 0 ? "more" : "less"} than the truth.`;
}
