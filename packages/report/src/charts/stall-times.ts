import { hostTable, stallsTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { byKind, STALL_WORDS } from "../host/stall-kinds.ts";
import type { Panel } from "../panel.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatDuration, formatInstant, formatSpan, inTimeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const { time, vm, cause, stall } = stallsTable.columns;
const columns = {
  from: { ...time, about: "begin of an interval" },
  time: { ...time, about: "its end" },
  vm,
  cause,
  stall: { ...stall, about: "what the VM waited for the cause in the interval" },
} as const satisfies Columns;
type Interval = Row<typeof columns>;

/** Waiting over time: which part of each interval a VM waited, and for what. */
export const stallTimes = chart({
  name: "stall-times",
  about: "which part of its time every VM waits, over time, by cause",
  title: "When did VMs wait?",
  per: "vm",
  tables: [hostTable, stallsTable],
  columns,
  words: { cause: "waited for", stall: "waited" },
  names: STALL_WORDS,
  draw(panel) {
    const all = intervalsOf(panel);
    const total = byKind(all.map(({ cause: name, stall: ns }) => ({ cause: name, ns }))).filter(({ ns }) => ns > 0);
    if (total.length === 0) return undefined;
    const values = byTime(all).flatMap(({ from, to, intervals }) =>
      byKind(intervals.map(({ cause: name, stall: ns }) => ({ cause: name, ns }))).flatMap(({ kind, ns }, order) =>
        ns === 0
          ? []
          : [
              {
                t: inTimeUnit(from, panel.time),
                tEnd: inTimeUnit(to, panel.time),
                kind: kind.words,
                order,
                percent: Math.round((ns / (to - from)) * 1e5) / 1e3,
              },
            ],
      ),
    );
    return {
      height: 160,
      under: { x: { column: "from", end: "time", unit: panel.time.ns } },
      layer: [
        {
          data: { name: "waiting", values },
          mark: { type: "bar", binSpacing: 0, aria: false },
          encoding: {
            x: { ...timeX(panel), bin: "binned" },
            x2: { field: "tEnd" },
            y: { field: "percent", type: "quantitative", stack: "zero", axis: { title: "waiting (% of the time)" } },
            order: { field: "order", type: "quantitative" },
            color: {
              field: "kind",
              type: "nominal",
              scale: { domain: total.map(({ kind }) => kind.words), range: total.map(({ kind }) => kind.colour) },
              legend: { title: null },
            },
          },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const groups = byTime(intervalsOf(panel));
    const [first] = groups;
    if (first === undefined) return `${vmLabel(panel.vm)} waited for nothing.`;
    const worst = groups.reduce((a, b) => (shareOf(b) > shareOf(a) ? b : a), first);
    return `${vmLabel(panel.vm)} waited the most between ${formatInstant(worst.from, worst.to - worst.from)} and ${formatInstant(worst.to, worst.to - worst.from)}: ${formatSpan(shareOf(worst) * 1e9)} in each second.`;
  },
  caption: ({ manifest }) =>
    `What a VM waited in each interval, by cause, as a share of the interval's time. Unless the scenario says otherwise the trace's times stand, so that more than 100 % is possible: the VM would have fallen behind. ` +
    `Costs are the scenario's (stallCosts). The table has sums at samples, one every ${formatDuration(manifest.sampleNs)}, and at the end; the bars are their differences.`,
  numbers: intervalsOf,
});

interface Group {
  readonly from: number;
  readonly to: number;
  readonly intervals: readonly Interval[];
}

const shareOf = ({ from, to, intervals }: Group): number => intervals.reduce((sum, { stall: ns }) => sum + ns, 0) / (to - from);

function byTime(all: readonly Interval[]): readonly Group[] {
  const groups = new Map<number, Interval[]>();
  for (const each of all) groups.set(each.from, [...(groups.get(each.from) ?? []), each]);
  return [...groups].map(([from, intervals]) => ({ from, to: intervals[0]?.time ?? from, intervals }));
}

/** Differences between the cumulative rows of consecutive samples; the last interval goes on to the end, which may come a moment after the last sample. Causes that cost nothing in an interval are left out. */
function intervalsOf(panel: Panel): readonly Interval[] {
  const sums = new Map<number, Map<string, number>>();
  for (const { time: at, cause: name, stall: ns } of panel.rows(stallsTable)) {
    const causes = sums.get(at) ?? new Map<string, number>();
    sums.set(at, causes.set(name, ns));
  }
  const sampled = [...new Set(panel.sampled(hostTable).map(({ time: at }) => at))];
  const end = Math.max(...sampled.slice(-1), ...sums.keys());
  const times = [...sampled.slice(0, Math.max(1, sampled.length - 1)), end];
  return times.slice(1).flatMap((to, i) => {
    const from = times[i] ?? to;
    return [...(sums.get(to) ?? [])].flatMap(([name, ns]) => {
      const more = ns - (sums.get(from)?.get(name) ?? 0);
      return more > 0 ? [{ from, time: to, vm: panel.vm, cause: name, stall: more }] : [];
    });
  });
}
