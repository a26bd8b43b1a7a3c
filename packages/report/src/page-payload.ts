import { toCsv, type Run } from "@tidemark/data";
import { strToU8, zlibSync } from "fflate";
import type { Spec } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { SPEC_FRAME, STACKED, type Chart, type ChartPanel } from "./chart.ts";
import { strictLogger } from "./svg.ts";

type Rows = readonly unknown[];

/** What the page's script (page/page.js) draws from. */
interface Payload {
  /** What all Vega-Lite specs share; the script adds it when a reader asks for one. */
  readonly frame: object;
  /** And what those of several panels share. */
  readonly stacked: object;
  readonly charts: readonly { readonly name: string; readonly csv: string; readonly panels: readonly PayloadPanel[] }[];
}

interface PayloadPanel {
  readonly label: string;
  /** Both specs name their data; the rows are here once. */
  readonly rows: { readonly [name: string]: Rows };
  readonly vegaLite: object;
  readonly vega: object;
}

/** A chart with its panels, made once. */
export interface DrawnChart {
  readonly chart: Chart;
  readonly panels: readonly ChartPanel[];
  /** The numbers of the chart; undefined where they are too many for a page. */
  readonly csv: string | undefined;
}

/** Letters of numbers per chart, at most: with it a page stays under 5 MB whatever the run. */
const CSV_MAX = 3_000_000;

export function drawCharts(charts: readonly Chart[], run: Run): readonly DrawnChart[] {
  return charts.flatMap((chart) => {
    const panels = chart.panels(run);
    if (panels.length === 0) return [];
    const csv = toCsv(chart.numbers(run));
    return [{ chart, panels, csv: csv.length > CSV_MAX ? undefined : csv }];
  });
}

/** Charts compiled to Vega, with data and numbers, as deflated JSON in base64. */
export function payloadOf(drawn: readonly DrawnChart[]): string {
  const payload: Payload = {
    frame: SPEC_FRAME,
    stacked: STACKED,
    charts: drawn.map(({ chart, panels, csv = "" }) => ({
      name: chart.name,
      csv,
      panels: panels.map(({ label, spec }) => ({ label, ...split(spec) })),
    })),
  };
  return Buffer.from(zlibSync(strToU8(JSON.stringify(payload)), { level: 9 })).toString("base64");
}

function split(spec: TopLevelSpec): Omit<PayloadPanel, "label"> {
  const vega = compile(spec, { logger: strictLogger }).spec;
  const rows: { [name: string]: Rows } = {};
  const shared = new Set(Object.keys(SPEC_FRAME));
  const own = Object.fromEntries(Object.entries(spec).filter(([key]) => !shared.has(key)));
  const vegaLite = without(own, (data) => {
    const { name, values } = data;
    if (typeof name === "string" && Array.isArray(values)) rows[name] = values;
  });
  return { rows, vegaLite, vega: { ...vega, data: namedOnly(vega, rows) } };
}

/** The spec's data sets, without the rows that are sent beside it. */
const namedOnly = ({ data = [] }: Spec, rows: { readonly [name: string]: Rows }) =>
  data.map((set) => (set.name in rows ? Object.fromEntries(Object.entries(set).filter(([key]) => key !== "values")) : set));

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
