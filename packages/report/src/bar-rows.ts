import type { Layer, X, Y } from "./layers.ts";

/** A row's height, px. */
const ROW = 32;
/** A plot this wide has room for the long labels, px. */
const WIDE = 460;

interface BarRows {
  /** What is said behind each bar; each has the fields below, and `long` and `short`. */
  readonly totals: readonly { readonly [field: string]: string | number }[];
  /** Field that names a row, and the rows' names from the top. */
  readonly row: string;
  readonly names: readonly string[];
  /** Field of a bar's length, and the longest. */
  readonly length: string;
  readonly longest: number;
  /** Room for the labels, px. */
  readonly longLabel: number;
  readonly shortLabel: number;
}

/** Horizontal bars with their totals behind them, in full where the plot is wide enough. */
export function barRows({ totals, row, names, length, longest, longLabel, shortLabel }: BarRows) {
  const y: Y = {
    field: row,
    type: "nominal",
    scale: { domain: [...names] },
    axis: { title: null, labelLimit: 130, labelFontSize: 12, labelColor: { expr: "ink" } },
  };
  // Room for the widest bar's label; in a narrow chart the bars keep a third of it.
  const room = `(width < ${WIDE} ? ${shortLabel} : ${longLabel})`;
  const scale = { domainMin: 0, domainMax: { expr: `${longest} * width / max(width / 3, 1, width - ${room})` }, nice: false };
  const x = { field: length, type: "quantitative", scale } as const satisfies X;
  const labels = (name: "long" | "short"): Layer => ({
    data: { name: "totals", values: [...totals] },
    mark: {
      type: "text",
      align: "left",
      dx: 6,
      fontWeight: 600,
      opacity: { expr: `width ${name === "long" ? ">=" : "<"} ${WIDE} ? 1 : 0` },
      aria: false,
    },
    encoding: { y, x, text: { field: name, type: "nominal" } },
  });
  return { y, x, labels: [labels("long"), labels("short")], height: names.length * ROW };
}
