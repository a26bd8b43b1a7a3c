import type { Run } from "@tidemark/data/shapes";
import type { Chart } from "./chart.ts";
import { balloon } from "./charts/balloon.ts";
import { breakEven } from "./charts/break-even.ts";
import { caseDifferences } from "./charts/case-differences.ts";
import { caseFront } from "./charts/case-front.ts";
import { caseMap } from "./charts/case-map.ts";
import { coldMemory } from "./charts/cold-memory.ts";
import { counters } from "./charts/counters.ts";
import { curve } from "./charts/curve.ts";
import { entitlement } from "./charts/entitlement.ts";
import { estimators } from "./charts/estimators.ts";
import { exits } from "./charts/exits.ts";
import { gapOverTime } from "./charts/gap-over-time.ts";
import { heat } from "./charts/heat.ts";
import { hostMemory } from "./charts/host-memory.ts";
import { hostState } from "./charts/host-state.ts";
import { measured } from "./charts/measured.ts";
import { owners } from "./charts/owners.ts";
import { reclaimable } from "./charts/reclaimable.ts";
import { sharedCurve } from "./charts/shared-curve.ts";
import { sharing } from "./charts/sharing.ts";
import { stallTimes } from "./charts/stall-times.ts";
import { stalls } from "./charts/stalls.ts";
import { tlbReach } from "./charts/tlb-reach.ts";
import { translationCost } from "./charts/translation-cost.ts";
import { walkReferences } from "./charts/walk-references.ts";
import { waterfall } from "./charts/waterfall.ts";
import { workingSetFan } from "./charts/working-set-fan.ts";

/** Every chart, in the order of the page. To add one: a file in charts/, and its line here. */
export const charts: readonly Chart[] = [
  waterfall,
  gapOverTime,
  owners,
  counters,
  estimators,
  measured,
  coldMemory,
  heat,
  hostState,
  hostMemory,
  entitlement,
  stalls,
  stallTimes,
  sharing,
  balloon,
  translationCost,
  walkReferences,
  tlbReach,
  exits,
  breakEven,
  curve,
  sharedCurve,
  workingSetFan,
  reclaimable,
  caseFront,
  caseDifferences,
  caseMap,
];

/** The charts that have something to draw in this run. */
export const chartsOf = (run: Run): readonly Chart[] => charts.filter((chart) => chart.panels(run).length > 0);
