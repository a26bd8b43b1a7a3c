import { curveBoundTable, curveFactsTable, curveTable, lruCurveTable } from "@tidemark/data";
import { chart } from "../chart.ts";
import { CURVE_CAPTION, curveDrawing, curveSays } from "../curve/drawing.ts";

/** Misses against memory, by policy. */
export const curve = chart({
  name: "curve",
  about: "misses of victim policies against memory size, and the bound",
  title: "How small can the VM be before it hurts?",
  per: "vm",
  tables: [curveTable, lruCurveTable, curveFactsTable, curveBoundTable],
  columns: curveTable.columns,
  draw: (panel) => curveDrawing(panel, panel.vm),
  says: (panel) => curveSays(panel, panel.vm),
  caption: () => CURVE_CAPTION,
  numbers: (panel) => panel.rows(curveTable).filter(({ vm }) => vm !== ""),
});
