import { stallsTable, type Columns, type Row } from "@tidemark/data/shapes";
import { barRows } from "../bar-rows.ts";
import { chart } from "../chart.ts";
import { lastByCause, type Stall } from "../host/findings.ts";
import { byKind } from "../host/stall-kinds.ts";
import { formatCount, formatShare } from "../memory-unit.ts";
import type { Panel } from "../panel.ts";
import { formatSpan, inTimeUnit, timeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const { vm, cause, events, stall } = stallsTable.columns;
const columns = { vm, cause, events, stall } as const satisfies Columns;

/** VMs drawn at most; the rest are in the run's tables. */
const BARS_MAX = 24;
/** Room for labels, px. */
const LONG_LABEL = 170;
const SHORT_LABEL = 110;

interface Waiting {
  readonly vm: string;
  readonly causes: readonly Stall[];
  readonly ns: number;
}

/** Waiting over the whole run, by VM and cause. */
export const stalls = chart({
  name: "stalls",
  about: "what every VM waited for over the whole run, by cause",
  title: "What did VMs wait for?",
  per: "run",
  tables: [stallsTable],
  columns,
  draw(panel) {
    const waiting = waitingOf(panel).slice(0, BARS_MAX);
    const longestNs = Math.max(0, ...waiting.map(({ ns }) => ns));
    if (longestNs === 0) return undefined;
    const unit = timeUnit(longestNs);
    const values = waiting.flatMap(({ vm: name, causes }) =>
      byKind(causes).flatMap(({ kind, ns }, order) =>
        ns === 0
          ? []
          : [
              {
                vm: vmLabel(name),
                kind: kind.words,
                order,
                t: inTimeUnit(ns, unit),
                tip: [
                  `${vmLabel(name)}, ${kind.words}: ${formatSpan(ns)}`,
                  ...causes
                    .filter((each) => kind.causes.includes(each.cause) && each.events > 0)
                    .map(
                      (each) => `${each.cause}: ${formatCount(each.events)} times, ${each.ns === 0 ? "at no cost" : formatSpan(each.ns)}`,
                    ),
                ].join("\n"),
              },
            ],
      ),
    );
    const kinds = byKind(waiting.flatMap(({ causes }) => causes)).filter(({ ns }) => ns > 0);
    const spanNs = panel.manifest.endNs - panel.manifest.originNs;
    const totals = waiting.map(({ vm: name, ns }) => ({
      vm: vmLabel(name),
      t: inTimeUnit(ns, unit),
      long: `${formatSpan(ns)} · ${formatShare(ns, spanNs)} of run time`,
      short: `${formatSpan(ns)} · ${formatShare(ns, spanNs)}`,
    }));
    const { y, x, labels, height } = barRows({
      totals,
      row: "vm",
      names: waiting.map(({ vm: name }) => vmLabel(name)),
      length: "t",
      longest: inTimeUnit(longestNs, unit),
      longLabel: LONG_LABEL,
      shortLabel: SHORT_LABEL,
    });
    return {
      height,
      layer: [
        {
          data: { name: "waiting", values },
          mark: { type: "bar", aria: false },
          encoding: {
            y,
            x: { ...x, stack: "zero", axis: { title: `waited in all (${unit.name})` } },
            order: { field: "order", type: "quantitative" },
            color: {
              field: "kind",
              type: "nominal",
              scale: { domain: kinds.map(({ kind }) => kind.words), range: kinds.map(({ kind }) => kind.colour) },
              legend: { title: null },
            },
            tooltip: { field: "tip", type: "nominal" },
          },
        },
        ...labels,
      ],
    };
  },
  says(panel) {
    const spanNs = panel.manifest.endNs - panel.manifest.originNs;
    const listed = waitingOf(panel).map(({ vm: name, causes, ns }) => {
      const [most] = byKind(causes).toSorted((a, b) => b.ns - a.ns);
      const mostly = most === undefined || ns === 0 ? "" : `, ${formatShare(most.ns, ns)} of it for ${most.kind.words}`;
      return `${vmLabel(name)} waited ${formatSpan(ns)} (${formatShare(ns, spanNs)} of run time${mostly})`;
    });
    return `${listed.slice(0, BARS_MAX).join("; ")}.`;
  },
  caption: () =>
    "Counted is how often each thing happened; how long one takes is assumed, by the scenario's costs (stallCosts), most of them round figures. " +
    "Waiting is summed over the run and does not slow the trace down unless the scenario says so. The guest's own paging is what a balloon made the guest page out and read again; double paging is a page that the host has to read only for the guest to page it out. " +
    "A VM is blocked when it must give a page of its own before it gets another: in state low, or at its limit. " +
    "What happened but costs nothing is in the numbers.",
  numbers: (panel) =>
    waitingOf(panel).flatMap(({ vm: name, causes }) =>
      causes.map((each): Row<typeof columns> => ({ vm: name, cause: each.cause, events: each.events, stall: each.ns })),
    ),
});

/** Every VM that waited, in the run's order. */
function waitingOf(panel: Panel): readonly Waiting[] {
  const rows = panel.rows(stallsTable);
  return panel.manifest.vms.flatMap(({ name }) => {
    const causes = lastByCause(rows.filter((row) => row.vm === name));
    return causes.length === 0 ? [] : [{ vm: name, causes, ns: causes.reduce((sum, { ns }) => sum + ns, 0) }];
  });
}
