import { tableOf, tableSpec, type Columns, type Named, type Row, type Run, type Table, type TableSpec } from "@tidemark/data/shapes";
import type { TopLevelSpec } from "vega-lite";
import type { Drawing, Frame, Plot, Under } from "./layers.ts";
import { panelsOf, type Panel, type PanelPer } from "./panel.ts";
import { THEME_CONFIG, THEME_PARAMS } from "./theme.ts";
import { formatDuration, formatInstant } from "./time-unit.ts";
import { translatedLabel } from "./translated-as.ts";
import { HOST_LABEL, hostOrVm, vmLabel } from "./vm-label.ts";

/** Names of columns in words. */
type ColumnWords<C extends Columns = Columns> = { readonly [K in keyof C]?: string };

/** How a chart is written: what it reads, and how one panel of it is drawn. */
export interface ChartPlan<C extends Columns> extends Named {
  /** The question that the chart answers. */
  readonly title: string;
  readonly per: PanelPer;
  /** All it reads; the rest of a run does not change the drawing. */
  readonly tables: readonly TableSpec[];
  /** Undefined where the run has nothing to draw. */
  draw(panel: Panel): Drawing | undefined;
  /** What the drawing says, in a sentence, for those who do not see it. */
  says(panel: Panel): string;
  /** How to read it and where its numbers come from. */
  caption(run: Run): string;
  /** The numbers drawn. */
  readonly columns: C;
  /** Columns as the legend calls them, where their names do not say it. */
  readonly words?: ColumnWords<C>;
  /** Texts in its columns as the legend calls them, where it does otherwise. */
  readonly names?: Chart["names"];
  numbers(panel: Panel): readonly Row<C>[];
}

/** A panel of a chart, ready to draw by itself. */
export interface ChartPanel {
  /** "" where it is of the host. */
  readonly vm: string;
  /** The VM, or the host; the instant, or page sizes and core, where the chart is of one. */
  readonly label: string;
  /** What it says, in a sentence. */
  readonly says: string;
  readonly spec: TopLevelSpec;
  /** What rows of the chart's numbers have in these columns if they are of this panel. */
  readonly of: { readonly [column: string]: string };
  readonly under: Under | undefined;
}

/** A chart: pure functions from a run to a Vega-Lite spec with aggregated inline data, and to the numbers behind it. */
export interface Chart extends Named {
  readonly title: string;
  readonly tables: readonly TableSpec[];
  /** Of its numbers. */
  readonly columns: Columns;
  /** Columns of its numbers in words, where their names do not say it. */
  readonly words: ColumnWords;
  /** Texts in its columns in words, where they are others. */
  readonly names: { readonly [text: string]: string };
  caption(run: Run): string;
  /** `width` px wide each. One panel for the host, or per VM, or per VM and explained instant, or per VM, page sizes and core; none where the run has nothing to draw. */
  panels(run: Run, width?: number): readonly ChartPanel[];
  /** All panels, one below the other; about `width` px wide. */
  spec(run: Run, width?: number): TopLevelSpec;
  numbers(run: Run): Table;
}

/** Vega-Lite's schema, the language that specs are written in; a name, not an address that anything fetches. */
const SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json";
export const WIDTH = 720;
/** What the labels of panels take beside their plots. */
export const AXES_WIDTH = 80;

/** What every spec shares. */
export const SPEC_FRAME: Frame = { $schema: SCHEMA, params: THEME_PARAMS, config: THEME_CONFIG, padding: 8 };

/** Panels one below the other: each with its own scales and legend. */
export const STACKED: Pick<Extract<TopLevelSpec, { vconcat: unknown }>, "spacing" | "resolve"> = {
  spacing: 32,
  resolve: { scale: { color: "independent", strokeDash: "independent" } },
};

export function chart<C extends Columns>(plan: ChartPlan<C>): Chart {
  const { name, about, title, tables, columns, per, words = {}, names = {} } = plan;
  const drawn = (run: Run) =>
    panelsOf(run, per).flatMap((panel, p) => {
      const drawing = plan.draw(panel);
      if (drawing === undefined) return [];
      const { under, ...plot } = drawing;
      return [{ panel, under, plot: numbered(plot, p + 1), label: labelOf(panel, per), says: plan.says(panel) }];
    });
  return {
    name,
    about,
    title,
    tables,
    columns,
    words,
    names,
    caption: (run) => plan.caption(run),
    panels: (run, width = WIDTH) =>
      drawn(run).map(({ panel: { vm, translated }, under, plot, label, says }) => ({
        vm,
        label,
        says,
        of: { ...(vm === "" && per !== "vm-and-host" ? {} : { vm }), ...translated },
        under,
        spec: { ...SPEC_FRAME, description: says, width, autosize: { type: "fit-x", contains: "padding" }, ...plot },
      })),
    spec(run, width = WIDTH) {
      const all = drawn(run);
      const description = all.map(({ says }) => says).join(" ");
      const [first] = all;
      if (all.length === 1 && first !== undefined)
        return { ...SPEC_FRAME, description, width, autosize: { type: "fit-x", contains: "padding" }, ...first.plot };
      return {
        ...SPEC_FRAME,
        description,
        ...STACKED,
        vconcat: all.map(({ plot, label }) => ({ title: titleOf(label), width: width - AXES_WIDTH, ...plot })),
      };
    },
    numbers(run) {
      const rows = panelsOf(run, per).flatMap((panel) => plan.numbers(panel));
      return tableOf(tableSpec({ name, about, columns }), rows);
    },
  };
}

/** A panel's label as its title. Vega 6.4 looks a title up among the properties of a plain object, and fails where it finds one. */
export const titleOf = (label: string): string => (label in {} ? `${label} ` : label);

/** The plot with its panel's number on the names of its data, so that panels can stand in one spec. */
const numbered = (plot: Plot, p: number): Plot => ({
  ...plot,
  layer: plot.layer.map((layer) => {
    const { data } = layer;
    return data !== undefined && data !== null && "name" in data && data.name !== undefined
      ? { ...layer, data: { ...data, name: `${data.name}-${p}` } }
      : layer;
  }),
});

function labelOf({ vm, instants, manifest, translated }: Panel, per: PanelPer): string {
  const [instant] = instants;
  if (translated !== undefined) return translatedLabel(vm, translated);
  if (per === "run") return HOST_LABEL;
  if (per === "vm-and-host") return hostOrVm(vm);
  if (per === "vm" || instant === undefined) return vmLabel(vm);
  return `${vmLabel(vm)} at ${formatInstant(instant.timeNs)}, window ${formatDuration(manifest.windowNs)}`;
}
