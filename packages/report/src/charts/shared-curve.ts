import { curveBoundTable, curveFactsTable, curveTable, lruCurveTable } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { CURVE_CAPTION, curveDrawing, curveSays } from "../curve/drawing.ts";
import { CURVE_COLUMNS, CURVE_WORDS, curveNumbers } from "../curve/points.ts";

/** Misses against the memory of a host for which all VMs compete. */
export const sharedCurve = chart({
  name: "shared-curve",
  about: "misses against the memory of a host whose VMs compete for it",
  title: "How small can the host of all VMs be?",
  per: "run",
  tables: [curveTable, lruCurveTable, curveFactsTable, curveBoundTable],
  columns: CURVE_COLUMNS,
  words: CURVE_WORDS,
  draw: (panel) => curveDrawing(panel, ""),
  says: (panel) => curveSays(panel, ""),
  caption: () => `${CURVE_CAPTION} The pages of all VMs stand in one list, in the order of the trace; nothing is shared between VMs.`,
  numbers: (panel) => curveNumbers(panel, ""),
});
