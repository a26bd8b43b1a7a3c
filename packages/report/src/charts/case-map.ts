import { caseParametersTable, casesTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { valueLabels, valueText } from "../compare/case-labels.ts";
import { savedExactly, savedWords } from "../compare/saved-words.ts";
import type { Layer } from "../layers.ts";
import { THEMES } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { formatSpan, inTimeUnit, timeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const { case: name, saved, stall } = casesTable.columns;
const { parameter, value } = caseParametersTable.columns;
const columns = { case: name, parameter, value, saved, stall } as const satisfies Columns;

const ROW = 44;
const VALUES_MAX = 16;
/** On the upper end of the ramp, which is dark in the light theme and light in the dark one, text is the other way round. */
const TEXT_COLOUR = { expr: `datum.isUpper != dark ? '${THEMES.dark.ink}' : '${THEMES.light.ink}'` };
/** Where the ramp's upper end begins, as a part of it. */
const UPPER = 0.47;

/** What all VMs wait, by the values of two parameters. */
export const caseMap = chart({
  name: "case-map",
  about: "what all VMs wait at every pair of values of two parameters",
  title: "How do two parameters act together?",
  per: "run",
  tables: [casesTable, caseParametersTable],
  columns,
  draw(panel) {
    const map = mapIn(panel);
    if (map === undefined) return undefined;
    const { across, down, cells } = map;
    const longestNs = Math.max(...cells.map((cell) => cell.stall));
    const time = timeUnit(longestNs);
    const [xLabel, yLabel] = [valueLabels(across.values, 20), valueLabels(down.values, 20)];
    const values = cells.map((cell) => ({
      x: xLabel(cell.x),
      y: yLabel(cell.y),
      t: inTimeUnit(cell.stall, time),
      isUpper: Math.sqrt(cell.stall / (longestNs || 1)) > UPPER,
      waited: formatSpan(cell.stall),
      size: savedWords(cell.saved),
      tip: [
        `${across.parameter} ${vmLabel(valueText(cell.x))}, ${down.parameter} ${vmLabel(valueText(cell.y))}`,
        savedExactly(cell.saved),
        `all VMs waited ${formatSpan(cell.stall)}`,
      ].join("\n"),
    }));
    const x = {
      field: "x",
      type: "nominal",
      scale: { domain: across.values.map(xLabel) },
      axis: { title: across.parameter, labelAngle: 0, labelColor: { expr: "ink" } },
    } as const;
    const y = {
      field: "y",
      type: "nominal",
      scale: { domain: down.values.map(yLabel) },
      axis: { title: down.parameter, titleY: -10, labelColor: { expr: "ink" } },
    } as const;
    const text = (field: string, dy: number): Layer => ({
      data: { name: "cells", values },
      mark: { type: "text", fontSize: 11, dy, color: TEXT_COLOUR, aria: false },
      encoding: { x, y, text: { field, type: "nominal" } },
    });
    return {
      height: down.values.length * ROW,
      layer: [
        {
          data: { name: "cells", values },
          mark: { type: "rect", stroke: { expr: "paper" }, strokeWidth: 2, aria: false },
          encoding: {
            x,
            y,
            color: {
              field: "t",
              type: "quantitative",
              scale: { type: "sqrt", scheme: { expr: "heatRamp" }, domainMin: 0 },
              legend: { title: `waited, all VMs (${time.name}, square-root scale)`, direction: "horizontal", gradientLength: 200 },
            },
            tooltip: { field: "tip", type: "nominal" },
          },
        },
        text("waited", -7),
        text("size", 7),
      ],
    };
  },
  says(panel) {
    const map = mapIn(panel);
    if (map === undefined) return "";
    const { across, down, cells } = map;
    const sorted = cells.toSorted((a, b) => a.stall - b.stall);
    const at = (cell: Cell | undefined): string =>
      cell === undefined
        ? ""
        : `${formatSpan(cell.stall)} at ${across.parameter} ${vmLabel(valueText(cell.x))} and ${down.parameter} ${vmLabel(valueText(cell.y))}`;
    return `VMs wait least, ${at(sorted[0])}; most, ${at(sorted.at(-1))}.`;
  },
  caption: () =>
    "Each cell is the case with these two values; the darker (in the light theme) or brighter (in the dark one), the longer its VMs wait in all. Below stands the memory that it saves against the baseline, in the mean over all samples.",
  numbers(panel) {
    const cases = casesIn(panel);
    return panel.rows(caseParametersTable).flatMap((each): Row<typeof columns>[] => {
      const found = cases.find((other) => other.case === each.case);
      return found === undefined ? [] : [{ ...each, saved: found.saved, stall: found.stall }];
    });
  },
});

const casesIn = (panel: Panel): readonly Row<typeof casesTable.columns>[] => panel.rows(casesTable).filter(({ failed }) => failed === "");

interface Axis {
  readonly parameter: string;
  readonly values: readonly string[];
}

interface Cell {
  readonly x: string;
  readonly y: string;
  readonly stall: number;
  readonly saved: number;
}

/** Undefined unless the cases are the combinations of the values of two parameters, not too many to be read. */
function mapIn(panel: Panel): { readonly across: Axis; readonly down: Axis; readonly cells: readonly Cell[] } | undefined {
  const given = panel.rows(caseParametersTable);
  const cases = casesIn(panel);
  const axes = [...new Set(given.map((each) => each.parameter))].map((each): Axis => ({
    parameter: each,
    values: [...new Set(given.filter((other) => other.parameter === each).map((other) => other.value))],
  }));
  const [across, down] = axes;
  if (across === undefined || down === undefined || axes.length > 2) return undefined;
  if (axes.some(({ values }) => values.length < 2 || values.length > VALUES_MAX)) return undefined;
  const valueOf = (wanted: string, of: string): string | undefined =>
    given.find((each) => each.case === wanted && each.parameter === of)?.value;
  const cells = cases.flatMap((each): Cell[] => {
    const [x, y] = [valueOf(each.case, across.parameter), valueOf(each.case, down.parameter)];
    return x === undefined || y === undefined ? [] : [{ x, y, stall: each.stall, saved: each.saved }];
  });
  return cells.length === cases.length && cells.length > 2 ? { across, down, cells } : undefined;
}
