import { instantsTable, ledgerTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import type { Layer, X, Y } from "../layers.ts";
import { gapText } from "../explanation.ts";
import { plainText } from "../linked-text.ts";
import { formatDuration } from "../time-unit.ts";
import { WATERFALL_ROW, waterfallAxis, waterfallRows, waterfallSteps } from "../waterfall-steps.ts";

const columns = {
  vm: { type: "text", unit: "", about: "virtual machine" },
  time: { type: "time", unit: "ns", about: "the instant" },
  step: { type: "text", unit: "", about: "consumed, then a ledger class per step, then active" },
  pages: { type: "number", unit: "pages", about: "size of the step" },
  from: { type: "number", unit: "pages", about: "where the step begins" },
  to: { type: "number", unit: "pages", about: "what is left after it" },
} as const satisfies Columns;

/** From consumed down to active; a credit for sharing steps up. Classes without pages are left out. */
export const waterfall = chart({
  name: "waterfall",
  about: "steps from consumed to active memory at the explained instant, by ledger class",
  title: "Where is the memory between consumed and active?",
  per: "instant",
  tables: [instantsTable, ledgerTable],
  columns,
  draw({ explained: instant }) {
    if (instant === undefined || !(instant.counters.consumed > 0)) return undefined;
    const values = waterfallRows(instant);
    const y = (field: string): Y => ({
      field,
      type: "quantitative",
      scale: { domain: [0, values.length], reverse: true, nice: false },
      axis: null,
    });
    const x: X = { field: "from", type: "quantitative", axis: { title: waterfallAxis(instant) } };
    return {
      height: values.length * WATERFALL_ROW,
      layer: [
        {
          // Not seen: a whole row has its tooltip, where the bar is too thin for a pointer as well.
          data: { name: "steps", values },
          mark: { type: "rect", x: 0, x2: "width", color: { expr: "quiet" }, opacity: 0, aria: false },
          encoding: { y: y("begin"), y2: { field: "bottom" }, tooltip: { field: "tip", type: "nominal" } },
        },
        {
          data: { name: "steps", values },
          mark: { type: "rect", aria: false },
          encoding: {
            x,
            x2: { field: "to" },
            y: y("top"),
            y2: { field: "bottom" },
            color: { field: "colour", type: "nominal", scale: null },
            tooltip: { field: "tip", type: "nominal" },
          },
        },
        {
          data: { name: "links", values: values.slice(0, -1) },
          mark: { type: "rule", color: { expr: "quiet" }, strokeWidth: 1, aria: false },
          encoding: { x: { field: "to", type: "quantitative" }, y: y("bottom"), y2: { field: "link" } },
        },
        ...([HALO, {}] as const).flatMap((paint): Layer[] => [
          {
            data: { name: "steps", values },
            mark: { type: "text", align: "left", x: 0, fontSize: FONT_SIZE, aria: false, ...paint },
            encoding: { y: y("text"), text: { field: "words", type: "nominal" } },
          },
          {
            data: { name: "steps", values },
            mark: { type: "text", align: "right", x: "width", fontWeight: 600, fontSize: FONT_SIZE, aria: false, text: SIZE, ...paint },
            encoding: { y: y("text") },
          },
        ]),
      ],
    };
  },
  says: ({ explained: instant, manifest }) => (instant === undefined ? "" : plainText(gapText(instant, manifest.windowNs))),
  caption: ({ manifest }) =>
    `Read from top to bottom: each bar takes away one class of resident memory, until what was touched in the last ${formatDuration(manifest.windowNs)} is left. ` +
    "Every resident page is in exactly one class, the first that fits, so the steps sum to the gap to the page. " +
    "Counters: consumed and active of the replay (active is the true count, not an estimate).",
  numbers: ({ vm, explained }) =>
    explained === undefined
      ? []
      : waterfallSteps(explained).map(({ step, pages, from, to }): Row<typeof columns> => ({
          vm,
          time: explained.counters.time,
          step,
          pages,
          from,
          to,
        })),
});

/** Text in a narrow page is smaller, and on a phone without pages, so that words and number share a line. */
const SIZE = { expr: "width < 370 ? datum.memory : datum.size" };
const FONT_SIZE = { expr: "width < 420 ? 11 : 13" };
/** Drawn under text that lines may cross. */
const HALO = { stroke: { expr: "paper" }, strokeWidth: 4 };
