import { PAGE_BYTES } from "@tidemark/data/shapes";
import { estimators } from "../estimators.ts";
import type { Scenario } from "../scenario.ts";
import { createSchedule } from "../schedule.ts";
import type { HandWritten } from "../testing.ts";
import { mechanismsOf } from "./mechanisms.ts";
import { HIGH } from "./memory-state.ts";
import { thresholdsOf } from "./min-free.ts";
import { report, seeTouched, senpaiTurn, takeCold } from "./slow-alternatives.ts";
import { checkState, rebalance } from "./slow-balance.ts";
import { poll, tellAllocator } from "./slow-balloon.ts";
import { ksmTurn } from "./slow-ksm.ts";
import { inState, waitedNs, type SlowHost, type SlowVm } from "./slow-machine.ts";
import { swapTurn } from "./slow-page-out.ts";
import { powerOff } from "./slow-power-off.ts";
import { scan } from "./slow-sharing.ts";
import { actionRows, hostRow, latencyRows, reclaimRows, stallRows, timelineRow, type SlowTables } from "./slow-tables.ts";
import { touch } from "./slow-touch.ts";
import { byCause, estimatorPeriod, playingVm, type Item, type Playing } from "./slow-vm.ts";

/** No scenario of a test waits longer. */
const DILATED_MAX_NS = 1000e9;

/** Replays a hand-written trace on a host under pressure by the letter of docs/host.md, one row after the other. */
export function slowReplay(written: HandWritten, scenario: Scenario): SlowTables {
  const { host: asked, timeScale, window: windowNs, sample: sampleNs } = scenario;
  if (asked === undefined || windowNs === undefined || sampleNs === undefined)
    throw new Error("the reference needs a host, a window and a sample period");
  const { mechanisms, policy, policyParams } = mechanismsOf(scenario);
  const clock = { stretch: 1 };
  const playing: Playing[] = scenario.vms.flatMap((wanted) =>
    Array.from({ length: wanted.copies }, (_, copy) => playingVm(written, scenario, wanted, copy, clock)),
  );
  const vms = playing.map(({ vm }) => vm);
  const machinePages = asked.memory / PAGE_BYTES;
  const hypervisorPages = asked.hypervisor / PAGE_BYTES;
  const rule = typeof asked.minFree === "number" ? asked.minFree / PAGE_BYTES : asked.minFree;
  const thresholds = thresholdsOf(rule, machinePages, mechanisms.allocation.hysteresis);
  const { stallCosts } = mechanisms;
  const costs = [
    stallCosts.firstTouch,
    stallCosts.zeroing,
    stallCosts.copyOnWrite,
    stallCosts.decompression,
    stallCosts.swapIn,
    stallCosts.guestSwapIn,
    stallCosts.guestSwapOut,
    stallCosts.doublePaging,
    stallCosts.blocked,
    stallCosts.largeBreak,
  ];
  const host: SlowHost = {
    machinePages,
    hypervisorPages,
    isDilated: scenario.clock === "dilated" && costs.some((cost) => cost > 0),
    scarcePercent: asked.largePagesBelow,
    thresholds,
    mechanisms,
    costs: byCause((_, c) => costs[c]),
    timeScale,
    isEndState: mechanisms.share?.contents === "end-state",
    vms,
    actions: [],
    table: [],
    ksmNext: 0,
    ksmBatches: 0,
    seenOrders: 0,
    state: HIGH,
    nowNs: 0,
    row: undefined,
  };
  const tables: SlowTables = { timeline: [], host: [], actions: [], stalls: [], latency: [], reclaim: [] };

  const times = playing.flatMap(({ items, vm }) =>
    items.flatMap(({ timeNs, access }) => (access === undefined ? [] : [Math.min(timeNs, vm.stopNs)])),
  );
  const originNs = Math.min(...times);
  // On the dilated clock nobody knows when it ends: it is seen below.
  const endNs = host.isDilated ? originNs + DILATED_MAX_NS : Math.max(...times);
  const onTrace = (period: number): number => Math.max(1, Math.round(period / timeScale));
  const every = {
    balance: onTrace(mechanisms.allocation.period),
    poll: mechanisms.balloon === undefined ? 0 : onTrace(mechanisms.balloon.poll),
    swap: mechanisms.swap === undefined ? 0 : onTrace(mechanisms.swap.period),
    look: mechanisms.swap === undefined || policy.sees !== "touches" ? 0 : onTrace(mechanisms.swap.scan),
    policy: mechanisms.swap === undefined || !policy.tickNs?.(policyParams) ? 0 : onTrace(policy.tickNs(policyParams)),
    scan: mechanisms.share === undefined ? 0 : onTrace(mechanisms.share.period),
    report: mechanisms.freePageReporting === undefined ? 0 : onTrace(mechanisms.freePageReporting.period),
    see: mechanisms.proactive === undefined ? 0 : onTrace(mechanisms.proactive.scan),
    cold: mechanisms.proactive === undefined ? 0 : onTrace(mechanisms.proactive.period),
    senpai: mechanisms.senpai === undefined ? 0 : onTrace(mechanisms.senpai.period),
  };
  // Whatever is looked at ends a quantum: samples, estimators' periods, and what the ages of pages are counted from.
  const estimatorPeriods = estimators.map(({ name }) => estimatorPeriod(scenario, name));
  const instants = new Set(createSchedule(originNs, endNs, windowNs, sampleNs, [], estimatorPeriods).ends);
  for (const { startNs, stopNs } of vms) instants.add(startNs).add(Math.min(stopNs, endNs));
  for (const period of Object.values(every)) if (period > 0) for (let t = originNs + period; t <= endNs; t += period) instants.add(t);

  for (const t of [...instants].sort((a, b) => a - b)) {
    playUpTo(host, playing, clock, t, originNs, asked.quantum);
    host.nowNs = t;
    for (const each of playing) if (each.vm.stopNs === t) powerOff(host, each);
    const isDue = (period: number): boolean => period > 0 && t > originNs && (t - originNs) % period === 0;
    for (const { estimation, periodNs } of playing) if (isDue(periodNs)) estimation.periodEnded();
    if (vms.some(({ startNs }) => startNs === t)) rebalance(host, "a VM starts");
    else if (vms.some(({ stopNs }) => stopNs === t)) rebalance(host, "a VM stops");
    if (isDue(every.balance)) rebalance(host, "period");
    checkState(host);
    if (isDue(every.poll)) for (const vm of vms) poll(host, vm);
    if (isDue(every.report)) report(host);
    if (isDue(every.look)) for (const vm of vms) look(vm);
    if (isDue(every.policy)) for (const vm of vms) vm.policy.tick?.((t - originNs) * timeScale);
    if (isDue(every.swap)) swapTurn(host);
    if (isDue(every.scan)) {
      if (mechanisms.share?.scanner === "ksm") ksmTurn(host);
      else scan(host);
    }
    if (isDue(every.see)) seeTouched(host);
    if (isDue(every.cold)) takeCold(host);
    if (isDue(every.senpai)) senpaiTurn(host);
    if ((t - originNs) % sampleNs === 0) {
      tables.host.push(hostRow(host, t));
      for (const vm of vms) {
        tables.timeline.push(timelineRow(host, vm, t, windowNs));
        tables.stalls.push(...stallRows(host, vm, t));
      }
      if (host.isDilated && playing.every(({ items }) => items.every(({ access }) => access === undefined))) break;
    }
    clock.stretch++;
  }
  tables.actions.push(...actionRows(host));
  for (const vm of vms) {
    if (host.nowNs !== tables.host.at(-1)?.["time"]) tables.stalls.push(...stallRows(host, vm, host.nowNs));
    tables.latency.push(...latencyRows(vm));
    tables.reclaim.push(...reclaimRows(vm));
  }
  return tables;
}

/** Shows a policy the accessed bits, in order of PPN, and clears them. */
function look(vm: SlowVm): void {
  for (const page of inState(vm, "resident")) {
    if (!page.accessed) continue;
    vm.policy.touched?.(page.ppn, page.rewritten);
    page.accessed = page.rewritten = false;
  }
}

/** All rows up to an instant, in turns of a quantum. */
function playUpTo(
  host: SlowHost,
  playing: readonly Playing[],
  clock: { readonly stretch: number },
  untilNs: number,
  originNs: number,
  quantumNs: number,
): void {
  for (;;) {
    const nextNs = Math.min(...playing.map((each) => nextOf(host, each)));
    if (nextNs > untilNs) return;
    const quantum = Math.ceil((nextNs - originNs) / quantumNs);
    const endNs = Math.min(untilNs, originNs + quantum * quantumNs);
    for (const each of playing)
      while (nextOf(host, each) <= endNs) play(host, each.vm, clock.stretch, nextOf(host, each), each.items.shift());
  }
}

/** When a VM does something next: after all that it has waited, on the dilated clock. */
const nextOf = (host: SlowHost, { vm, items }: Playing): number =>
  (items[0]?.timeNs ?? Infinity) + (host.isDilated ? waitedNs(host, vm) : 0);

function play(host: SlowHost, vm: SlowVm, stretch: number, timeNs: number, item: Item | undefined): void {
  if (item?.event !== undefined) {
    const { event, ppn = 0, pages = 1 } = item.event;
    if (event === "mark") return;
    vm.allocatorEvents++;
    for (const page of vm.pages.slice(ppn, ppn + pages)) tellAllocator(page, event === "free" ? "free" : "allocated");
  }
  if (item?.access === undefined) return;
  const { ppn, op, count = 1 } = item.access;
  vm.rows++;
  const page = vm.pages[ppn];
  if (page === undefined) {
    vm.outside += count;
    return;
  }
  host.nowNs = timeNs;
  host.row = { vm, ns: 0 };
  touch(host, page, op === "W");
  if (host.row.ns > 0) vm.waits.push(host.row.ns);
  host.row = undefined;
  page.touched = { timeNs, row: vm.rows, stretch };
  if (op === "W") page.written = { timeNs };
}
