import type { Run } from "@tidemark/data/shapes";
import { strToU8, zlibSync } from "fflate";
import type { Spec } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { SPEC_FRAME, STACKED, type Chart, type ChartPanel } from "./chart.ts";
import { chartNumbers, type ChartNumbers } from "./chart-numbers.ts";
import { houseColours, houseFrame, themed, type HouseTheme } from "./house-theme.ts";
import { markerRows } from "./marker-rows.ts";
import type { VmSamples } from "./sampled-instant.ts";
import { packedRows, type PackedRows } from "./packed-rows.ts";
import { firstStateChange } from "./samples.ts";
import { strictLogger } from "./svg.ts";
import { timeUnit, type TimeUnit } from "./time-unit.ts";

type Rows = readonly unknown[];

/** What the page's script (browser/) draws and explains from. */
export interface Payload {
  /** What all Vega-Lite specs share; the script adds it when a reader asks for one. */
  readonly frame: object;
  /** And what those of several panels share. */
  readonly stacked: object;
  /** A house's colours by those of ours that they replace. */
  readonly colours: { readonly [ours: string]: string };
  readonly charts: readonly PayloadChart[];
  /** Rows of the workloads' markers; null where they are too many for a page. */
  readonly markers: ChartNumbers | null;
  readonly time: PayloadTime;
  /** For the time brush; none in a run without samples. */
  readonly samples: readonly VmSamples[];
}

export interface PayloadChart {
  readonly name: string;
  /** Null where they are too many for a page. */
  readonly numbers: ChartNumbers | null;
  readonly words: Chart["words"];
  readonly names: Chart["names"];
  readonly panels: readonly PayloadPanel[];
}

export interface PayloadPanel {
  readonly label: string;
  /** "" in a panel of the host. */
  readonly vm: string;
  readonly of: ChartPanel["of"];
  /** Null where nothing but marks tell numbers, or the axis of time does. */
  readonly under: ChartPanel["under"] | null;
  /** Both specs name their data; the rows are here once. */
  readonly rows: { readonly [name: string]: PackedRows };
  readonly vegaLite: object;
  readonly vega: Omit<Spec, "data"> & { readonly data: readonly NamedData[] };
}

/** A data set of a Vega spec: its rows are in `rows`, or it is made of others. */
interface NamedData {
  readonly name: string;
}

export interface PayloadTime {
  readonly originNs: number;
  readonly endNs: number;
  readonly windowNs: number;
  /** Of the axes. */
  readonly unit: TimeUnit;
  /** When the host's state first changed; null if it never did. */
  readonly stateChangeNs: number | null;
}

/** A chart with its panels, made once. */
export interface DrawnChart {
  readonly chart: Chart;
  readonly panels: readonly ChartPanel[];
  readonly numbers: ChartNumbers | undefined;
}

export function drawCharts(charts: readonly Chart[], run: Run, theme: HouseTheme | undefined): readonly DrawnChart[] {
  return charts.flatMap((chart) => {
    const plain = chart.panels(run);
    const panels = theme === undefined ? plain : plain.map((panel) => ({ ...panel, spec: themed(panel.spec, theme) }));
    return panels.length === 0 ? [] : [{ chart, panels, numbers: chartNumbers(chart.numbers(run)) }];
  });
}

/** Charts compiled to Vega, with data and numbers, and the samples, as deflated JSON in base64. */
export function payloadOf(drawn: readonly DrawnChart[], run: Run, samples: readonly VmSamples[], theme: HouseTheme | undefined): string {
  const { originNs, endNs, windowNs } = run.manifest;
  const payload: Payload = {
    frame: theme === undefined ? SPEC_FRAME : { ...SPEC_FRAME, ...houseFrame(theme) },
    stacked: STACKED,
    colours: theme === undefined ? {} : Object.fromEntries(houseColours(theme)),
    charts: drawn.map(({ chart, panels, numbers = null }) => ({
      name: chart.name,
      numbers,
      words: chart.words,
      names: chart.names,
      panels: panels.map(({ label, vm, of, under = null, spec }) => ({ label, vm, of, under, ...split(spec) })),
    })),
    markers: chartNumbers(markerRows(run)) ?? null,
    time: { originNs, endNs, windowNs, unit: timeUnit(endNs - originNs || endNs), stateChangeNs: firstStateChange(run) },
    samples,
  };
  return Buffer.from(zlibSync(strToU8(JSON.stringify(payload)), { level: 9 })).toString("base64");
}

function split(spec: TopLevelSpec): Pick<PayloadPanel, "rows" | "vegaLite" | "vega"> {
  const vega = compile(spec, { logger: strictLogger }).spec;
  const rows: { [name: string]: Rows } = {};
  const shared = new Set(Object.keys(SPEC_FRAME));
  const own = Object.fromEntries(Object.entries(spec).filter(([key]) => !shared.has(key)));
  const vegaLite = without(own, (data) => {
    const { name, values } = data;
    if (typeof name === "string" && Array.isArray(values)) rows[name] = values;
  });
  const packed = Object.fromEntries(Object.entries(rows).map(([name, own]) => [name, packedRows(own)]));
  return { rows: packed, vegaLite, vega: { ...vega, data: namedOnly(vega, rows) } };
}

/** The spec's data sets, without the rows that are sent beside it. */
const namedOnly = ({ data = [] }: Spec, rows: { readonly [name: string]: Rows }): readonly NamedData[] =>
  data.map((set) =>
    set.name in rows ? { name: set.name, ...Object.fromEntries(Object.entries(set).filter(([key]) => key !== "values")) } : set,
  );

/** A copy of a JSON value in which every `data` has lost its `values`; `seen` gets each `data` whole. */
function without(value: object, seen: (data: { name?: unknown; values?: unknown }) => void): object {
  const copied = (each: unknown): unknown => (typeof each === "object" && each !== null ? without(each, seen) : each);
  if (Array.isArray(value)) return value.map(copied);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (key !== "data" || typeof each !== "object" || each === null) return [key, copied(each)];
      seen(each);
      return [key, Object.fromEntries(Object.entries(each).filter(([part]) => part !== "values"))];
    }),
  );
}
