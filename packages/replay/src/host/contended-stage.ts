import { MARK, type Params, type Values } from "@tidemark/data/shapes";
import type { Player } from "../feed.ts";
import type { Guest } from "../guests.ts";
import type { Policy } from "../policy.ts";
import type { Stage } from "../stage.ts";
import { pollBalloon } from "./balloon.ts";
import { showBits } from "./create-host.ts";
import { reportFreePages } from "./free-page-reporting.ts";
import { lateNs, type Host } from "./host.ts";
import { createKsmScan } from "./ksm-scan.ts";
import { firstSeen, playEvents, playRows } from "./play-rows.ts";
import { powerOff } from "./power-off.ts";
import { createProactiveReclaim } from "./proactive-reclaim.ts";
import { checkState, rebalance } from "./rebalance.ts";
import { createSenpai } from "./senpai.ts";
import { scanForSharing } from "./share-scan.ts";
import { pageOutExcess } from "./swapper.ts";
import { VmFeed, type VmPlayer } from "./vm-feed.ts";

/** Periods of a host's work, ns of the trace's clock; undefined: never. */
interface HostPeriods {
  readonly balance: number;
  readonly poll: number | undefined;
  readonly pageOut: number | undefined;
  readonly bits: number | undefined;
  readonly policy: number | undefined;
  readonly scan: number | undefined;
  readonly report: number | undefined;
  readonly look: number | undefined;
  readonly proactive: number | undefined;
  readonly senpai: number | undefined;
}

function hostPeriods(
  { mechanisms, timeScale }: Pick<Host, "mechanisms" | "timeScale">,
  policy: Policy,
  policyParams: Values<Params>,
): HostPeriods {
  const { allocation, balloon, swap, share, freePageReporting, proactive, senpai } = mechanisms;
  const onTrace = (ns: number): number => Math.max(1, Math.round(ns / timeScale));
  const tickNs = policy.tickNs?.(policyParams) ?? 0;
  return {
    balance: onTrace(allocation.period),
    poll: balloon === undefined ? undefined : onTrace(balloon.poll),
    pageOut: swap === undefined ? undefined : onTrace(swap.period),
    bits: swap === undefined || policy.sees !== "touches" ? undefined : onTrace(swap.scan),
    policy: swap === undefined || tickNs === 0 ? undefined : onTrace(tickNs),
    scan: share === undefined ? undefined : onTrace(share.period),
    report: freePageReporting === undefined ? undefined : onTrace(freePageReporting.period),
    look: proactive === undefined ? undefined : onTrace(proactive.scan),
    proactive: proactive === undefined ? undefined : onTrace(proactive.period),
    senpai: senpai === undefined ? undefined : onTrace(senpai.period),
  };
}

/** Most quanta that are looked over at once. */
const QUANTA_MAX = 1024;

export interface ContendedStage extends Stage {
  /** Whether every VM has done all its accesses or was powered off. */
  isDone(): boolean;
  /** When the markers of every VM were played, in their order. */
  readonly markedNs: readonly (readonly number[])[];
}

/** VMs on a host of finite memory, in turns of a quantum; at each instant what is due there, in its order (docs/host.md, Time). */
export function contendedStage(
  host: Host,
  policy: Policy,
  policyParams: Values<Params>,
  guests: readonly Guest[],
  observed: Player["observed"],
  originNs: number,
  quantumNs: number,
): ContendedStage {
  const periods = hostPeriods(host, policy, policyParams);
  const markedNs = host.vms.map((): number[] => []);
  const players = host.vms.map((hv, v): VmPlayer => ({
    accesses: (batch, from, to) => playRows(host, hv, batch, from, to),
    guestEvents(batch, from, to) {
      playEvents(host, hv, batch, from, to);
      for (let i = from; i < to; i++) if (batch.kind[i] === MARK) markedNs[v].push(batch.timeNs[i]);
    },
    observed,
    firstSeen: (batch, from, to) => firstSeen(hv, batch, from, to),
    lateNs: () => lateNs(host, hv),
  }));
  const feeds = guests.map(({ trace, traced, offsetNs }, v) => new VmFeed(trace, traced, v, offsetNs, players[v]));
  const { share, proactive, senpai } = host.mechanisms;
  const scan = share?.scanner === "ksm" ? createKsmScan(host, share) : () => scanForSharing(host);
  const proactively = proactive === undefined ? undefined : createProactiveReclaim(host, proactive);
  const senpaiTurn = senpai === undefined ? undefined : createSenpai(host, senpai);
  const starts = new Set(host.vms.map(({ settings }) => settings.startNs));
  const stops = new Set(host.vms.map(({ settings }) => settings.stopNs));
  const isDue = (timeNs: number, periodNs: number | undefined): boolean =>
    periodNs !== undefined && timeNs > originNs && (timeNs - originNs) % periodNs === 0;
  /**
   * Quanta that are looked over at once. Where the host has nothing to see in them they are played in one turn: VMs that only touch what
   * they have do not meet, so that it does not matter whose turn it is. About as many as were free the last time, and twice as many where all were.
   */
  let quanta = 1;
  const playUpTo = async (untilNs: number): Promise<void> => {
    for (;;) {
      let nextNs = Infinity;
      for (const feed of feeds) {
        if (feed.isDry) await feed.readOn();
        nextNs = Math.min(nextNs, feed.nextNs);
      }
      if (nextNs > untilNs) return;
      const quantum = feeds.length === 1 ? untilNs : originNs + Math.ceil((nextNs - originNs) / quantumNs) * quantumNs;
      let end = Math.min(untilNs, quantum);
      const far = Math.min(untilNs, quantum + (quanta - 1) * quantumNs);
      if (far > quantum) {
        let seenNs = Infinity;
        for (const feed of feeds) seenNs = Math.min(seenNs, feed.firstSeenNs(far));
        if (seenNs > far) {
          end = far;
          quanta = Math.min(2 * quanta, QUANTA_MAX);
        } else {
          const before = Math.ceil((seenNs - originNs) / quantumNs) - 1;
          end = Math.max(end, originNs + before * quantumNs);
          quanta = Math.max(2, Math.round((end - quantum) / quantumNs));
        }
      } else quanta = Math.max(2, quanta);
      for (const feed of feeds) {
        for (;;) {
          if (feed.isDry) await feed.readOn();
          if (feed.nextNs > end) break;
          feed.play(end);
        }
      }
    }
  };
  /** What is due at an instant before the estimators' periods end. */
  const reach = async (timeNs: number): Promise<void> => {
    await playUpTo(timeNs);
    if (!stops.has(timeNs)) return;
    host.nowNs = timeNs;
    for (const hv of host.vms) {
      if (hv.settings.stopNs !== timeNs) continue;
      powerOff(host, hv);
      feeds[hv.number].stop();
    }
  };
  const instants = [...new Set([...starts, ...stops])].sort((a, b) => a - b);
  const steps = Object.values(periods).filter((periodNs) => periodNs !== undefined);
  /** When something is due next. */
  const tickAfter = (timeNs: number): number => {
    let nextNs = instants.find((instantNs) => instantNs > timeNs) ?? Infinity;
    for (const periodNs of steps) nextNs = Math.min(nextNs, originNs + (Math.floor((timeNs - originNs) / periodNs) + 1) * periodNs);
    return nextNs;
  };
  let reachedNs = originNs - 1;
  const tick = (timeNs: number): void => {
    host.nowNs = timeNs;
    if (starts.has(timeNs)) rebalance(host, "a VM starts");
    else if (stops.has(timeNs)) rebalance(host, "a VM stops");
    if (isDue(timeNs, periods.balance)) rebalance(host, "period");
    checkState(host);
    if (isDue(timeNs, periods.poll)) for (const hv of host.vms) pollBalloon(host, hv);
    if (isDue(timeNs, periods.report)) reportFreePages(host);
    if (isDue(timeNs, periods.bits)) showBits(host, policy);
    if (isDue(timeNs, periods.policy)) for (const { reclaimer } of host.vms) reclaimer.tick?.((timeNs - originNs) * host.timeScale);
    if (isDue(timeNs, periods.pageOut)) pageOutExcess(host);
    if (isDue(timeNs, periods.scan)) scan();
    if (isDue(timeNs, periods.look)) proactively?.look();
    if (isDue(timeNs, periods.proactive)) proactively?.reclaim();
    if (isDue(timeNs, periods.senpai)) senpaiTurn?.();
  };
  return {
    async advance(untilNs) {
      for (let timeNs = tickAfter(reachedNs); timeNs < untilNs; timeNs = tickAfter(timeNs)) {
        await reach(timeNs);
        tick(timeNs);
      }
      await reach(untilNs);
      reachedNs = untilNs;
    },
    tick,
    isDone: () => feeds.every((feed) => !feed.isDry && feed.hasNoAccesses),
    markedNs,
    rows: () => feeds.reduce((sum, feed) => sum + feed.rows, 0),
    async close() {
      for (const feed of feeds) await feed.close();
    },
  };
}
