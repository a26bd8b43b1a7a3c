import { formatPages, heatTable, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { enlarged, pngAround, pngPalette } from "../indexed-png.ts";
import type { Y } from "../layers.ts";
import { formatCount, inUnit, memoryUnit } from "../memory-unit.ts";
import { HEAT_RAMP, rgbOf } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatDuration, inTimeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

type Bin = Row<typeof heatTable.columns>;

/** Steps of the colour scale in the picture. */
const LEVELS = 64;
/** Width of the picture at least, so that it is not enlarged when drawn. */
const PIXELS = 1440;

/** Accesses over guest-physical memory and time, as one picture. */
export const heat = chart({
  name: "heat",
  about: "accesses by guest-physical range and time, on a log colour scale",
  title: "Which memory is touched when?",
  per: "vm",
  tables: [heatTable],
  columns: heatTable.columns,
  draw(panel) {
    const bins = panel.rows(heatTable);
    const configured = configuredPages(panel);
    if (bins.length === 0 || configured === 0) return undefined;
    const { time: unit, manifest } = panel;
    const memory = memoryUnit(configured);
    const grid = gridOf(bins, manifest.originNs);
    const max = Math.max(10, ...bins.map(({ accesses }) => accesses));
    const indices = new Uint8Array(grid.width * grid.height);
    for (const bin of bins) {
      const level = Math.round((Math.log(bin.accesses) / Math.log(max)) * (LEVELS - 1));
      indices[(grid.height - 1 - Math.floor(bin.ppn / grid.pages)) * grid.width + grid.columnOf(bin)] = 1 + level;
    }
    const { head, rest } = pngAround(enlarged({ ...grid, indices }, Math.ceil(PIXELS / grid.width)));
    const picture = {
      head: base64(head),
      light: base64(pngPalette(coloursOf(HEAT_RAMP.light))),
      dark: base64(pngPalette(coloursOf(HEAT_RAMP.dark))),
      rest: base64(rest),
      t: inTimeUnit(manifest.originNs, unit),
      tEnd: inTimeUnit(manifest.originNs + grid.width * grid.ns, unit),
      m: 0,
      mEnd: inUnit(grid.height * grid.pages, memory),
    };
    const x = timeX(panel);
    const y: Y = {
      field: "m",
      type: "quantitative",
      scale: { domain: [0, inUnit(configured, memory) ?? 0], nice: false },
      axis: { title: `guest-physical address (${memory.name})` },
    };
    return {
      height: 320,
      under: { x: { column: "time", end: "timeEnd", unit: unit.ns }, y: { column: "ppn", end: "ppnEnd", unit: memory.pages } },
      layer: [
        {
          data: { name: "picture", values: [picture] },
          transform: [{ calculate: "'data:image/png;base64,' + datum.head + (dark ? datum.dark : datum.light) + datum.rest", as: "url" }],
          mark: { type: "image", aspect: false, clip: true, aria: false },
          encoding: { x, x2: { field: "tEnd" }, y, y2: { field: "mEnd" }, url: { field: "url", type: "nominal" } },
        },
        {
          // Only for the legend: the picture's scale in words.
          data: { name: "scale", values: [{ accesses: 1 }, { accesses: max }] },
          mark: { type: "point", opacity: 0, size: 0, aria: false },
          encoding: {
            color: {
              field: "accesses",
              type: "quantitative",
              scale: { type: "log", domain: [1, max], nice: false, scheme: { expr: "heatRamp" } },
              legend: {
                title: `accesses per bin of ${formatDuration(grid.ns)} × ${formatPages(grid.pages)} (log scale)`,
                direction: "horizontal",
                gradientLength: { expr: "min(300, width)" },
                gradientOpacity: 1,
                format: "~s",
                tickCount: 5,
              },
            },
          },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const bins = panel.rows(heatTable);
    const total = bins.reduce((sum, { accesses }) => sum + accesses, 0);
    const ranges = new Set(bins.map(({ ppn }) => ppn)).size;
    return `${vmLabel(panel.vm)}: ${formatCount(total)} accesses, in ${ranges} ranges of guest-physical memory.`;
  },
  caption: ({ manifest }) =>
    "Each point is a stretch of time and a range of guest-physical addresses, coloured by how often it was accessed; where it is blank nothing was. " +
    "A row that stays blank after colour is memory that was used and then rests: backed, and cold. " +
    (manifest.vms.some(({ ppns }) => ppns === "synthesised")
      ? "Guest-physical addresses of this trace are synthesised in order of first touch: the height of a point says when its page came into use, not where it lay."
      : "Guest-physical addresses are those of the trace."),
  numbers: (panel) => [...panel.rows(heatTable)],
});

/** The bins' grid: columns of `ns`, rows of `pages`. Only the last column and row may be cut short. */
function gridOf(bins: readonly Bin[], originNs: number) {
  const ns = Math.max(1, ...bins.map(({ time, timeEnd }) => timeEnd - time));
  const pages = Math.max(1, ...bins.map(({ ppn, ppnEnd }) => ppnEnd - ppn));
  const columnOf = ({ time }: Bin): number => Math.round((time - originNs) / ns);
  return {
    ns,
    pages,
    columnOf,
    width: Math.max(...bins.map(columnOf)) + 1,
    height: Math.max(...bins.map(({ ppn }) => Math.floor(ppn / pages))) + 1,
  };
}

const configuredPages = ({ manifest, vm }: Panel): number => manifest.vms.find(({ name }) => name === vm)?.configuredPages ?? 0;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

const coloursOf = (ramp: readonly string[]) => Array.from({ length: LEVELS }, (_, i) => blend(ramp, i / (LEVELS - 1)));

/** The colour at a share of a ramp, between its stops in RGB. */
function blend(ramp: readonly string[], share: number): readonly [number, number, number] {
  const at = share * (ramp.length - 1);
  const i = Math.min(ramp.length - 2, Math.floor(at));
  const [from, to] = [rgbOf(ramp[i] ?? ""), rgbOf(ramp[i + 1] ?? "")];
  const mix = (channel: 0 | 1 | 2): number => Math.round(from[channel] + (to[channel] - from[channel]) * (at - i));
  return [mix(0), mix(1), mix(2)];
}
