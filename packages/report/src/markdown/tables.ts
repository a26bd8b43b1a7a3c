import { formatPages, translationCostTable, translationTable, type Run } from "@tidemark/data/shapes";
import { comparisonIn } from "../compare/facts.ts";
import { caseLabel } from "../compare/words.ts";
import { explainedInstants } from "../explained.ts";
import { hostFindings } from "../host/findings.ts";
import { formatCount, formatFigure, formatShare } from "../memory-unit.ts";
import { modeCosts, modeWalks } from "../mode-figures.ts";
import { panelsOf } from "../panel.ts";
import { vmNeeds } from "../rightsize/facts.ts";
import { basisWords, stallWords } from "../rightsize/words.ts";
import { formatInstant, formatSpan } from "../time-unit.ts";
import { translatedLabel } from "../translated-as.ts";
import { vmLabel } from "../vm-label.ts";

/** A table for readers: figures with their units, as text. */
export interface TextTable {
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const known = (n: number, text: (n: number) => string): string => (Number.isNaN(n) ? "–" : text(n));

/** The tables that go with a run's answer: ledgers, states of the host, modes of translation, sizes, cases; of each what the run has. */
export const answerTables = (run: Run): readonly TextTable[] => [
  ...ledgers(run),
  ...hostStates(run),
  ...modes(run),
  ...sizes(run),
  ...cases(run),
];

const ledgers = (run: Run): readonly TextTable[] =>
  explainedInstants(run).map(({ vm, counters: { time, consumed, active }, gapPages, ledger }) => {
    const sum = (words: string, pages: number): readonly string[] => [
      words,
      formatCount(pages),
      formatPages(pages),
      formatShare(pages, consumed),
      "",
      "",
    ];
    return {
      caption: `${vmLabel(vm)} at ${formatInstant(time)}: the ledger`,
      header: ["class", "pages", "memory", "of consumed", "touched again", "not seen again"],
      rows: [
        ...ledger
          .filter(({ class: cls }) => cls !== "active")
          .map(({ words, pages, size, returns, notSeenAgain }) => [
            words,
            formatCount(pages),
            size,
            formatShare(pages, consumed),
            known(returns, formatPages),
            known(notSeenAgain, formatPages),
          ]),
        sum("gap: the sum of these", gapPages),
        sum("active, true", active),
        sum("consumed: gap and active", consumed),
      ],
    };
  });

function hostStates(run: Run): readonly TextTable[] {
  const findings = hostFindings(run);
  if (findings === undefined) return [];
  const { states, thresholds, spanNs } = findings;
  return [
    {
      caption: "States of the host, from enough free memory to hardly any",
      header: ["state", "free memory below", "time", "of the run", "visits", "first at"],
      rows: states.map(({ state, visits, ns, firstNs }) => [
        state,
        state === "high" ? "–" : formatPages(thresholds[state]),
        visits === 0 ? "–" : formatSpan(ns),
        visits === 0 ? "–" : formatShare(ns, spanNs),
        formatCount(visits),
        visits === 0 ? "–" : formatInstant(firstNs),
      ]),
    },
  ];
}

const modes = (run: Run): readonly TextTable[] =>
  panelsOf(run, "translation").flatMap((panel) => {
    const { vm, translated } = panel;
    const costs = modeCosts(panel.rows(translationCostTable));
    if (translated === undefined || costs.length === 0) return [];
    const walked = modeWalks(panel.rows(translationTable));
    return [
      {
        caption: `${translatedLabel(vm, translated)}: what translation costs`,
        header: ["mode", "cycles per access", "of run time", "walks per 1,000 accesses", "references per walk"],
        rows: costs.map(({ mode, perAccess, withAccess }) => {
          const { walks = NaN, accesses = NaN, meanReferences = NaN } = walked.find((each) => each.mode === mode) ?? {};
          return [
            vmLabel(mode),
            formatFigure(perAccess),
            formatShare(perAccess, withAccess),
            known((1000 * walks) / accesses, formatFigure),
            known(meanReferences, formatFigure),
          ];
        }),
      },
    ];
  });

const sizes = (run: Run): readonly TextTable[] =>
  vmNeeds(run).map(({ vm, sizes: rows }) => ({
    caption: `${vmLabel(vm)}: memory sizes, and what each would have cost under LRU, at ${formatSpan(rows[0]?.pageIn ?? NaN)} a page-in`,
    header: ["size", "pages", "memory", "misses", "page-ins", "stall (of the time)"],
    rows: rows.map((row) => [
      basisWords(row),
      formatCount(row.pages),
      formatPages(row.pages),
      formatCount(row.misses),
      formatCount(row.pageIns),
      stallWords(row, run.manifest.endNs - run.manifest.originNs),
    ]),
  }));

function cases(run: Run): readonly TextTable[] {
  const comparison = comparisonIn(run);
  if (comparison === undefined) return [];
  const { baseline, cases: all } = comparison;
  return [
    {
      caption: "All cases, with their VMs together: memory is the mean over all samples, saved is what the baseline holds more",
      header: ["case", "VMs hold", "saved", "waited", "of run time", "pages swapped in", "beaten by"],
      rows: all.map((each) => [
        each === baseline ? `${caseLabel(each.case)} (the baseline)` : caseLabel(each.case),
        formatPages(each.consumed),
        formatPages(each.saved),
        formatSpan(each.stall),
        formatShare(each.stall, each.span * each.vms.length),
        formatCount(each.swapin),
        each.dominated === "" ? "–" : caseLabel(each.dominated),
      ]),
    },
  ];
}
