import { formatPages, hostTable, reclaimTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { formatPageCount, formatShare, inUnit, memoryUnit } from "../memory-unit.ts";
import { CLASS_COLOUR, INTER_COLOUR, MECHANISM_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatDuration, formatInstant, inTimeUnit } from "../time-unit.ts";

const { time, granted, consumed, sharedCommon, sharedIntra, sharedInter } = hostTable.columns;
const saved = { type: "count", unit: "pages", about: "what sharing saves: granted less consumed" } as const;
const columns = { time, granted, consumed, saved, sharedCommon, sharedIntra, sharedInter } as const satisfies Columns;
type Sample = Row<typeof columns>;

interface Part {
  readonly words: string;
  readonly colour: string;
  pagesOf(row: Sample): number;
}

/** All pages that share, from the bottom of the stack to its top: the frames that are kept for them, and what they no longer need. */
const PARTS: readonly Part[] = [
  { words: "kept: shared between VMs", colour: INTER_COLOUR, pagesOf: (row) => row.sharedInter },
  {
    words: "kept: shared within one VM",
    colour: MECHANISM_COLOUR.sharing,
    pagesOf: (row) => row.sharedCommon - row.sharedInter,
  },
  { words: "saved by sharing", colour: CLASS_COLOUR.sharing, pagesOf: (row) => row.saved },
];

/** What page sharing keeps and what it saves, on the whole host. */
export const sharing = chart({
  name: "sharing",
  about: "pages that share frames over time: frames kept within one VM and between VMs, and frames saved",
  title: "What does page sharing save?",
  per: "run",
  tables: [hostTable, reclaimTable],
  columns,
  words: {
    granted: "granted, all VMs",
    consumed: "consumed, all VMs",
    saved: "saved by sharing",
    sharedCommon: "kept, in all",
    sharedIntra: "kept: several references, all of one VM",
    sharedInter: "kept: shared between VMs",
  },
  draw(panel) {
    const rows = samplesOf(panel);
    const most = Math.max(0, ...rows.map((row) => row.sharedCommon + row.saved));
    if (rows.length < 2 || most === 0) return undefined;
    const unit = memoryUnit(most);
    const parts = PARTS.filter((part) => rows.some((row) => part.pagesOf(row) > 0));
    const values = rows.flatMap((row) =>
      parts.map((part) => ({
        t: inTimeUnit(row.time, panel.time),
        part: part.words,
        order: PARTS.indexOf(part),
        m: inUnit(part.pagesOf(row), unit),
      })),
    );
    const shown = parts.toReversed();
    return {
      height: 180,
      layer: [
        {
          data: { name: "parts", values },
          mark: { type: "area", stroke: { expr: "paper" }, strokeWidth: 0.75, aria: false },
          encoding: {
            x: timeX(panel),
            y: { field: "m", type: "quantitative", stack: "zero", axis: { title: `pages that share (${unit.name})` } },
            order: { field: "order", type: "quantitative" },
            color: {
              field: "part",
              type: "nominal",
              scale: { domain: shown.map(({ words }) => words), range: shown.map(({ colour }) => colour) },
              legend: { title: null },
            },
          },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const last = samplesOf(panel).at(-1);
    if (last === undefined) return "";
    const { saved: savedPages } = last;
    const counts = new Map<string, number>();
    for (const { counter, value } of panel.rows(reclaimTable)) counts.set(counter, (counts.get(counter) ?? 0) + value);
    const counted = (counter: string): number => counts.get(counter) ?? 0;
    return (
      `At the last sample, ${formatInstant(last.time)}, page sharing saves ${formatPages(savedPages)} (${formatShare(savedPages, last.granted)} of granted memory): ` +
      `${formatPages(savedPages + last.sharedCommon)} of pages share ${formatPages(last.sharedCommon)} of frames. ` +
      `Over the run the scanner looked at ${formatPageCount(counted("scanned"))} and ${formatPageCount(counted("shared"))} were shared, ` +
      `${formatPageCount(counted("sharedBeforeSwap"))} of them just before they would have been paged out; ${formatPageCount(counted("cow"))} were copied again for a write.`
    );
  },
  caption: ({ manifest }) =>
    "Pages of equal content need one machine page (frame) only. The height of all bands is memory whose pages share; the frames in the lower bands are still needed for it, and what the top band shows is saved: granted less consumed. " +
    "The scanner is slow on purpose (an hour for a VM's memory by default), so that savings grow with time. Pages of 2 MB are not shared until they are broken, and VMs share with each other only where the scenario gives them the same salt: by default each shares with itself alone. " +
    `Sampled every ${formatDuration(manifest.sampleNs)}.`,
  numbers: samplesOf,
});

function samplesOf(panel: Panel): readonly Sample[] {
  return panel.sampled(hostTable).map((row) => ({
    time: row.time,
    granted: row.granted,
    consumed: row.consumed,
    saved: row.granted - row.consumed,
    sharedCommon: row.sharedCommon,
    sharedIntra: row.sharedIntra,
    sharedInter: row.sharedInter,
  }));
}
