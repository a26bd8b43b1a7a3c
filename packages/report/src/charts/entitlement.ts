import { actionsTable, formatPages, timelineTable, type Columns, type Row, type Run } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { largestTake, takes, type Take } from "../host/takes.ts";
import { standingWords } from "../host/words.ts";
import type { Y } from "../layers.ts";
import { atLastSample } from "../last-sample.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { REPORTED_COLOUR } from "../palette.ts";
import { panelsOf, type Panel } from "../panel.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatInstant, inTimeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const { time, vm, entitlement: deserved, target, consumed, zipCache, activeReported } = timelineTable.columns;
const held = { type: "number", unit: "pages", about: "consumed and zip cache" } as const;
const columns = { time, vm, entitlement: deserved, held, target, consumed, zipCache, activeReported } as const satisfies Columns;
type Sample = Row<typeof columns>;

interface Line {
  readonly words: string;
  readonly colour: string | { readonly expr: string };
  readonly dash: readonly number[];
  pagesOf(row: Sample): number;
}

const HEIGHT = 220;
/** Ticks on the time axis; px. */
const TICK = 10;

const LINES: readonly Line[] = [
  { words: "entitlement: what it deserves", colour: { expr: "quiet" }, dash: [1, 0], pagesOf: (row) => row.entitlement },
  { words: "held: consumed and zip cache", colour: { expr: "ink" }, dash: [1, 0], pagesOf: (row) => row.held },
  { words: "target of the last balance", colour: { expr: "ink" }, dash: [4, 3], pagesOf: (row) => row.target },
  { words: "active, reported", colour: REPORTED_COLOUR, dash: [1, 0], pagesOf: (row) => row.activeReported },
];

/** What shares, limits and activity entitle a VM to, against what it holds. */
export const entitlement = chart({
  name: "entitlement",
  about: "entitlement, target, memory held and reported active memory of each VM over time",
  title: "Who deserves how much, and who has it?",
  per: "vm",
  tables: [timelineTable, actionsTable],
  columns,
  draw(panel) {
    const rows = samplesOf(panel);
    if (rows.length < 2) return undefined;
    const lines = LINES.filter(({ pagesOf }) => rows.some((row) => !Number.isNaN(pagesOf(row))));
    const unit = memoryUnit(Math.max(...rows.flatMap((row) => lines.map(({ pagesOf }) => pagesOf(row) || 0))));
    const values = lines.flatMap(({ words, pagesOf }) =>
      rows
        .filter((row) => !Number.isNaN(pagesOf(row)))
        .map((row) => ({ t: inTimeUnit(row.time, panel.time), line: words, m: inUnit(pagesOf(row), unit) })),
    );
    const x = timeX(panel);
    const y: Y = { field: "m", type: "quantitative", axis: { title: `machine memory (${unit.name})` } };
    const domain = lines.map(({ words }) => words);
    const taken = takes(panel).map(({ timeNs }) => ({ t: inTimeUnit(timeNs, panel.time) }));
    return {
      height: HEIGHT,
      layer: [
        {
          data: { name: "takes", values: taken },
          mark: { type: "rule", y: HEIGHT, y2: HEIGHT - TICK, strokeWidth: 1.5, color: { expr: "ink" }, aria: false },
          encoding: { x },
        },
        {
          data: { name: "lines", values },
          mark: { type: "line", strokeWidth: 2, aria: false },
          encoding: {
            x,
            y,
            color: {
              field: "line",
              type: "nominal",
              scale: { domain, range: lines.map(({ colour }) => colour) },
              legend: { title: null, symbolType: "stroke", symbolStrokeWidth: 2 },
            },
            strokeDash: { field: "line", type: "nominal", scale: { domain, range: lines.map(({ dash }) => [...dash]) } },
          },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const last = samplesOf(panel).at(-1);
    if (last === undefined) return "";
    const listed = LINES.filter(({ pagesOf }) => !Number.isNaN(pagesOf(last))).map(
      ({ words, pagesOf }) => `${words.replace(/:.*/, "")} ${formatPages(pagesOf(last))}`,
    );
    const most = largestTake(takes(panel));
    const asked = most === undefined ? "The host never asked it to give anything." : `The host asked it for the most ${takeWords(most)}.`;
    return `${vmLabel(panel.vm)} ${atLastSample(panel, last.time)}: ${listed.join("; ")}. ${asked}`;
  },
  caption(run) {
    const most = largestTakeOf(run);
    return (
      "Entitlement is what the VM would get if all wanted all they can have: by its shares, its reservation and limit, and less for memory that it holds without using it (the idle memory tax). " +
      "A VM may hold more while memory is plenty; when it is scarce, the host takes first from the VM that pays the least for a page. Ticks on the time axis are decisions to take from this VM. " +
      (most === undefined ? "In this run there were none." : `The largest of all VMs: ${vmLabel(most.vm)} ${takeWords(most)}.`)
    );
  },
  numbers: samplesOf,
});

/** `at 90 s, 27.8 MiB, as the first to give: for its shares it holds much memory that it does not use` */
function takeWords({ timeNs, pages, place, standing }: Take): string {
  const turn = Number.isNaN(place) ? "" : `, as number ${place} to give`;
  return `at ${formatInstant(timeNs)}, ${formatPages(pages)}${turn}: ${standingWords(standing)}`;
}

const largestTakeOf = (run: Run): Take | undefined => largestTake(panelsOf(run, "run").flatMap((panel) => takes(panel)));

/** The VM's counters; none where memory is never scarce, for then nobody is entitled to anything. */
function samplesOf(panel: Panel): readonly Sample[] {
  const rows = panel.sampled(timelineTable);
  if (rows.every((row) => Number.isNaN(row.entitlement))) return [];
  return rows.map((row) => ({
    time: row.time,
    vm: row.vm,
    entitlement: row.entitlement,
    held: row.consumed + row.zipCache,
    target: row.target,
    consumed: row.consumed,
    zipCache: row.zipCache,
    activeReported: row.activeReported,
  }));
}
