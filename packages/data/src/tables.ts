import type { TableSpec } from "./table.ts";
import { actionsTable } from "./tables/actions.ts";
import { agesTable } from "./tables/ages.ts";
import { caseParametersTable, casesTable, differencesTable } from "./tables/comparison.ts";
import { curveBoundTable, curveFactsTable, curveTable, lruCurveTable } from "./tables/curve.ts";
import { estimatesTable } from "./tables/estimates.ts";
import { gapTable, ledgerTable } from "./tables/gap.ts";
import { guestTable } from "./tables/guest.ts";
import { heatTable } from "./tables/heat.ts";
import { hostTable } from "./tables/host.ts";
import { instantsTable } from "./tables/instants.ts";
import { estimatorFitTable, measuredDifferencesTable, measuredTable } from "./tables/measured.ts";
import { oracleTable, oracleTimeTable, rightSizeTable, workingSetTable } from "./tables/rightsize.ts";
import { spacesTable } from "./tables/spaces.ts";
import { latencyTable, reclaimTable, stallsTable } from "./tables/stalls.ts";
import { timelineTable } from "./tables/timeline.ts";
import { bestModeTable, breakEvenTable, exitsTable, translationCostTable, translationTable } from "./tables/translation.ts";

/** Every table a run can have. To add one: a file in tables/, and its line here. */
export const tables: readonly TableSpec[] = [
  timelineTable,
  instantsTable,
  measuredTable,
  measuredDifferencesTable,
  estimatorFitTable,
  gapTable,
  ledgerTable,
  estimatesTable,
  agesTable,
  heatTable,
  spacesTable,
  guestTable,
  hostTable,
  actionsTable,
  stallsTable,
  latencyTable,
  reclaimTable,
  translationTable,
  translationCostTable,
  exitsTable,
  breakEvenTable,
  bestModeTable,
  curveTable,
  lruCurveTable,
  curveFactsTable,
  curveBoundTable,
  workingSetTable,
  rightSizeTable,
  oracleTable,
  oracleTimeTable,
  casesTable,
  caseParametersTable,
  differencesTable,
];
