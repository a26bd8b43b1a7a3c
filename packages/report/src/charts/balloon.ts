import { formatPages, reclaimTable, timelineTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import type { Y } from "../layers.ts";
import { formatPageCount, formatShare, inUnit, memoryUnit } from "../memory-unit.ts";
import { MECHANISM_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatDuration, formatInstant, inTimeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const { time, vm, vmmemctl, vmmemctltarget } = timelineTable.columns;
const columns = { time, vm, vmmemctl, vmmemctltarget } as const satisfies Columns;
type Sample = Row<typeof columns>;

const SIZE = "size of the balloon";
const TARGET = "size wanted by the host";

/** The balloon of each VM against what the host wants of it. */
export const balloon = chart({
  name: "balloon",
  about: "size and target of each VM's balloon over time",
  title: "Does the balloon reach its target?",
  per: "vm",
  tables: [timelineTable, reclaimTable],
  columns,
  draw(panel) {
    const rows = samplesOf(panel);
    const most = Math.max(0, ...rows.map((row) => Math.max(row.vmmemctl, row.vmmemctltarget)));
    if (rows.length < 2 || most === 0) return undefined;
    const unit = memoryUnit(most);
    const line = (of: string, pagesOf: (row: Sample) => number) =>
      rows.map((row) => ({ t: inTimeUnit(row.time, panel.time), m: inUnit(pagesOf(row), unit), of }));
    const x = timeX(panel);
    const scale = { domain: [SIZE, TARGET], range: [MECHANISM_COLOUR.balloon, { expr: "ink" }] };
    const y: Y = { field: "m", type: "quantitative", axis: { title: `balloon (${unit.name})` } };
    return {
      height: 140,
      layer: [
        {
          data: { name: "size", values: line(SIZE, (row) => row.vmmemctl) },
          mark: { type: "area", aria: false },
          encoding: { x, y, color: { field: "of", type: "nominal", scale, legend: { title: null } } },
        },
        {
          data: { name: "target", values: line(TARGET, (row) => row.vmmemctltarget) },
          mark: { type: "line", strokeWidth: 1.5, strokeDash: [4, 3], aria: false },
          encoding: { x, y, color: { field: "of", type: "nominal" } },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const rows = samplesOf(panel);
    const [first] = rows;
    if (first === undefined) return "";
    const most = rows.reduce((a, b) => (b.vmmemctl > a.vmmemctl ? b : a), first);
    const counts = new Map(panel.rows(reclaimTable).map(({ counter, value }) => [counter, value]));
    const counted = (counter: string): number => counts.get(counter) ?? 0;
    const [backed, unbacked] = [counted("pinnedBacked"), counted("pinnedUnbacked")];
    return (
      `${vmLabel(panel.vm)}: the balloon is largest at ${formatInstant(most.time)}, ${formatPages(most.vmmemctl)} of ${formatPages(most.vmmemctltarget)} wanted. ` +
      `Over the run it pinned ${formatPageCount(backed + unbacked)}; ${formatShare(unbacked, backed + unbacked)} of them had no machine memory behind them and freed nothing. ` +
      `The guest paged out ${formatPageCount(counted("guestSwapOut"))} for it and read ${formatPageCount(counted("guestSwapIn"))} again; ${formatPageCount(counted("popped"))} were touched and taken from it.`
    );
  },
  caption: ({ manifest }) =>
    "A balloon is a driver in the guest that asks for pages and pins them, so that the host can use the machine memory behind them: the guest itself chooses what it can spare. It grows at a limited rate, and stands still in state hard and low. " +
    "Where the size stays below the target, the guest has touched ballooned pages (each touch takes one out), or the driver is not there yet. A balloon is not memory gained: pinned pages that nothing was behind free nothing. " +
    `Sampled every ${formatDuration(manifest.sampleNs)}.`,
  numbers: samplesOf,
});

function samplesOf(panel: Panel): readonly Sample[] {
  return panel.sampled(timelineTable).map((row) => ({
    time: row.time,
    vm: row.vm,
    vmmemctl: row.vmmemctl,
    vmmemctltarget: row.vmmemctltarget,
  }));
}
