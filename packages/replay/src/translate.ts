import type { Run, Trace } from "@tidemark/data/shapes";
import { createFeeds } from "./guest-feeds.ts";
import { openGuests } from "./guests.ts";
import { recordOf } from "./run-record.ts";
import type { Scenario } from "./scenario.ts";
import { spanOf } from "./span.ts";
import { translationKey } from "./translation/translation-key.ts";
import { createTranslations } from "./translation/translations.ts";

export interface TranslatePlan {
  /** Its `translation` says what is counted; without one, the defaults. */
  readonly scenario: Scenario;
  /** Opens a trace by the path the scenario names. */
  readonly open: (path: string) => Trace;
  /** Goes into the manifest. */
  readonly tool: string;
  readonly progress: (doneRows: number, totalRows: number) => void;
}

/** Stretches between two reports of progress. */
const PROGRESS_PARTS = 100;

/**
 * Translates every access of the scenario's traces, in order with their guest events, in every wanted mode on every wanted core: a
 * run with the tables of translation alone. What a `replay` of the same scenario says of translation on an uncontended host is the same.
 */
export async function translate(plan: TranslatePlan): Promise<Run> {
  const scenario = { ...plan.scenario, translation: plan.scenario.translation ?? translationKey.parse({}) };
  const guests = await openGuests(scenario, plan.open);
  const { originNs, endNs } = spanOf(guests);
  const translations = await createTranslations(guests, scenario.translation, originNs, endNs);
  const feeds = createFeeds(guests, { ...translations, observed: () => {} });
  const totalRows = guests.reduce((sum, { facts }) => sum + facts.rows, 0);
  try {
    for (let part = 1; part <= PROGRESS_PARTS; part++) {
      for (const feed of feeds) await feed.advance(originNs + Math.floor(((endNs - originNs) * part) / PROGRESS_PARTS));
      plan.progress(
        feeds.reduce((sum, feed) => sum + feed.rows(), 0),
        totalRows,
      );
    }
  } finally {
    for (const feed of feeds) await feed.close();
  }
  const { tables, statements, outside } = translations.finish();
  const spanNs = Math.max(1, endNs - originNs);
  const schedule = { originNs, endNs, windowNs: spanNs, sampleNs: spanNs };
  const manifest = recordOf(
    scenario,
    plan.tool,
    guests,
    outside,
    schedule,
    "the whole trace: translation has no window",
    guests.map(() => []),
    statements,
  );
  return { manifest, tables };
}
