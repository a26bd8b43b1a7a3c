import type { TopLevelSpec } from "vega-lite";

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>;

/** What is drawn in one panel: layers with their data inline and named, and how tall the plot is. */
export type Drawing = Pick<LayerSpec, "layer" | "encoding" | "resolve" | "height">;

export type Layer = Extract<Drawing["layer"][number], { mark: unknown }>;
type Encoding = NonNullable<Layer["encoding"]>;
export type X = NonNullable<Encoding["x"]>;
export type Y = NonNullable<Encoding["y"]>;
export type Frame = Pick<LayerSpec, "$schema" | "params" | "config" | "padding">;
