import { formatPages, ledgerTable, type Columns, type LedgerClass, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { classWords, STACK_ORDER } from "../class-words.ts";
import { exactMemory } from "../exact-memory.ts";
import type { Y } from "../layers.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { ownerLabel, ownerWords } from "../owner-words.ts";
import { CLASS_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { vmLabel } from "../vm-label.ts";

/** Owners shown by name; the rest are summed. */
const OWNERS_MAX = 12;
const GAP_CLASSES = STACK_ORDER.filter((cls) => cls !== "active");

const { time, vm, owner, pages } = ledgerTable.columns;
const columns = { time, vm, owner, class: ledgerTable.columns.class, pages } as const satisfies Columns;

interface Owner {
  readonly name: string;
  readonly pages: ReadonlyMap<LedgerClass, number>;
  readonly total: number;
}

/** Whose memory the gap is: by last allocation, else by last user of the page. */
export const owners = chart({
  name: "owners",
  about: "the gap at the explained instant by owner and ledger class",
  title: "Whose is the gap?",
  per: "instant",
  tables: [ledgerTable],
  columns,
  draw(panel) {
    const { windowNs } = panel.manifest;
    const all = ownersOf(panel);
    if (all.length === 0) return undefined;
    const unit = memoryUnit(Math.max(...all.map(({ total }) => total)));
    const present = GAP_CLASSES.filter((cls) => all.some((each) => (each.pages.get(cls) ?? 0) > 0));
    const words = present.map((cls) => classWords(cls, windowNs));
    const names = all.map(({ name }) => ownerLabel(name));
    const values = all.flatMap(({ name, pages: byClass }) =>
      present.flatMap((cls, order) =>
        byClass.has(cls)
          ? [
              {
                owner: ownerLabel(name),
                class: classWords(cls, windowNs),
                order,
                m: inUnit(byClass.get(cls) ?? 0, unit),
                tip: `${ownerLabel(name)}, ${classWords(cls, windowNs)}: ${exactMemory(byClass.get(cls) ?? 0)}`,
              },
            ]
          : [],
      ),
    );
    const totals = all.map(({ name, total, pages: byClass }) => ({
      owner: ownerLabel(name),
      m: inUnit(total, unit),
      label: formatPages(total),
      tip: [
        `${ownerLabel(name)}: ${exactMemory(total)}`,
        ...present.flatMap((cls) => (byClass.has(cls) ? [`${classWords(cls, windowNs)}: ${exactMemory(byClass.get(cls) ?? 0)}`] : [])),
      ].join("\n"),
    }));
    const y: Y = {
      field: "owner",
      type: "nominal",
      sort: names,
      scale: { paddingInner: 0.15 },
      axis: { title: null, labelLimit: 130, labelFontSize: 12, labelColor: { expr: "ink" } },
    };
    const widest = Math.max(...totals.map(({ m }) => m ?? 0));
    // Room for the widest bar's label, however narrow the chart.
    const scale = { domainMin: 0, domainMax: { expr: `${widest} * width / max(1, width - 76)` }, nice: false };
    return {
      height: all.length * 28,
      layer: [
        {
          // Not seen: a whole row has a tooltip, where parts are too thin for a pointer as well.
          data: { name: "totals", values: totals },
          mark: { type: "rect", x: 0, x2: "width", color: { expr: "quiet" }, opacity: 0, aria: false },
          encoding: { y, tooltip: { field: "tip", type: "nominal" } },
        },
        {
          data: { name: "shares", values },
          mark: { type: "bar", aria: false },
          encoding: {
            y,
            x: { field: "m", type: "quantitative", stack: "zero", scale, axis: { title: `share of the gap (${unit.name})` } },
            order: { field: "order", type: "quantitative" },
            color: {
              field: "class",
              type: "nominal",
              scale: { domain: words, range: present.map((cls) => CLASS_COLOUR[cls]) },
              legend: { title: null },
            },
            tooltip: { field: "tip", type: "nominal" },
          },
        },
        {
          data: { name: "totals", values: totals },
          mark: { type: "text", align: "left", dx: 6, fontWeight: 600, aria: false },
          encoding: { y, x: { field: "m", type: "quantitative", scale }, text: { field: "label", type: "nominal" } },
        },
      ],
    };
  },
  says(panel) {
    const listed = ownersOf(panel)
      .slice(0, 3)
      .map(({ name, total }) => `${ownerLabel(name)} ${formatPages(total)}`);
    return `${vmLabel(panel.vm)}: the largest owners of the gap are ${listed.join(", ")}.`;
  },
  caption: () =>
    "A page belongs to the process that allocated it last (pid N), where the trace has allocation events; else to the user address space that touched it last; else to the kernel, which so has the rest and is called kernel (rest): no allocation event and no touch by a user address space says whose that is. " +
    "Freed pages are still listed under who allocated them last: they are memory that the owner gave back to the guest, but not to the host. " +
    "Active memory is not in the bars, and neither is what page sharing saves, which has no single owner.",
  numbers: (panel) =>
    ownersOf(panel).flatMap(({ name, pages: byClass }) =>
      [...byClass].map(([cls, count]): Row<typeof columns> => ({
        time: panel.instants[0]?.timeNs ?? NaN,
        vm: panel.vm,
        owner: ownerWords(name),
        class: cls,
        pages: count,
      })),
    ),
});

/** Owners of the gap, the largest first; past the named ones all in one. */
function ownersOf({ rows, instants: [instant] }: Panel): readonly Owner[] {
  const sums = new Map<string, Map<LedgerClass, number>>();
  for (const share of rows(ledgerTable)) {
    const cls = GAP_CLASSES.find((each) => each === share.class);
    if (cls === undefined || share.asked !== instant?.asked) continue;
    const sum = sums.get(share.owner) ?? new Map<LedgerClass, number>();
    sums.set(share.owner, sum.set(cls, (sum.get(cls) ?? 0) + share.pages));
  }
  const all = [...sums].map(([name, byClass]) => ownerOf(name, byClass)).sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
  if (all.length <= OWNERS_MAX + 1) return all;
  const rest = all.slice(OWNERS_MAX);
  const others = new Map<LedgerClass, number>();
  for (const each of rest) for (const [cls, count] of each.pages) others.set(cls, (others.get(cls) ?? 0) + count);
  return [...all.slice(0, OWNERS_MAX), ownerOf(`others (${rest.length})`, others)];
}

const ownerOf = (name: string, byClass: ReadonlyMap<LedgerClass, number>): Owner => ({
  name,
  pages: byClass,
  total: [...byClass.values()].reduce((sum, count) => sum + count, 0),
});
