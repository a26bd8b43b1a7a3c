import { translationCostTable } from "@tidemark/data/shapes";
import { barRows } from "../bar-rows.ts";
import { chart } from "../chart.ts";
import { formatCount, formatFigure, formatShare } from "../memory-unit.ts";
import { modeCosts, type ModeCost } from "../mode-figures.ts";
import { causeLegend } from "../mode-words.ts";
import { CAUSE_COLOUR, GREY } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { translatedLabel } from "../translated-as.ts";
import { COST_NOTE, orderNote } from "../translation-notes.ts";
import { vmLabel } from "../vm-label.ts";

/** Room for labels, px. */
const LONG_LABEL = 160;
const SHORT_LABEL = 84;

/** Cycles per access, by what they go to. */
export const translationCost = chart({
  name: "translation-cost",
  about: "cycles of address translation per access, by cause and mode",
  title: "What does address translation cost?",
  per: "translation",
  tables: [translationCostTable],
  columns: translationCostTable.columns,
  draw(panel) {
    const modes = costsOf(panel);
    const widest = Math.max(0, ...modes.map(({ perAccess }) => perAccess));
    if (widest === 0) return undefined;
    const occurring = new Set(modes.flatMap(({ causes }) => causes.map(({ cause }) => cause)));
    const causes = [...new Set([...CAUSE_COLOUR.keys(), ...occurring])].filter((cause) => occurring.has(cause));
    const rows = panel.rows(translationCostTable);
    const cyclesOf = (mode: string, cause: string): number => rows.find((row) => row.mode === mode && row.cause === cause)?.cycles ?? NaN;
    const values = modes.flatMap((each) =>
      each.causes.map(({ cause, perAccess }) => ({
        mode: vmLabel(each.mode),
        cause: causeLegend(cause),
        order: causes.indexOf(cause),
        cycles: perAccess,
        tip: `${vmLabel(each.mode)}, ${causeLegend(cause)}: ${formatFigure(perAccess)} cycles per access (${formatCount(cyclesOf(each.mode, cause))} in all)`,
      })),
    );
    const totals = modes.map(({ mode, perAccess, withAccess }) => {
      const [cycles, share] = [formatFigure(perAccess), formatShare(perAccess, withAccess)];
      return { mode: vmLabel(mode), cycles: perAccess, long: `${cycles} · ${share} of run time`, short: `${cycles} · ${share}` };
    });
    const { y, x, labels, height } = barRows({
      totals,
      row: "mode",
      names: modes.map(({ mode }) => vmLabel(mode)),
      length: "cycles",
      longest: widest,
      longLabel: LONG_LABEL,
      shortLabel: SHORT_LABEL,
    });
    return {
      height,
      layer: [
        {
          data: { name: "costs", values },
          mark: { type: "bar", aria: false },
          encoding: {
            y,
            x: { ...x, stack: "zero", axis: { title: "cycles per access" } },
            order: { field: "order", type: "quantitative" },
            color: {
              field: "cause",
              type: "nominal",
              scale: { domain: causes.map(causeLegend), range: causes.map((cause) => CAUSE_COLOUR.get(cause) ?? GREY) },
              legend: { title: null },
            },
            tooltip: { field: "tip", type: "nominal" },
          },
        },
        ...labels,
      ],
    };
  },
  says(panel) {
    const listed = costsOf(panel).map(
      ({ mode, perAccess, withAccess }) =>
        `${vmLabel(mode)} ${formatFigure(perAccess)} (${formatShare(perAccess, withAccess)} of run time)`,
    );
    return `${translatedLabel(panel.vm, panel.translated)}: cycles of translation per access by mode: ${listed.join(", ")}.`;
  },
  caption: (run) =>
    "A bar per way of translating guest-virtual to machine addresses, all on the same trace; shorter is better. " +
    "Native is the baseline without a hypervisor; what the others cost more is the price of virtualisation. " +
    "The share of run time sets translation against what the accesses cost themselves. " +
    COST_NOTE +
    orderNote(run),
  numbers: (panel) => [...panel.rows(translationCostTable)],
});

const costsOf = (panel: Panel): readonly ModeCost[] => modeCosts(panel.rows(translationCostTable));
