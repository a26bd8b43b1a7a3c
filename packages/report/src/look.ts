import type { Named, Run } from "@tidemark/data/shapes";
import type { TopLevelSpec } from "vega-lite";
import { titleOf, WIDTH, type Chart } from "./chart.ts";
import { themed, type HouseTheme } from "./house-theme.ts";

/** Room for a picture, in px of 1/96 in. */
export interface PictureSize extends Named {
  /** Drawn this wide, with letters of 11 to 13 px. */
  readonly width: number;
  /** Then enlarged or reduced to fit in here; the height may be without a bound. Undefined: as drawn. */
  readonly frame: { readonly width: number; readonly height: number } | undefined;
}

/** Columns as journals of two columns have them: 89 and 183 mm. Charts need some room: for one column they are drawn wider, their letters come to 6 to 7 points. */
export const pictureSizes: readonly PictureSize[] = [
  { name: "one-column", about: "one column of a paper, 89 mm", width: 448, frame: { width: 336, height: Infinity } },
  { name: "two-columns", about: "both columns of a paper, 183 mm", width: 692, frame: undefined },
  { name: "slide", about: "fits into 1,280 × 720 px", width: 692, frame: { width: 1280, height: 720 } },
];

/** How a picture of a chart is to look; undefined where as on a page. */
export interface Look {
  readonly size: PictureSize | undefined;
  readonly theme: HouseTheme | undefined;
}

export const PLAIN: Look = { size: undefined, theme: undefined };

/** A chart's Vega-Lite spec with its data, in this look; of several panels about as wide. It is enlarged or reduced in pictures alone. */
export function chartSpec(chart: Chart, run: Run, { size, theme }: Look = PLAIN): TopLevelSpec {
  const spec = chart.spec(run, size?.width ?? WIDTH);
  return theme === undefined ? spec : themed(spec, theme);
}

/** The specs of a chart's panels, each with its label as title where there are several. */
export function panelSpecs(chart: Chart, run: Run, { theme }: Look, width: number): readonly TopLevelSpec[] {
  const panels = chart.panels(run, width);
  const specs = panels.map(({ spec, label }): TopLevelSpec => (panels.length > 1 ? { ...spec, title: titleOf(label) } : spec));
  return theme === undefined ? specs : specs.map((spec) => themed(spec, theme));
}
