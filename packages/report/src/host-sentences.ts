import { formatPages, type Run } from "@tidemark/data/shapes";
import { hostFindings, type HostFindings, type VmFindings } from "./host/findings.ts";
import { byKind } from "./host/stall-kinds.ts";
import { standingWords } from "./host/words.ts";
import { joined } from "./joined.ts";
import { formatShare } from "./memory-unit.ts";
import { drawnVms } from "./panel.ts";
import { formatInstant, formatSpan } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";

/** What a host under pressure did, in words. */
export interface HostAnswer {
  /** Paragraphs: how scarce memory was, what acts when, who had to give, what is left of it. */
  readonly host: readonly string[];
  /** A paragraph per VM: what it gave up, and what it waited for. */
  readonly vms: readonly string[];
}

/** From the run's tables alone. */
export function hostAnswer(run: Run, findings: HostFindings): HostAnswer {
  const drawn = new Set(drawnVms(run));
  const off = new Set(Object.entries(run.manifest.scenario).flatMap(([name, value]) => (value === "off" ? [name] : [])));
  return {
    host: [scarcity(findings), beginnings(findings, off), order(findings), left(findings)].filter((text) => text !== ""),
    vms: findings.vms.filter(({ vm }) => drawn.has(vm)).map((each) => `${given(each)} ${waited(each, findings.spanNs)}${stopped(each)}`),
  };
}

/** The whole answer, paragraph by paragraph; none without a host under pressure. */
export function hostSentences(run: Run): readonly string[] {
  const findings = hostFindings(run);
  if (findings === undefined) return [];
  const { host, vms } = hostAnswer(run, findings);
  return [...host, ...vms];
}

/** "The host has 600 MiB … Memory was scarce (any state but high) for 17.2 min of 30 min (57 %) …" */
function scarcity({ machinePages, overheadPages, minFreePages, states, spanNs, leastFreePages, leastFreeNs, end }: HostFindings): string {
  const head = `The host has ${formatPages(machinePages)} of machine memory, of which ${formatPages(overheadPages)} are the hypervisor's own; it wants ${formatPages(minFreePages)} to be free.`;
  const scarce = states.filter(({ state, visits }) => state !== "high" && visits > 0);
  const worst = scarce.at(-1);
  if (worst === undefined)
    return `${head} It always had more: the least was ${formatPages(leastFreePages)}, at ${formatInstant(leastFreeNs)}.`;
  const ns = scarce.reduce((sum, each) => sum + each.ns, 0);
  const first = Math.min(...scarce.map(({ firstNs }) => firstNs));
  const times = worst.visits === 1 ? "once" : `${worst.visits} times`;
  return (
    `${head} Memory was scarce (any state but high) for ${formatSpan(ns)} of ${formatSpan(spanNs)} (${formatShare(ns, spanNs)}), first at ${formatInstant(first)}. ` +
    `The worst state was ${worst.state}: ${times}, first at ${formatInstant(worst.firstNs)}, ${formatSpan(worst.ns)} in all. ` +
    `At the last sample ${formatPages(end.freePages)} are free (state ${end.state}).`
  );
}

/** At which free memory each mechanism starts on this host. `off`: what the scenario turned off. */
function beginnings({ thresholds, minFreePages }: HostFindings, off: ReadonlySet<string>): string {
  const sharing = off.has("share") ? [] : ["page sharing runs all the time, slowly"];
  if (minFreePages === 0)
    return `On this host ${[...sharing, "nothing else begins while a page is free (minFree is 0), and then each new one is taken from the VM furthest above its target"].join("; ")}.`;
  const below = (state: "soft" | "hard" | "low"): string => `below ${formatPages(thresholds[state])} (state ${state})`;
  const pageOut = ["compress", "swap"].filter((name) => !off.has(name)).map((name) => (name === "compress" ? "compression" : name));
  const parts = [
    ...sharing,
    ...(off.has("balloon") ? [] : [`balloons grow ${below("soft")}`]),
    ...(pageOut.length === 0 ? [] : [`${pageOut.join(" and ")} begin${pageOut.length === 1 ? "s" : ""} ${below("hard")}`]),
    `and ${below("low")} a VM that holds more than its target waits for each new page`,
  ];
  return `On this host ${parts.join("; ")}.`;
}

/** Who had to give, in which order, and why. */
function order({ takes, vms, states, minFreePages }: HostFindings): string {
  const spared = vms.filter(({ vm }) => !takes.some((take) => take.vm === vm));
  const blocked = spared.filter(({ stalls }) => stalls.some(({ cause }) => cause === "blocked"));
  // In state low, and where no page is free, VMs wait without a decision, too; a host that wants none free does not get into that state.
  const isLimit = minFreePages > 0 && !states.some(({ state, visits }) => state === "low" && visits > 0);
  const atLimit =
    blocked.length === 0
      ? ""
      : isLimit
        ? ` ${named(blocked)} stayed at a limit of its own, whatever the host had free: it gave up a page for each new one.`
        : ` No decision asked anything of ${named(blocked)}, but ${blocked.length === 1 ? "it" : "each"} had to wait for pages to be given up: when hardly any were free, or at a limit of its own.`;
  if (takes.length === 0) return `The host never had to take memory from a VM.${atLimit}`;
  const first = takes.slice(0, NAMES_MAX);
  const times = [...new Set(first.map(({ timeNs }) => timeNs))];
  const listed = times.map((timeNs) => `from ${named(first.filter((take) => take.timeNs === timeNs))} at ${formatInstant(timeNs)}`);
  const more = takes.length > first.length ? `, then from ${takes.length - first.length} more` : "";
  const standings = [...new Set(takes.map(({ standing }) => standing))];
  const why = standings.map(
    (standing) =>
      `${standings.length === 1 ? "each time" : `of ${named(takes.filter((take) => take.standing === standing))}`}: ${standingWords(standing)}`,
  );
  const rest = spared.filter((each) => !blocked.includes(each));
  const never = rest.length === 0 ? "" : ` Nothing was ever asked of ${named(rest)}.`;
  return `The host first took memory ${listed.join(", then ")}${more}. The reason, ${why.join("; ")}.${never}${atLimit}`;
}

/** VMs named in a list, at most. */
const NAMES_MAX = 8;

const named = (of: readonly { readonly vm: string }[]): string => {
  const names = of.slice(0, NAMES_MAX).map(({ vm }) => vmLabel(vm));
  return joined(of.length > NAMES_MAX ? [...names, `${of.length - NAMES_MAX} more`] : names);
};

/** What sharing saves, and what is still out at the end. */
function left({ end, vms, thresholds }: HostFindings): string {
  const swapped = vms.reduce((sum, { swap }) => sum + swap.endPages, 0);
  const zipped = vms.reduce((sum, { zip }) => sum + zip.endPages, 0);
  const saved = end.savedPages > 0 ? [`page sharing saves ${formatPages(end.savedPages)}`] : [];
  const out = [
    ...(swapped > 0 ? [`${formatPages(swapped)} are swapped`] : []),
    ...(zipped > 0 ? [`${formatPages(zipped)} ${swapped > 0 ? "" : "are "}compressed`] : []),
  ];
  const all = joined([...saved, ...out]);
  if (all === "") return "";
  const isStale = out.length > 0 && end.freePages >= thresholds.clear;
  const stale =
    "By then the host is not short of memory, but such pages come back only when they are touched: their number tells of the past, not of trouble now.";
  return `At the last sample ${all}.${isStale ? ` ${stale}` : ""}`;
}

/** "long-hog: its balloon held up to …; … were compressed; … swapped out. …" */
function given({ vm, balloon, zip, swap, sharing, unasked }: VmFindings): string {
  const pinned = balloon.pinnedBackedPages + balloon.pinnedUnbackedPages;
  const again = swap.inPages > 0 ? `, ${formatPages(swap.inPages)} read again` : "";
  const parts = [
    ...(balloon.peakPages > 0 ? [`its balloon held up to ${formatPages(balloon.peakPages)}, at ${formatInstant(balloon.peakNs)}`] : []),
    ...(zip.compressedPages > 0 ? [`${formatPages(zip.compressedPages)} were compressed over the run`] : []),
    ...(swap.outPages > 0 ? [`${formatPages(swap.outPages)} swapped out${again}`] : []),
    ...(unasked.reportedFreePages > 0 ? [`${formatPages(unasked.reportedFreePages)} given back that the guest reported free`] : []),
    ...(unasked.proactivePages > 0 ? [`${formatPages(unasked.proactivePages)} taken only because nobody had touched them for long`] : []),
    ...(unasked.senpaiPages > 0 ? [`${formatPages(unasked.senpaiPages)} taken only because the VM hardly waited (Senpai)`] : []),
    ...(sharing.endPages > 0 ? [`${formatPages(sharing.endPages)} share their machine pages at the last sample`] : []),
  ];
  const idle =
    balloon.pinnedUnbackedPages > 0
      ? ` Of the pages that the balloon pinned ${formatShare(balloon.pinnedUnbackedPages, pinned)} had nothing behind them and freed nothing.`
      : "";
  return parts.length === 0 ? `${vmLabel(vm)} gave up nothing.` : `${vmLabel(vm)}: ${parts.join("; ")}.${idle}`;
}

const stopped = ({ stopNs }: VmFindings): string =>
  Number.isNaN(stopNs) ? "" : ` It was powered off at ${formatInstant(stopNs)}, and all that it had was free.`;

/** Kinds of waiting that are named, the dearest first. */
const KINDS_MAX = 3;

/** "It waited 14.9 s (0.8 % of run time): 54 % being blocked, …; 99 of 100 access rows waited at most 15 µs, the longest 1.05 ms." */
function waited({ stallNs, stalls, latency }: VmFindings, spanNs: number): string {
  if (stallNs === 0) return "It never waited.";
  const kinds = byKind(stalls)
    .filter(({ ns }) => ns >= 0.005 * stallNs)
    .sort((a, b) => b.ns - a.ns)
    .slice(0, KINDS_MAX)
    .map(({ kind, ns }) => `${formatShare(ns, stallNs)} ${kind.words}`);
  const most = latency.p99Ns === 0 ? "did not wait" : `waited at most ${formatSpan(latency.p99Ns)}`;
  const rows = latency.rows === 0 ? "" : ` Of 100 rows of its trace 99 ${most}; the longest wait was ${formatSpan(latency.maxNs)}.`;
  return `It waited ${formatSpan(stallNs)} (${formatShare(stallNs, spanNs)} of run time): ${joined(kinds)}.${rows}`;
}
