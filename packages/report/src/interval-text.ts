import { formatPages } from "@tidemark/data/shapes";
import { explanationText } from "./explanation.ts";
import type { LedgerInstant } from "./ledger-instant.ts";
import { figure, joinedText, linked, spaced, type LinkedText } from "./linked-text.ts";
import { formatInterval } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";

/** A short paragraph on one VM from one instant to a later one: what changed, and what is at its end. */
export const intervalText = (from: LedgerInstant, to: LedgerInstant, windowNs: number): LinkedText =>
  from.counters.time === to.counters.time ? explanationText(to, windowNs) : spaced([changeText(from, to), explanationText(to, windowNs)]);

/** "From 1 s to 4 s consumed memory of … rises by …, active memory falls by …, and the gap grows by …: …" */
export function changeText(from: LedgerInstant, to: LedgerInstant): LinkedText {
  const [before, after] = [from.counters, to.counters];
  const head = linked`From ${formatInterval(before.time, after.time)} consumed memory of ${vmLabel(to.vm)} ${moved(after.consumed - before.consumed, "consumed")}, active memory ${moved(after.active - before.active, "active")}`;
  const gap = to.gapPages - from.gapPages;
  const parts = to.ledger
    .map(({ class: cls, words, pages }) => {
      const change = pages - (from.ledger.find((row) => row.class === cls)?.pages ?? 0);
      // Sharing is a credit: more of it is a smaller number.
      return { cls, words, change: cls === "sharing" ? -change : change };
    })
    .filter(({ cls, change }) => cls !== "active" && change !== 0)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  if (parts.length === 0) return linked`${head}, and the gap stays the same.`;
  const listed = joinedText(
    parts.map(({ cls, words, change }) => linked`${figure(formatPages(Math.abs(change)), cls)} ${change > 0 ? "more" : "less"} ${words}`),
  );
  return linked`${head}, and the gap ${moved(gap, "gap")}: ${listed}.`;
}

const moved = (change: number, row: string): LinkedText =>
  change === 0 ? ["stays the same"] : linked`${change > 0 ? "grows" : "shrinks"} by ${figure(formatPages(Math.abs(change)), row)}`;
