import { translationTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import type { X, Y } from "../layers.ts";
import { formatCount, formatFigure, formatShare } from "../memory-unit.ts";
import { modeWalks, type ModeWalks } from "../mode-figures.ts";
import type { Panel } from "../panel.ts";
import { translatedLabel } from "../translated-as.ts";
import { orderNote } from "../translation-notes.ts";
import { vmLabel } from "../vm-label.ts";

const { vm, pages, core, mode } = translationTable.columns;
const columns = {
  vm,
  pages,
  core,
  mode,
  references: { type: "count", unit: "references", about: "memory references of a walk" },
  walks: { type: "count", unit: "walks", about: "walks that took as many" },
  percent: { type: "number", unit: "%", about: "of the mode's walks" },
} as const satisfies Columns;

const ROW = 32;
/** Room for the mean, and the least width of a cell that its share fits in; px. */
const MEAN_ROOM = 96;
const CELL_MIN = 17;

/** Page walks by the memory references they took. */
export const walkReferences = chart({
  name: "walk-references",
  about: "share of each mode's page walks by the memory references they took",
  title: "How long are the page walks?",
  per: "translation",
  tables: [translationTable],
  columns,
  draw(panel) {
    const modes = walksOf(panel);
    if (modes.length === 0) return undefined;
    const longest = Math.max(...modes.map(({ lengths }) => lengths.at(-1)?.references ?? 0));
    const values = modes.flatMap((each) =>
      each.lengths.map(({ references, walks }) => {
        const percent = (100 * walks) / each.walks;
        return {
          mode: vmLabel(each.mode),
          from: references - 0.5,
          to: references + 0.5,
          references,
          percent: Math.round(percent * 100) / 100,
          text: percent < 0.5 ? "<1" : String(Math.round(percent)),
          tip: `${vmLabel(each.mode)}, ${references === 1 ? "1 reference" : `${references} references`}: ${formatCount(walks)} of ${formatCount(each.walks)} walks (${formatShare(walks, each.walks)})`,
        };
      }),
    );
    const means = modes.map((each) => ({ mode: vmLabel(each.mode), mean: `mean ${formatFigure(each.meanReferences)}` }));
    const y: Y = {
      field: "mode",
      type: "nominal",
      scale: { domain: modes.map((each) => vmLabel(each.mode)), paddingInner: 0.2, paddingOuter: 0.1 },
      axis: { title: null, labelLimit: 130, labelFontSize: 12, labelColor: { expr: "ink" } },
    };
    const x = (field: string): X => ({
      field,
      type: "quantitative",
      scale: { domainMin: 0.5, domainMax: { expr: `0.5 + ${longest} * width / max(1, width - ${MEAN_ROOM})` }, nice: false, zero: false },
      axis: {
        title: "memory references of a page walk",
        values: Array.from({ length: longest }, (_, i) => i + 1),
        format: "d",
      },
    });
    const cell = `(width - ${MEAN_ROOM}) / ${longest} >= ${CELL_MIN}`;
    return {
      height: modes.length * ROW,
      layer: [
        {
          data: { name: "walks", values },
          mark: { type: "rect", aria: false },
          encoding: {
            x: x("from"),
            x2: { field: "to" },
            y,
            color: {
              field: "percent",
              type: "quantitative",
              scale: { domain: [0, 100], nice: false, scheme: { expr: "heatRamp" } },
              legend: {
                title: "share of the mode's walks (%)",
                direction: "horizontal",
                gradientLength: { expr: "min(300, width - 16)" },
                gradientOpacity: 1,
                tickCount: 5,
              },
            },
            tooltip: { field: "tip", type: "nominal" },
          },
        },
        {
          data: { name: "walks", values },
          mark: {
            type: "text",
            fontSize: 11,
            color: { expr: "datum.percent >= 50 ? paper : ink" },
            opacity: { expr: `${cell} ? 1 : 0` },
            aria: false,
          },
          encoding: { x: x("references"), y, text: { field: "text", type: "nominal" } },
        },
        {
          data: { name: "means", values: means },
          mark: { type: "text", align: "right", x: "width", fontWeight: 600, aria: false },
          encoding: { y, text: { field: "mean", type: "nominal" } },
        },
      ],
    };
  },
  says(panel) {
    const listed = walksOf(panel).map(
      ({ mode: name, meanReferences, lengths }) =>
        `${vmLabel(name)} ${formatFigure(meanReferences)} on average, at most ${lengths.at(-1)?.references ?? 0}`,
    );
    return `${translatedLabel(panel.vm, panel.translated)}: memory references of a page walk by mode: ${listed.join("; ")}.`;
  },
  caption: (run) =>
    "An access that no TLB can translate walks the page tables in memory. Each number is the share, in percent, of a mode's walks that took as many memory references: a row sums to 100. " +
    "Native and shadow walks read one table per level, four at most with four levels; nested walks translate each address on the way as well, 24 references at most with 4 KB pages and four levels on both sides. " +
    "Walk caches of the core leave out most of them. Only walks are counted here, not how often they happen." +
    orderNote(run),
  numbers: (panel) =>
    walksOf(panel).flatMap((each) =>
      each.lengths.map(({ references, walks }): Row<typeof columns> => ({
        vm: panel.vm,
        pages: panel.translated?.pages ?? "",
        core: panel.translated?.core ?? "",
        mode: each.mode,
        references,
        walks,
        percent: (100 * walks) / each.walks,
      })),
    ),
});

/** The modes that walked at all. */
const walksOf = (panel: Panel): readonly ModeWalks[] => modeWalks(panel.rows(translationTable)).filter(({ walks }) => walks > 0);
