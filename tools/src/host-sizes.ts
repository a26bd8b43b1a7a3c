import { actionsTable, formatPages, hostTable, pickTable, rowsOf, stallsTable, timelineTable, type Run } from "@tidemark/data";
import { byKind, hostFindings, type HostFindings } from "@tidemark/report";

/** The same VMs on a host of one size. */
export interface SizedRun {
  /** Memory for VMs, percent of what they consume at most where memory is never scarce. */
  readonly percent: number;
  readonly run: Run;
}

/** What hosts of several sizes did with the same VMs, as tables of a Markdown page: sizes, states, what was taken by what, waits. */
export function sizesText(sized: readonly SizedRun[]): string {
  const hosts = sized.map(hostOf);
  return [
    statesText(sized),
    "**When each mechanism first acted**, from the first access.",
    beginnings(hosts),
    "**What was out or saved at most, at a sample, all VMs together**; in brackets what passed through over the run, of balloons what of it had memory behind it.",
    reclaimed(hosts),
    "**What VMs waited for, seconds.**",
    waits(hosts),
  ].join("\n\n");
}

/** Sizes and states alone. */
export const statesText = (sized: readonly SizedRun[]): string =>
  `**The hosts, and the part of the time that each was in every state.**\n\n${sizes(sized.map(hostOf))}`;

interface Host extends SizedRun {
  readonly findings: HostFindings;
}

function hostOf({ percent, run }: SizedRun): Host {
  const findings = hostFindings(run);
  if (findings === undefined) throw new Error("a run without a host");
  return { percent, run, findings };
}

const STATES = ["high", "clear", "soft", "hard", "low"] as const;

const grid = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map((_, c) => (c === 0 ? "---" : "---:")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const ofSize = ({ percent }: Host): string => `${percent} %`;

function sizes(hosts: readonly Host[]): string {
  const part = (ns: number, spanNs: number): string => {
    const percent = (100 * ns) / spanNs;
    return ns === 0 ? "–" : percent < 0.1 ? "< 0.1 %" : `${percent.toFixed(1)} %`;
  };
  return grid(
    ["memory for VMs", "host", "overhead", "minFree", ...STATES],
    hosts.map((host) => {
      const { machinePages, overheadPages, minFreePages, states, spanNs } = host.findings;
      const shares = STATES.map((state) => part(states.find((each) => each.state === state)?.ns ?? 0, spanNs));
      return [ofSize(host), ...[machinePages, overheadPages, minFreePages].map(formatPages), ...shares];
    }),
  );
}

/** Seconds to a digit that tells them apart. */
const seconds = (ns: number): string => (Number.isFinite(ns) ? `${(ns / 1e9).toFixed(ns < 10e9 ? 2 : 0)} s` : "–");

function beginnings(hosts: readonly Host[]): string {
  return grid(
    ["memory for VMs", "sharing (a hit)", "balloon", "compression or swap", "VMs wait (state low)"],
    hosts.map((host) => {
      const { tables, manifest } = host.run;
      const actions = pickTable(tables, actionsTable);
      const stalls = pickTable(tables, stallsTable);
      const rows = actions === undefined ? [] : rowsOf(actions);
      const first = (of: (row: (typeof rows)[number]) => boolean): number => rows.find(of)?.time ?? Infinity;
      const blocked = stalls === undefined ? undefined : rowsOf(stalls).find(({ cause }) => cause === "blocked");
      const low = first(({ action, reason }) => action === "state" && reason.includes(" to low:"));
      const times = [
        first(({ action }) => action === "share"),
        first(({ action, pages }) => action === "balloon" && pages > 0),
        Math.min(
          first(({ action }) => action === "page out"),
          blocked === undefined ? Infinity : low,
        ),
        blocked === undefined ? Infinity : low,
      ];
      return [ofSize(host), ...times.map((timeNs) => seconds(timeNs - manifest.originNs))];
    }),
  );
}

function reclaimed(hosts: readonly Host[]): string {
  return grid(
    ["memory for VMs", "saved by sharing", "in balloons", "saved by compression", "in the swap file"],
    hosts.map((host) => {
      const { run, findings } = host;
      const timeline = pickTable(run.tables, timelineTable);
      const samples = pickTable(run.tables, hostTable);
      const sums = new Map<number, { balloon: number; zip: number; swap: number }>();
      for (const { time, vmmemctl, zipSaved, swapped } of timeline === undefined ? [] : rowsOf(timeline)) {
        const { balloon, zip, swap } = sums.get(time) ?? { balloon: 0, zip: 0, swap: 0 };
        sums.set(time, { balloon: balloon + vmmemctl, zip: zip + zipSaved, swap: swap + swapped });
      }
      const most = (of: (sum: { balloon: number; zip: number; swap: number }) => number): number =>
        Math.max(0, ...[...sums.values()].map(of));
      const saved = Math.max(0, ...(samples === undefined ? [] : rowsOf(samples).map(({ granted, consumed }) => granted - consumed)));
      const sum = (of: (vm: HostFindings["vms"][number]) => number): number => findings.vms.reduce((total, vm) => total + of(vm), 0);
      const cell = (pages: number, through: number): string =>
        pages === 0 && through === 0 ? "–" : `${formatPages(pages)} (${formatPages(through)})`;
      return [
        ofSize(host),
        cell(
          saved,
          sum(({ sharing }) => sharing.sharedPages),
        ),
        cell(
          most(({ balloon }) => balloon),
          sum(({ balloon }) => balloon.pinnedBackedPages),
        ),
        cell(
          most(({ zip }) => zip),
          sum(({ zip }) => zip.compressedPages),
        ),
        cell(
          most(({ swap }) => swap),
          sum(({ swap }) => swap.outPages),
        ),
      ];
    }),
  );
}

function waits(hosts: readonly Host[]): string {
  const rows = hosts.flatMap((host) =>
    host.findings.vms.map(({ vm, stallNs, stalls }) => ({
      names: [ofSize(host), vm],
      waited: [{ words: "in all", ns: stallNs }, ...byKind(stalls).map(({ kind, ns }) => ({ words: kind.words, ns }))],
    })),
  );
  // What nobody waited for has no column.
  const kinds = [...new Set(rows.flatMap(({ waited }) => waited.filter(({ ns }) => ns > 0).map(({ words }) => words)))];
  const columns = (rows[0]?.waited ?? []).map(({ words }) => words).filter((words) => kinds.includes(words));
  const figure = (ns: number): string => (ns === 0 ? "–" : ns < 5e6 ? "< 0.01" : (ns / 1e9).toFixed(2));
  return grid(
    ["memory for VMs", "VM", ...columns],
    rows.map(({ names, waited }) => [...names, ...columns.map((words) => figure(waited.find((each) => each.words === words)?.ns ?? 0))]),
  );
}
