import { find, type Run } from "@tidemark/data";
import { charts, type ChartPanel } from "@tidemark/report";

/** A chart of a run as a value: a node cell prints it, another cell draws it (draw.ts). */
export interface Figure {
  /** The question that it answers. */
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  /** None where the run has nothing to draw. */
  readonly panels: readonly ChartPanel[];
}

/** Charts of a run by their names (`tidemark list charts`). */
export function figures(run: Run, names: readonly string[]): { readonly [name: string]: Figure } {
  const drawn = names.map((name) => {
    const chart = find("chart", charts, name);
    return [name, { title: chart.title, caption: chart.caption(run), panels: chart.panels(run) }] as const;
  });
  return Object.fromEntries(drawn);
}
