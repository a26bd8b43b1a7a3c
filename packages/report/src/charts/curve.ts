import { curveBoundTable, curveFactsTable, curveTable, lruCurveTable } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { CURVE_CAPTION, curveDrawing, curveSays } from "../curve/drawing.ts";
import { CURVE_COLUMNS, CURVE_WORDS, curveNumbers } from "../curve/points.ts";

/** Misses against memory, by policy. */
export const curve = chart({
  name: "curve",
  about: "misses of victim policies against memory size, and the bound",
  title: "How small can the VM be before it hurts?",
  per: "vm",
  tables: [curveTable, lruCurveTable, curveFactsTable, curveBoundTable],
  columns: CURVE_COLUMNS,
  words: CURVE_WORDS,
  draw: (panel) => curveDrawing(panel, panel.vm),
  says: (panel) => curveSays(panel, panel.vm),
  caption: () => CURVE_CAPTION,
  numbers: (panel) => curveNumbers(panel, panel.vm),
});
