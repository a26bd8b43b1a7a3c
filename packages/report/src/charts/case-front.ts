import { caseParametersTable, casesTable, formatPages, type Columns, type Row } from "@tidemark/data/shapes";
import { AXES_WIDTH, chart, WIDTH } from "../chart.ts";
import { caseLabels } from "../compare/case-labels.ts";
import { nameOffsets } from "../compare/name-offsets.ts";
import { savedExactly } from "../compare/saved-words.ts";
import { exactMemory } from "../exact-memory.ts";
import { joined } from "../joined.ts";
import type { Layer, X, Y } from "../layers.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { GREY, PLAIN_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { formatSpan, inTimeUnit, timeUnit } from "../time-unit.ts";

const { case: name, consumed, saved, stall, dominated } = casesTable.columns;
const columns = { case: name, consumed, saved, stall, dominated } as const satisfies Columns;

/** Cases that are named in the drawing, those that are not beaten first. */
const NAMED_MAX = 16;
const FRONT = "not beaten",
  BEATEN = "beaten by another";
const HEIGHT = 340;
/** Around a name that stands on the line. */
const HALO = { stroke: { expr: "paper" }, strokeWidth: 3, strokeJoin: "round" } as const;

/** Cases as memory saved against waiting, those that no other beats joined. */
export const caseFront = chart({
  name: "case-front",
  about: "alternatives as memory saved against time waited, with those that no other beats",
  title: "Which alternative is worth it?",
  per: "run",
  tables: [casesTable, caseParametersTable],
  columns,
  draw(panel) {
    const cases = casesIn(panel);
    if (cases.length < 2) return undefined;
    const label = caseLabels(
      cases.map((each) => each.case),
      panel.rows(caseParametersTable),
    );
    const unit = memoryUnit(Math.max(...cases.map((each) => Math.abs(each.saved))));
    const time = timeUnit(Math.max(...cases.map((each) => each.stall)));
    const points = cases.map((each) => {
      const words = each.role === "baseline" ? `${label(each.case)} (baseline)` : label(each.case);
      return {
        case: words,
        m: inUnit(each.saved, unit),
        t: inTimeUnit(each.stall, time),
        kind: each.dominated === "" ? FRONT : BEATEN,
        tip: [
          words,
          `holds ${exactMemory(each.consumed)}`,
          ...(each.role === "baseline" ? [] : [savedExactly(each.saved)]),
          `all VMs waited ${formatSpan(each.stall)}`,
          ...(each.dominated === "" ? [] : [`beaten by ${label(each.dominated)}`]),
        ].join("\n"),
      };
    });
    const front = points.filter(({ kind }) => kind === FRONT).toSorted((a, b) => (a.m ?? 0) - (b.m ?? 0));
    const right = Math.max(...points.map(({ m }) => m ?? 0));
    const left = Math.min(0, ...points.map(({ m }) => m ?? 0));
    const longest = Math.max(...points.map(({ t }) => t));
    const x: X = {
      field: "m",
      type: "quantitative",
      scale: { domain: [left, right], nice: false, padding: 10 },
      axis: { title: `memory saved against the baseline, mean (${unit.name})`, grid: true },
    };
    const y: Y = {
      field: "t",
      type: "quantitative",
      scale: { type: "sqrt", domain: [0, longest], nice: false, padding: 10 },
      axis: { title: `waited, all VMs (${time.name}, square-root scale)`, titleY: -26 },
    };
    // Names lean towards the middle, so that none is cut off.
    const named = [...front, ...points.filter(({ kind }) => kind !== FRONT)]
      .slice(0, NAMED_MAX)
      .toSorted((a, b) => b.t - a.t)
      .map((each) => {
        const across = ((each.m ?? 0) - left) / (right - left || 1);
        return { ...each, across, isLeft: across > 0.5 };
      });
    const offsets = nameOffsets(
      named.map(({ case: words, across, t, isLeft }) => ({
        x: across * (WIDTH - AXES_WIDTH),
        y: HEIGHT * (1 - Math.sqrt(t / (longest || 1))),
        letters: words.length,
        isLeft,
      })),
      HEIGHT,
    );
    const texts = named.flatMap((each, i) => {
      const dy = offsets[i];
      return dy === undefined ? [] : [{ case: each.case, m: each.m, t: each.t, isLeft: each.isLeft, dy }];
    });
    const names = (isLeft: boolean, paint: typeof HALO | object): Layer => ({
      data: { name: isLeft ? "names-left" : "names-right", values: texts.filter((each) => each.isLeft === isLeft) },
      mark: {
        type: "text",
        align: isLeft ? "right" : "left",
        dx: isLeft ? -9 : 9,
        dy: { expr: "datum.dy" },
        fontSize: 11,
        aria: false,
        ...paint,
      },
      encoding: { x, y, text: { field: "case", type: "nominal" } },
    });
    return {
      height: HEIGHT,
      layer: [
        {
          data: { name: "front", values: front },
          mark: { type: "line", interpolate: "step-after", strokeWidth: 1.5, color: PLAIN_COLOUR, opacity: 0.6, aria: false },
          encoding: { x, y },
        },
        {
          data: { name: "cases", values: points },
          mark: { type: "point", filled: true, size: 80, opacity: 1, aria: false },
          encoding: {
            x,
            y,
            color: {
              field: "kind",
              type: "nominal",
              scale: { domain: [FRONT, BEATEN], range: [PLAIN_COLOUR, GREY] },
              legend: { title: null, symbolType: "circle" },
            },
            tooltip: { field: "tip", type: "nominal" },
          },
        },
        ...[true, false].flatMap((isLeft) => [names(isLeft, HALO), names(isLeft, {})]),
      ],
    };
  },
  says(panel) {
    const cases = casesIn(panel);
    const label = caseLabels(
      cases.map((each) => each.case),
      panel.rows(caseParametersTable),
    );
    const front = cases.filter((each) => each.dominated === "");
    const listed = front
      .slice(0, NAMED_MAX)
      .map((each) => `${label(each.case)} (saves ${formatPages(each.saved)}, waits ${formatSpan(each.stall)})`);
    return `Of ${cases.length} cases ${front.length} ${front.length === 1 ? "is" : "are"} not beaten by another: ${joined(listed)}.`;
  },
  caption: () =>
    "Every point is a case: farther right it saves more memory, farther down its VMs wait less. Memory is what VMs hold with their compression caches, the mean over all samples; waiting is the sum over all VMs at the scenario's costs. " +
    "A case is beaten where another holds no more memory and waits no longer, and is better in one of the two; the line joins those that are not beaten.",
  numbers: (panel) =>
    casesIn(panel).map((each): Row<typeof columns> => ({
      case: each.case,
      consumed: each.consumed,
      saved: each.saved,
      stall: each.stall,
      dominated: each.dominated,
    })),
});

const casesIn = (panel: Panel): readonly Row<typeof casesTable.columns>[] => panel.rows(casesTable).filter(({ failed }) => failed === "");
