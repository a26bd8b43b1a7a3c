import { formatPages, oracleTimeTable } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { formatShare, inUnit, memoryUnit } from "../memory-unit.ts";
import type { Panel } from "../panel.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatDuration, formatInstant, inTimeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const NEEDED = "touched again later";
const FREE = "never again: could be taken at no cost";
/** From the bottom. */
const PARTS = [
  { words: NEEDED, colour: { expr: "quiet" } },
  { words: FREE, colour: { expr: "line" } },
] as const;

/** What perfect knowledge of the future could have taken at each instant, at no cost. */
export const reclaimable = chart({
  name: "reclaimable",
  about: "memory over time that could be taken at no cost if the future were known",
  title: "How much is never needed again?",
  per: "vm",
  tables: [oracleTimeTable],
  columns: oracleTimeTable.columns,
  words: { consumed: "touched so far", neverAgain: "never again" },
  draw(panel) {
    const rows = panel.sampled(oracleTimeTable);
    if (rows.length < 2) return undefined;
    const unit = memoryUnit(Math.max(...rows.map(({ consumed }) => consumed)));
    const values = rows.flatMap(({ time, consumed, neverAgain }) => {
      const t = inTimeUnit(time, panel.time);
      return [
        { t, part: NEEDED, order: 0, m: inUnit(consumed - neverAgain, unit) },
        { t, part: FREE, order: 1, m: inUnit(neverAgain, unit) },
      ];
    });
    const live = mostLive(panel);
    const most = live === undefined ? [] : [{ t: inTimeUnit(live.time, panel.time), m: inUnit(live.pages, unit) }];
    const legend = { domain: PARTS.map(({ words }) => words), range: PARTS.map(({ colour }) => colour) };
    return {
      height: 260,
      layer: [
        {
          data: { name: "parts", values },
          mark: { type: "area", stroke: { expr: "paper" }, strokeWidth: 0.75, aria: false },
          encoding: {
            x: timeX(panel),
            y: { field: "m", type: "quantitative", stack: "zero", axis: { title: `touched so far (${unit.name})` } },
            order: { field: "order", type: "quantitative" },
            color: { field: "part", type: "nominal", scale: legend, legend: { title: null } },
          },
        },
        {
          data: {
            name: "touched",
            values: rows.map(({ time, consumed }) => ({ t: inTimeUnit(time, panel.time), m: inUnit(consumed, unit) })),
          },
          mark: { type: "line", strokeWidth: 2, color: { expr: "ink" }, aria: false },
          encoding: { x: timeX(panel), y: { field: "m", type: "quantitative" } },
        },
        {
          data: { name: "most", values: most },
          mark: { type: "point", shape: "diamond", filled: true, size: 70, opacity: 1, color: { expr: "ink" }, aria: false },
          encoding: { x: timeX(panel), y: { field: "m", type: "quantitative" } },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const rows = panel.sampled(oracleTimeTable);
    const half = rows[Math.floor(rows.length / 2)];
    const live = mostLive(panel);
    if (half === undefined || live === undefined) return "";
    return (
      `${vmLabel(panel.vm)}: half way, at ${formatInstant(half.time)}, ${formatPages(half.neverAgain)} (${formatShare(half.neverAgain, half.consumed)}) of the ` +
      `${formatPages(half.consumed)} touched so far is never touched again; the most that is touched again later is ${formatPages(live.pages)}, at ${formatInstant(live.time)}.`
    );
  },
  caption: ({ manifest }) =>
    "The height is all memory touched so far, which a host that takes nothing holds. The upper part is not touched in the rest of the trace: who knew the future could take it at each instant, and nothing would ever be read again. " +
    "Toward the end more and more is, since what comes after the trace is not known. The diamond is where most is touched again; a memory much smaller than that pages, whatever the policy. " +
    `Samples are ${formatDuration(manifest.sampleNs)} apart.`,
  numbers: (panel) => panel.sampled(oracleTimeTable),
});

/** The sample at which most memory is touched again later. */
function mostLive(panel: Panel): { readonly time: number; readonly pages: number } | undefined {
  let most: { readonly time: number; readonly pages: number } | undefined;
  for (const { time, consumed, neverAgain } of panel.sampled(oracleTimeTable))
    if (most === undefined || consumed - neverAgain > most.pages) most = { time, pages: consumed - neverAgain };
  return most;
}
