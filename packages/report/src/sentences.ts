import { formatPages, type Run } from "@tidemark/data";
import { comparisonSentences } from "./compare/words.ts";
import { curveSentences } from "./curve/words.ts";
import { explainedInstants, type Explained } from "./explained.ts";
import { hostSentences } from "./host-sentences.ts";
import { joined } from "./joined.ts";
import { formatPageCount, formatShare } from "./memory-unit.ts";
import { drawnVms } from "./panel.ts";
import { needSentences } from "./rightsize/words.ts";
import { formatDuration, formatDurations, formatInstant } from "./time-unit.ts";
import { translationAnswers } from "./translation-sentences.ts";
import { vmLabel } from "./vm-label.ts";

/** The answer: a short paragraph per VM and explained instant, what the host did, then per VM and way of translating it, then per VM and policy, then what memory VMs need, then of alternatives, from the run's tables alone. */
export function sentences(run: Run): readonly string[] {
  const drawn = new Set(drawnVms(run));
  const explained = explainedInstants(run)
    .filter(({ vm }) => drawn.has(vm))
    .map((each) => explanation(each, run.manifest.windowNs));
  return [
    ...explained,
    ...hostSentences(run),
    ...translationAnswers(run).map(({ text }) => text),
    ...curveSentences(run),
    ...needSentences(run),
    ...comparisonSentences(run),
  ];
}

export function explanation(explained: Explained, windowNs: number): string {
  if (explained.isOff) return gapSentence(explained, windowNs);
  return [gapSentence(explained, windowNs), futureSentence(explained, windowNs), estimatorSentence(explained)]
    .filter((text) => text !== "")
    .join(" ");
}

/** "At 7 s alloc-4k consumes … but uses …; of the gap of …, … was freed by the guest …" */
export function gapSentence({ vm, counters, isOff, gapPages, ledger }: Explained, windowNs: number): string {
  const { time, consumed, active, granted } = counters;
  if (isOff) return `At ${formatInstant(time)} ${vmLabel(vm)} is powered off and has no memory of the host.`;
  const head = `At ${formatInstant(time)} ${vmLabel(vm)} consumes ${formatPages(consumed)} of host memory`;
  if (!(consumed > 0)) return `${head}: nothing has been backed yet.`;
  const uses = `and has touched ${formatPages(active)} of it (${formatShare(active, consumed)}) in the last ${formatDuration(windowNs)}`;
  const parts = ledger
    .filter(({ class: cls, pages }) => cls !== "active" && cls !== "sharing" && pages > 0)
    .sort((a, b) => b.pages - a.pages);
  if (parts.length === 0) return `${head} ${uses}: there is no gap to explain.`;
  const listed = parts.map(
    ({ pages, class: cls }, i) => `${formatPages(pages)} (${formatShare(pages, granted - active)}) ${partWords(cls, windowNs, i)}`,
  );
  if (consumed === granted) return `${head} ${uses}. Of the gap of ${formatPages(gapPages)}, ${joined(listed)}.`;
  const saved = formatPages(granted - consumed);
  return `${head} ${uses}. Of ${formatPages(granted - active)} that it holds besides, ${joined(listed)}; page sharing saves ${saved}, which leaves the gap of ${formatPages(gapPages)}.`;
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

/** Of the idle classes; where the rest of the trace is shorter than a window it would say nothing (LEDGER). */
function futureSentence({ ledger, counters: { remaining } }: Explained, windowNs: number): string {
  const idle = ledger.filter(({ class: cls, pages }) => cls.startsWith("idle") && pages > 0);
  if (idle.length === 0) return "";
  if (remaining < windowNs)
    return `The trace ends ${remaining === 0 ? "there" : `${formatInstant(remaining)} later`}, too soon to say whether the idle memory is used again.`;
  const pages = idle.reduce((sum, row) => sum + row.pages, 0);
  const again = idle.reduce((sum, row) => sum + row.returns, 0);
  return `Of the ${formatPages(pages)} idle, ${formatPages(again)} (${formatShare(again, pages)}) is touched again in the remaining ${formatInstant(remaining)} of the trace.`;
}

function estimatorSentence({ counters: { activeReported, active } }: Explained): string {
  if (Number.isNaN(activeReported)) return "The estimator has not finished its first period, so it reports nothing yet.";
  const error = activeReported - active;
  if (error === 0) return "The estimator reports exactly the true active memory.";
  return `The estimator would report ${formatPages(activeReported)} as active, ${formatPages(Math.abs(error))} (${formatPageCount(Math.abs(error))}) ${error > 0 ? "more" : "less"} than the truth.`;
}
