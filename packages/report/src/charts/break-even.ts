import { bestModeTable, breakEvenTable, translationCostTable, type Run } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { costAreas } from "../cost-map.ts";
import type { Layer, X, Y } from "../layers.ts";
import { modeCosts } from "../mode-figures.ts";
import { GREY, MODE_COLOUR } from "../palette.ts";
import { panelsOf, type Panel } from "../panel.ts";
import { translatedLabel } from "../translated-as.ts";
import { COST_NOTE } from "../translation-notes.ts";
import { assumedCost, turningPoints } from "../turning-points.ts";
import { vmLabel } from "../vm-label.ts";

const TICKS: readonly number[] = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];
/** Panels whose turning points the caption names. */
const NAMED_MAX = 4;
/** Around what stands on a coloured area. */
const HALO = { stroke: { expr: "paper" }, strokeWidth: 3, strokeJoin: "round" } as const;

/** The cheapest mode at costs of an exit and of a reference. */
export const breakEven = chart({
  name: "break-even",
  about: "the cheapest translation mode at any cost of an exit and of a memory reference",
  title: "Which mode is best at which costs?",
  per: "translation",
  tables: [bestModeTable, breakEvenTable, translationCostTable],
  columns: bestModeTable.columns,
  words: { exit: "an exit", reference: "a memory reference", mode: "the cheapest mode", perAccess: "translation per access" },
  draw(panel) {
    const areas = costAreas(panel.rows(bestModeTable));
    if (areas.length === 0) return undefined;
    const occurring = new Set(areas.map(({ mode }) => mode));
    const modes = [...new Set([...MODE_COLOUR.keys(), ...occurring])].filter((mode) => occurring.has(mode));
    const span = (from: "exitFrom" | "referenceFrom", to: "exitTo" | "referenceTo"): [number, number] => [
      Math.min(...areas.map((area) => area[from])),
      Math.max(...areas.map((area) => area[to])),
    ];
    const [exitSpan, referenceSpan] = [span("exitFrom", "exitTo"), span("referenceFrom", "referenceTo")];
    const x = (field: string): X => ({
      field,
      type: "quantitative",
      scale: { type: "log", domain: exitSpan, nice: false },
      axis: { title: "an exit costs (cycles, log scale)", values: ticksWithin(exitSpan), format: "," },
    });
    const y = (field: string): Y => ({
      field,
      type: "quantitative",
      scale: { type: "log", domain: referenceSpan, nice: false },
      axis: {
        title: "a memory reference of a walk costs (cycles, log scale)",
        values: ticksWithin(referenceSpan),
        format: ",",
        titleY: -14,
      },
    });
    const rows = panel.rows(breakEvenTable);
    const point = { exit: assumedCost(rows, "exit"), reference: assumedCost(rows, "reference"), label: "as assumed" };
    const isInside = within(exitSpan, point.exit) && within(referenceSpan, point.reference);
    const assumed = isInside ? [point] : [];
    return {
      height: 300,
      under: { x: { column: "exit", unit: 1 }, y: { column: "reference", unit: 1 } },
      layer: [
        {
          data: { name: "areas", values: areas.map((area) => ({ ...area, mode: vmLabel(area.mode), colour: colourOf(area.mode) })) },
          // The outline hides the seams between areas of one colour.
          mark: { type: "rect", stroke: { expr: "datum.colour" }, strokeWidth: 1, aria: false },
          encoding: {
            x: x("exitFrom"),
            x2: { field: "exitTo" },
            y: y("referenceFrom"),
            y2: { field: "referenceTo" },
            color: {
              field: "mode",
              type: "nominal",
              scale: { domain: modes.map((mode) => vmLabel(mode)), range: modes.map(colourOf) },
              legend: { title: "the cheapest mode" },
            },
          },
        },
        ...([HALO, {}] as const).flatMap((paint): Layer[] => [
          {
            data: { name: "assumed", values: assumed },
            mark: { type: "point", shape: "cross", size: 120, opacity: 1, filled: true, color: { expr: "ink" }, aria: false, ...paint },
            encoding: { x: x("exit"), y: y("reference") },
          },
          {
            data: { name: "assumed", values: assumed },
            mark: { type: "text", align: "left", dx: 12, fontWeight: 600, aria: false, ...paint },
            encoding: { x: x("exit"), y: y("reference"), text: { field: "label", type: "nominal" } },
          },
        ]),
      ],
    };
  },
  says: (panel) => {
    const points = pointsOf(panel);
    return `${translatedLabel(panel.vm, panel.translated)}: ${points === "" ? "a map of the cheapest mode by the costs of an exit and of a memory reference" : points}.`;
  },
  caption: (run) =>
    "Each point is a pair of costs, its colour the mode that is cheapest there; the other costs stay as assumed, and the host's references cost what the guest's do. " +
    "The cross is where this run's assumed costs lie. Native is no choice and left out; so are the research proposals, agile and nested-flat, unless fewer than two other modes were tried. " +
    `${named(run)}${COST_NOTE}`,
  numbers: (panel) => [...panel.rows(bestModeTable)],
});

const colourOf = (mode: string): string => MODE_COLOUR.get(mode) ?? GREY;
const within = ([from, to]: readonly [number, number], cost: number): boolean => cost >= from && cost <= to;
const ticksWithin = (span: readonly [number, number]): number[] => TICKS.filter((tick) => within(span, tick));

const pointsOf = (panel: Panel): string => turningPoints(panel.rows(breakEvenTable), modeCosts(panel.rows(translationCostTable)));

/** The turning points of the first panels, in sentences. */
function named(run: Run): string {
  const sentences = panelsOf(run, "translation").flatMap((panel) => {
    const points = pointsOf(panel);
    return points === "" ? [] : [`For ${translatedLabel(panel.vm, panel.translated)}, ${points}. `];
  });
  const rest = sentences.length - NAMED_MAX;
  return `${sentences.slice(0, NAMED_MAX).join("")}${rest > 0 ? `The other ${rest} are in the run's table break-even. ` : ""}`;
}
