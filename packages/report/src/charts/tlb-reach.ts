import { translationTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import type { X, Y } from "../layers.ts";
import { formatFigure } from "../memory-unit.ts";
import { modeWalks, type ModeWalks } from "../mode-figures.ts";
import { isBaseline } from "../mode-words.ts";
import { CAUSE_COLOUR, GREY } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { orderNote } from "../translation-notes.ts";
import { vmLabel } from "../vm-label.ts";

const { vm, pages, core, mode } = translationTable.columns;
const columns = {
  vm,
  pages,
  core,
  mode,
  what: {
    type: "text",
    unit: "",
    about: "second-level hits (the first level lacked it), or misses (both did) by the size of the missing entry",
  },
  perThousand: { type: "number", unit: "accesses", about: "of 1,000 accesses" },
} as const satisfies Columns;

const ROW = 26;
/** Rows drawn at most. */
const ROWS_MAX = 16;
/** Room for the figures at the right, with the sizes of missing entries and without; px. */
const LONG_ROOM = 190;
const SHORT_ROOM = 84;
/** Below this the axis is linear, so that it has a 0; of 1,000 accesses. */
const LINEAR = 0.01;
const TICKS: readonly number[] = [0, 0.01, 0.1, 1, 10, 100, 1000];

const FIRST = "not in the first-level TLB";
const BOTH = "nor the second: page walks";

interface Reach {
  readonly pages: string;
  readonly core: string;
  readonly mode: string;
  /** All per 1,000 accesses. */
  readonly secondLevelHits: number;
  readonly misses: number;
  readonly bySize: readonly { readonly size: string; readonly misses: number }[];
}

/** What the TLBs lack, by page sizes and core. */
export const tlbReach = chart({
  name: "tlb-reach",
  about: "TLB misses per 1,000 accesses by page sizes and core, natively and in a VM",
  title: "Do the TLBs reach?",
  per: "vm",
  tables: [translationTable],
  columns,
  draw(panel) {
    const all = reachOf(panel).slice(0, ROWS_MAX);
    if (all.length === 0) return undefined;
    const rows = all.map((each) => ({ ...each, row: rowWords(each), first: each.secondLevelHits + each.misses }));
    const most = Math.max(LINEAR, ...rows.map(({ first }) => first));
    const hasSizes = rows.some(({ bySize }) => bySize.length > 1);
    const points = rows.flatMap(({ row, first, misses }) => [
      { row, level: FIRST, n: first },
      { row, level: BOTH, n: misses },
    ]);
    const spans = rows.map(({ row, first, misses }) => ({ row, from: misses, to: first }));
    const figures = rows.map(({ row, first, misses, bySize }) => ({
      row,
      figure: missWords(misses, bySize),
      tip: [
        `${row}, of 1,000 accesses`,
        `${FIRST}: ${formatFigure(first)}`,
        `${BOTH}: ${formatFigure(misses)}`,
        ...(bySize.length > 1 ? bySize.map((each) => `of these, missing an entry of ${each.size}: ${formatFigure(each.misses)}`) : []),
      ].join("\n"),
    }));
    const y: Y = {
      field: "row",
      type: "nominal",
      scale: { domain: rows.map(({ row }) => row) },
      axis: { title: null, labelLimit: 260, labelColor: { expr: "ink" } },
    };
    const room = hasSizes ? LONG_ROOM : SHORT_ROOM;
    const x = (field: string): X => ({
      field,
      type: "quantitative",
      scale: { type: "symlog", constant: LINEAR, domain: [0, most], nice: false, range: [0, { expr: `max(40, width - ${room})` }] },
      axis: {
        title: "misses per 1,000 accesses (log scale)",
        values: TICKS.filter((tick) => tick <= most),
        labelExpr: "format(datum.value, ',~r')",
        grid: true,
      },
    });
    const seconds = CAUSE_COLOUR.get("second-level TLB") ?? GREY;
    return {
      height: rows.length * ROW,
      layer: [
        {
          data: { name: "spans", values: spans },
          mark: { type: "rule", strokeWidth: 3, color: seconds, aria: false },
          encoding: { y, x: x("from"), x2: { field: "to" } },
        },
        {
          data: { name: "points", values: points },
          mark: { type: "point", filled: true, size: 90, opacity: 1, aria: false },
          encoding: {
            y,
            x: x("n"),
            color: {
              field: "level",
              type: "nominal",
              scale: { domain: [FIRST, BOTH], range: [seconds, { expr: "ink" }] },
              legend: { title: null, symbolType: "circle" },
            },
          },
        },
        {
          data: { name: "figures", values: figures },
          mark: { type: "text", align: "right", x: "width", fontWeight: 600, aria: false },
          encoding: { y, text: { field: "figure", type: "nominal" } },
        },
        {
          // Not seen: a whole row has its tooltip.
          data: { name: "figures", values: figures },
          mark: { type: "rect", x: 0, x2: "width", color: { expr: "quiet" }, opacity: 0, aria: false },
          encoding: { y, tooltip: { field: "tip", type: "nominal" } },
        },
      ],
    };
  },
  says(panel) {
    const listed = reachOf(panel).map((each) => `${rowWords(each)} ${formatFigure(each.misses)}`);
    return `${vmLabel(panel.vm)}: of 1,000 accesses these miss all TLBs: ${listed.slice(0, ROWS_MAX).join("; ")}.`;
  },
  caption: (run) =>
    "A TLB holds the latest translations; what it holds, times the page size, is how far it reaches. The coloured point is how many of 1,000 accesses the small first level lacks, the other how many the second level lacks as well: these walk the page tables. " +
    "Page sizes are the guest's and the host's; in a VM an entry covers the smaller of the two, so a large guest page on small host pages reaches no further than a small one. " +
    "Shown are the guest alone on the hardware (native) and one mode that a VM has; the other modes' TLBs miss nearly alike, but for agile paging, which empties them when it moves a table." +
    orderNote(run),
  numbers: (panel) =>
    reachOf(panel).flatMap(({ pages: sizes, core: on, mode: how, secondLevelHits, bySize }): Row<typeof columns>[] =>
      [
        { what: "second-level hits", perThousand: secondLevelHits },
        ...bySize.map(({ size, misses }) => ({ what: `misses ${size}`, perThousand: misses })),
      ].map((row) => ({ vm: panel.vm, pages: sizes, core: on, mode: how, ...row })),
    ),
});

const rowWords = (each: Reach): string => `${vmLabel(each.core)} ${vmLabel(each.pages)} ${vmLabel(each.mode)}`;

/** `0.44 walk`, with the sizes of the missing entries where there are several: `0.44 walk (4k 0.4, 2m 0.04)`. */
const missWords = (misses: number, bySize: Reach["bySize"]): string =>
  bySize.length < 2
    ? `${formatFigure(misses)} walk`
    : `${formatFigure(misses)} walk (${bySize.map((each) => `${each.size} ${formatFigure(each.misses)}`).join(", ")})`;

/** Per page sizes and core: natively, and in the mode that stands for a VM's, nested where it was counted. */
function reachOf(panel: Panel): readonly Reach[] {
  const rows = panel.rows(translationTable).filter((row) => row.core !== "");
  const ways = new Map(rows.map((row) => [JSON.stringify([row.pages, row.core]), row]));
  return [...ways.values()].flatMap((way) => {
    const all = modeWalks(rows.filter((row) => row.pages === way.pages && row.core === way.core)).filter(({ accesses }) => accesses > 0);
    const guests = all.filter((each) => !isBaseline(each.mode));
    const shown = [all.find((each) => isBaseline(each.mode)), guests.find((each) => each.mode === "nested") ?? guests[0]];
    return shown.flatMap((each) => (each === undefined ? [] : [{ pages: way.pages, core: way.core, ...perThousand(each) }]));
  });
}

function perThousand({ mode: name, accesses, secondLevelHits, misses }: ModeWalks): Omit<Reach, "pages" | "core"> {
  const of = (count: number): number => (1000 * count) / accesses;
  const bySize = misses.filter((each) => each.misses > 0).map(({ size, misses: count }) => ({ size, misses: of(count) }));
  return { mode: name, secondLevelHits: of(secondLevelHits), misses: bySize.reduce((sum, each) => sum + each.misses, 0), bySize };
}
