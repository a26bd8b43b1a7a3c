import { formatPages, instantsTable, ledgerTable, type Columns, type Row } from "@tidemark/data";
import { chart } from "../chart.ts";
import type { Explained } from "../explained.ts";
import type { Layer, X, Y } from "../layers.ts";
import { formatPageCount, inUnit, memoryUnit } from "../memory-unit.ts";
import { CLASS_COLOUR, GREY } from "../palette.ts";
import { explanation } from "../sentences.ts";
import { formatDuration } from "../time-unit.ts";

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
    const steps = stepsOf(instant);
    const unit = memoryUnit(Math.max(instant.counters.consumed, instant.counters.granted));
    const values = steps.map(({ words, pages, from, to, colour }, i) => ({
      words,
      size: `${formatPages(pages)} · ${formatPageCount(pages)}`,
      from: inUnit(from, unit),
      to: inUnit(to, unit),
      colour,
      text: i + 0.26,
      top: i + 0.48,
      bottom: i + 0.9,
      next: i + 1.48,
    }));
    const y = (field: string): Y => ({
      field,
      type: "quantitative",
      scale: { domain: [0, steps.length], reverse: true, nice: false },
      axis: null,
    });
    const x: X = { field: "from", type: "quantitative", axis: { title: `host memory (${unit.name})` } };
    return {
      height: steps.length * 44,
      layer: [
        {
          data: { name: "steps", values },
          mark: { type: "rect", aria: false },
          encoding: {
            x,
            x2: { field: "to" },
            y: y("top"),
            y2: { field: "bottom" },
            color: { field: "colour", type: "nominal", scale: null },
          },
        },
        {
          data: { name: "links", values: values.slice(0, -1) },
          mark: { type: "rule", color: { expr: "quiet" }, strokeWidth: 1, aria: false },
          encoding: { x: { field: "to", type: "quantitative" }, y: y("bottom"), y2: { field: "next" } },
        },
        ...([HALO, {}] as const).flatMap((paint): Layer[] => [
          {
            data: { name: "steps", values },
            mark: { type: "text", align: "left", x: 0, fontSize: FONT_SIZE, aria: false, ...paint },
            encoding: { y: y("text"), text: { field: "words", type: "nominal" } },
          },
          {
            data: { name: "steps", values },
            mark: { type: "text", align: "right", x: "width", fontWeight: 600, fontSize: FONT_SIZE, aria: false, ...paint },
            encoding: { y: y("text"), text: { field: "size", type: "nominal" } },
          },
        ]),
      ],
    };
  },
  says: ({ explained: instant, manifest }) => (instant === undefined ? "" : explanation(instant, manifest.windowNs)),
  caption: ({ manifest }) =>
    `Read from top to bottom: each bar takes away one class of resident memory, until what was touched in the last ${formatDuration(manifest.windowNs)} is left. ` +
    "Every resident page is in exactly one class, the first that fits, so the steps sum to the gap to the page. " +
    "Counters: consumed and active of the replay (active is the true count, not an estimate).",
  numbers: ({ vm, explained }) =>
    explained === undefined
      ? []
      : stepsOf(explained).map(({ step, pages, from, to }): Row<typeof columns> => ({
          vm,
          time: explained.counters.time,
          step,
          pages,
          from,
          to,
        })),
});

interface Step {
  readonly step: string;
  readonly words: string;
  readonly pages: number;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
}

function stepsOf({ counters: { consumed, active }, ledger }: Explained): readonly Step[] {
  const steps: Step[] = [{ step: "consumed", words: "consumed: charged to the VM", pages: consumed, from: 0, to: consumed, colour: GREY }];
  let left = consumed;
  for (const cls of FALL) {
    const row = ledger.find((each) => each.class === cls);
    if (row === undefined || row.pages === 0) continue;
    steps.push({ step: cls, words: row.words, pages: row.pages, from: left, to: left - row.pages, colour: CLASS_COLOUR[cls] });
    left -= row.pages;
  }
  const words = ledger.find((each) => each.class === "active")?.words ?? "active";
  steps.push({ step: "active", words, pages: active, from: 0, to: active, colour: CLASS_COLOUR.active });
  return steps;
}

const FALL = ["sharing", "slack", "freed", "idle30", "idle5", "idle1"] as const;
/** Text in a narrow page is smaller, so that words and number share a line. */
const FONT_SIZE = { expr: "width < 420 ? 11 : 13" };
/** Drawn under text that lines may cross. */
const HALO = { stroke: { expr: "paper" }, strokeWidth: 4 };
