import type { Run } from "@tidemark/data/shapes";
import { isOnlyOfCases } from "./compare/facts.ts";
import { isOnlyOfCurves } from "./curve/words.ts";
import { isOnlyOfNeeds } from "./rightsize/facts.ts";
import { isOnlyOfTranslation } from "./translated-as.ts";

/** Whether a run is of translation, of miss curves, of memory needs or of compared cases alone: then it has no ledger, and no instants. */
export const hasNoLedger = (run: Run): boolean =>
  isOnlyOfTranslation(run) || isOnlyOfCurves(run) || isOnlyOfNeeds(run) || isOnlyOfCases(run);
