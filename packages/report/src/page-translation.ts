import { breakEvenTable, pickTable, rowsOf, translationCostTable, type Run } from "@tidemark/data/shapes";
import { html, NOTHING, type Html } from "./html.ts";
import { formatFigure } from "./memory-unit.ts";
import { exitMeanings, modeMeaning } from "./mode-words.ts";
import { isOfTranslation } from "./translated-as.ts";
import { COST_NOTE } from "./translation-notes.ts";
import { assumedCost } from "./turning-points.ts";
import { vmLabel } from "./vm-label.ts";

/** What was translated as what, in a line; "" where nothing was. */
export function translationFacts(run: Run): string {
  const costs = pickTable(run.tables, translationCostTable);
  if (costs === undefined || costs.length === 0) return "";
  const { core, pages, mode } = costs.columns;
  const listed = (names: readonly string[]): string => [...new Set(names)].map((name) => vmLabel(name)).join(", ");
  return `cores ${listed(core)}; page sizes (guest/host) ${listed(pages)}; modes ${listed(mode)}`;
}

/** How the figures of translation come about; nothing in a run without them. */
export function translationMethods(run: Run): Html {
  if (!isOfTranslation(run)) return NOTHING;
  const table = pickTable(run.tables, breakEvenTable);
  const rows = table === undefined ? [] : rowsOf(table);
  const [exit, reference] = [assumedCost(rows, "exit"), assumedCost(rows, "reference")];
  const assumed = [
    ...(Number.isNaN(exit) ? [] : [`leaving the guest and coming back ${formatFigure(exit)} cycles, besides the work it is done for`]),
    ...(Number.isNaN(reference) ? [] : [`a memory reference of a walk ${formatFigure(reference)} cycles`]),
  ];
  return html`<p>
      Every access of the trace was taken through the TLBs of a processor core and, where they lacked it, through the page tables, in each
      translation mode at once. TLB hits, memory references of walks and exits are counts, not estimates.
    </p>
    <p>${COST_NOTE}${assumed.length === 0 ? "" : ` Assumed here: ${assumed.join("; ")}.`}</p> `;
}

/** The words of address translation, as pairs for the page's glossary. */
export function translationTerms(run: Run): readonly (readonly [term: string, meaning: string])[] {
  const costs = pickTable(run.tables, translationCostTable);
  if (costs === undefined || costs.length === 0) return [];
  const modes = [...new Set(costs.columns.mode)].map((mode) => [vmLabel(mode), modeMeaning(mode)] as const);
  return [
    ["TLB", "The processor's memory of recent translations, in two levels; an access that neither has walks the page tables."],
    ["page walk", "Reading the page tables in memory, level by level, to find where a page is. Each level is a memory reference."],
    ["exit", "The guest stops, the hypervisor runs, and the guest goes on."],
    ...modes.filter(([, meaning]) => meaning !== ""),
    ...exitMeanings,
  ];
}
