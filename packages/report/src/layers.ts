import type { TopLevelSpec } from "vega-lite";

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>;

/** What is drawn in one panel: layers with their data inline and named, and how tall it is. */
export type Plot = Pick<LayerSpec, "layer" | "encoding" | "resolve" | "height">;

/** A plot, and where its numbers lie in it. */
export type Drawing = Plot & { readonly under?: Under };

/** A column of a chart's numbers whose values lie along an axis. */
export interface Along {
  readonly column: string;
  /** The column in which they end, where they are stretches of the axis. */
  readonly end?: string;
  /** What 1 on the axis is in the column. */
  readonly unit: number;
}

/** Where a chart's numbers lie in its plot, so that the page can tell those under the pointer. Of a chart over time that says nothing it is the column `time`. */
export interface Under {
  readonly x: Along;
  readonly y?: Along;
}

export type Layer = Extract<Plot["layer"][number], { mark: unknown }>;
type Encoding = NonNullable<Layer["encoding"]>;
export type X = NonNullable<Encoding["x"]>;
export type Y = NonNullable<Encoding["y"]>;
export type Frame = Pick<LayerSpec, "$schema" | "params" | "config" | "padding">;
