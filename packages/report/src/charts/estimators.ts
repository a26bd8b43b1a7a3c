import { estimatesTable, formatPages, timelineTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { estimatorErrors } from "../estimator-words.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { ESTIMATOR_COLOURS } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatDuration, inTimeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const columns = {
  time: estimatesTable.columns.time,
  vm: estimatesTable.columns.vm,
  estimator: estimatesTable.columns.estimator,
  reported: estimatesTable.columns.reported,
  low: estimatesTable.columns.low,
  high: estimatesTable.columns.high,
  active: timelineTable.columns.active,
} as const satisfies Columns;

const TRUTH = "truth: every page counted";

/** Each estimator's active memory against the true one. */
export const estimators = chart({
  name: "estimators",
  about: "active memory as the estimators report it against the true one, with the 95 % confidence band",
  title: "How well is active memory estimated?",
  per: "vm",
  tables: [estimatesTable, timelineTable],
  columns,
  words: { active: "truth", low: "lower end of its band", high: "upper end of its band" },
  draw(panel) {
    const rows = numbers(panel).filter(({ reported }) => !Number.isNaN(reported));
    if (new Set(rows.map(({ time }) => time)).size < 2) return undefined;
    const truth = panel.sampled(timelineTable);
    const names = [...new Set(rows.map(({ estimator }) => estimator))].slice(0, ESTIMATOR_COLOURS.length);
    const drawn = rows.filter(({ estimator }) => names.includes(estimator));
    const unit = memoryUnit(
      Math.max(
        ...truth.map(({ active }) => active),
        ...drawn.map(({ reported, high }) => Math.max(reported, Number.isNaN(high) ? 0 : high)),
      ),
    );
    const banded = new Set(drawn.filter(({ low, high }) => !Number.isNaN(low + high)).map(({ estimator }) => estimator));
    const wordsOf = (name: string): string => (banded.has(name) ? `${name}, with its 95 % confidence band` : name);
    const t = (ns: number): number => inTimeUnit(ns, panel.time);
    const values = drawn.map(({ time, estimator, reported, low, high }) => ({
      t: t(time),
      estimator: wordsOf(estimator),
      m: inUnit(reported, unit),
      low: inUnit(low, unit),
      high: inUnit(high, unit),
    }));
    const scale = { domain: [TRUTH, ...names.map(wordsOf)], range: [{ expr: "ink" }, ...ESTIMATOR_COLOURS.slice(0, names.length)] };
    const x = timeX(panel);
    const y = { type: "quantitative", axis: { title: `active memory (${unit.name})` } } as const;
    return {
      height: 260,
      layer: [
        {
          data: { name: "bands", values: values.filter(({ low, high }) => low !== null && high !== null) },
          mark: { type: "area", opacity: 0.22, interpolate: "step-after", aria: false },
          encoding: { x, y: { field: "low", ...y }, y2: { field: "high" }, color: { field: "estimator", type: "nominal", scale } },
        },
        {
          data: { name: "truth", values: truth.map(({ time, active }) => ({ t: t(time), m: inUnit(active, unit) })) },
          mark: { type: "line", strokeWidth: 2, aria: false },
          encoding: { x, y: { field: "m", ...y }, color: { datum: TRUTH, type: "nominal" } },
        },
        {
          data: { name: "reported", values },
          mark: { type: "line", strokeWidth: 2, interpolate: "step-after", aria: false },
          encoding: {
            x,
            y: { field: "m", ...y },
            color: {
              field: "estimator",
              type: "nominal",
              scale,
              legend: { title: null, symbolType: "stroke", symbolStrokeWidth: 2 },
            },
          },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const errors = estimatorErrors(panel.rows(estimatesTable), panel.rows(timelineTable))
      .map(
        ({ estimator, offPages, meanPages }) =>
          `${estimator} is off by ${formatPages(offPages)} on average, ${formatPages(Math.abs(meanPages))} ${meanPages < 0 ? "too low" : "too high"} in the mean.`,
      )
      .join(" ");
    return errors === "" ? "" : `${vmLabel(panel.vm)}: ${errors}`;
  },
  caption: ({ manifest }) =>
    "Each estimator's report holds until its next period ends, so it lags and jumps; the shaded band is its 95 % confidence interval where it works on a sample of pages. " +
    `The truth is the number of resident pages touched in the last ${formatDuration(manifest.windowNs)}. ` +
    `Before its first full period an estimator reports nothing. Random choices follow from seed ${manifest.seed}. Estimates never enter the ledger: it is made of true counts.`,
  numbers,
});

function numbers(panel: Panel): Row<typeof columns>[] {
  const activeAt = new Map(panel.sampled(timelineTable).map(({ time, active }) => [time, active]));
  return panel.sampled(estimatesTable).map(({ time, vm, estimator, reported, low, high }) => ({
    time,
    vm,
    estimator,
    reported,
    low,
    high,
    active: activeAt.get(time) ?? NaN,
  }));
}
