import { formatPages } from "@tidemark/data/shapes";
import { exactMemory } from "../exact-memory.ts";

/** What memory a case holds less than the baseline, in few words; and exactly. */
export const savedWords = (pages: number): string => said(pages, formatPages);
export const savedExactly = (pages: number): string => said(pages, exactMemory);

const said = (pages: number, text: (pages: number) => string): string =>
  pages === 0 ? "holds as much" : pages < 0 ? `takes ${text(-pages)} more` : `saves ${text(pages)}`;
