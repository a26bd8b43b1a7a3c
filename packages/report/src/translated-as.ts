import {
  bestModeTable,
  breakEvenTable,
  exitsTable,
  pickTable,
  timelineTable,
  translationCostTable,
  translationTable,
  type Run,
} from "@tidemark/data/shapes";
import { vmLabel } from "./vm-label.ts";

/** Ways of translating a VM that get panels and sentences, at most. */
export const TRANSLATIONS_MAX = 4;

/** How one VM was translated: page sizes of guest and host, and the core; every mode was tried on it. */
export interface TranslatedAs {
  readonly pages: string;
  readonly core: string;
}

/** The tables of translation. The first has a row for every way; the others lack what does not occur. */
const TABLES = [translationCostTable, translationTable, exitsTable, bestModeTable, breakEvenTable].map(({ name }) => name);

/** The ways a VM was translated, in the run's order. */
export function translatedAs(run: Run, vm: string): readonly TranslatedAs[] {
  const [table] = TABLES.flatMap((name) => run.tables.filter(({ spec, length }) => spec.name === name && length > 0));
  const names = wordsOf(table?.columns["vm"]);
  const pages = wordsOf(table?.columns["pages"]);
  const cores = wordsOf(table?.columns["core"]);
  const found = new Map<string, TranslatedAs>();
  names.forEach((name, i) => {
    // Rows of no core are of the guest itself, whatever translates it.
    if (name === vm && cores[i] !== "") found.set(JSON.stringify([pages[i], cores[i]]), { pages: pages[i] ?? "", core: cores[i] ?? "" });
  });
  return [...found.values()];
}

const wordsOf = (column: ArrayLike<unknown> | undefined): readonly string[] => Array.from(column ?? [], String);

/** Whether a run speaks of address translation, and of nothing else. */
export const isOfTranslation = ({ tables }: Run): boolean => (pickTable(tables, translationCostTable)?.length ?? 0) > 0;
export const isOnlyOfTranslation = (run: Run): boolean => isOfTranslation(run) && pickTable(run.tables, timelineTable) === undefined;

/** `fork on skylake, pages 4k/4k` */
export const translatedLabel = (vm: string, as: TranslatedAs | undefined): string =>
  as === undefined ? vmLabel(vm) : `${vmLabel(vm)} on ${vmLabel(as.core)}, pages ${vmLabel(as.pages)}`;
