import { formatPages } from "@tidemark/data/shapes";
import { exactMemory } from "./exact-memory.ts";
import type { LedgerInstant } from "./ledger-instant.ts";
import { formatPageCount, inUnit, memoryUnit, type MemoryUnit } from "./memory-unit.ts";
import { CLASS_COLOUR, GREY } from "./palette.ts";

/** One bar of the waterfall; pages. */
export interface Step {
  readonly step: string;
  readonly words: string;
  readonly pages: number;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
}

const FALL = ["sharing", "slack", "freed", "idle30", "idle5", "idle1"] as const;

/** From consumed down to active, a class per step; those without pages are left out. */
export function waterfallSteps({ counters: { consumed, active }, ledger }: LedgerInstant): readonly Step[] {
  const steps: Step[] = [{ step: "consumed", words: "consumed: charged to the VM", pages: consumed, from: 0, to: consumed, colour: GREY }];
  let left = consumed;
  for (const cls of FALL) {
    const row = ledger.find((each) => each.class === cls);
    if (row === undefined || row.pages === 0) continue;
    steps.push({ step: cls, words: row.words, pages: row.pages, from: left, to: left - row.pages, colour: CLASS_COLOUR[cls] });
    left -= row.pages;
  }
  const words = ledger.find((each) => each.class === "active")?.words ?? "active";
  steps.push({ step: "active", words, pages: active, from: 0, to: active, colour: CLASS_COLOUR.active });
  return steps;
}

/** The unit of the waterfall's axis. */
const waterfallUnit = ({ counters: { consumed, granted } }: LedgerInstant): MemoryUnit => memoryUnit(Math.max(consumed, granted));

/** The steps as the waterfall's data: a row of the drawing is 1 high. */
export const waterfallRows = (instant: LedgerInstant) =>
  waterfallSteps(instant).map(({ words, pages, from, to, colour }, i) => ({
    words,
    memory: formatPages(pages),
    size: `${formatPages(pages)} · ${formatPageCount(pages)}`,
    from: inUnit(from, waterfallUnit(instant)),
    to: inUnit(to, waterfallUnit(instant)),
    colour,
    begin: i,
    text: i + 0.26,
    top: i + 0.48,
    bottom: i + 0.9,
    // As far as the next row's words.
    link: i + 1.08,
    tip: `${words}: ${exactMemory(pages)}`,
  }));

/** Height of a row, px. */
export const WATERFALL_ROW = 44;
/** The title of the waterfall's axis. */
export const waterfallAxis = (instant: LedgerInstant): string => `host memory (${waterfallUnit(instant).name})`;
