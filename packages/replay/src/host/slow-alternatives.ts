import { formatTime } from "@tidemark/data/shapes";
import { NO_PAGE } from "../policy.ts";
import { checkState } from "./slow-balance.ts";
import {
  act,
  allocation,
  allPages,
  inState,
  PAGES_PER_BLOCK,
  pagesOfBlock,
  takeOut,
  waitedNs,
  type SlowHost,
  type SlowPage,
  type SlowVm,
} from "./slow-machine.ts";
import { pageOut, take, unzip } from "./slow-page-out.ts";

/** docs/scenario.md, Alternatives. Free page reporting: every guest names its free blocks that it has not named since a free in them. */
export function report(host: SlowHost): void {
  for (const vm of host.vms) {
    if (vm.isOff) continue;
    const backed = vm.counts.reportedBacked;
    let blocks = 0;
    for (let block = 0; (block + 1) * PAGES_PER_BLOCK <= vm.pages.length; block++) {
      const pages = pagesOfBlock(vm, block);
      const isFree = pages.every(({ allocator, state }) => allocator === "free" && state !== "ballooned");
      if (vm.reported.has(block) || !isFree) continue;
      vm.reported.add(block);
      vm.large.delete(block);
      for (const page of pages) forget(page);
      blocks++;
    }
    vm.counts.reported += blocks * PAGES_PER_BLOCK;
    if (blocks > 0) act(host, "report", vm.name, vm.counts.reportedBacked - backed, `${blocks} free blocks of 2 MB`);
  }
  checkState(host);
}

/** A reported page is unbacked, and what it held is gone. */
function forget(page: SlowPage): void {
  if (page.state === "resident") {
    takeOut(page, "unbacked", false);
    page.vm.counts.reportedBacked++;
  }
  if (page.state === "zipped") unzip(page);
  page.state = "unbacked";
  page.isInSwap = false;
  page.lostAt = page.writes;
}

/** Proactive reclaim looks at the accessed bits: pages touched since the last look, and those that became resident since, are seen now. */
export function seeTouched(host: SlowHost): void {
  for (const page of allPages(host)) {
    if (page.state === "resident" && (page.seen === undefined || page.touchedSinceSeen)) page.seen = nextSeen(host);
    page.touchedSinceSeen = false;
  }
}

const nextSeen = (host: SlowHost): { readonly ns: number; readonly order: number } => ({ ns: host.nowNs, order: host.seenOrders++ });

/** What was seen touched longest ago is paged out, if that is long enough. */
export function takeCold(host: SlowHost): void {
  const { proactive } = host.mechanisms;
  if (proactive === undefined) return;
  const taken = new Map<SlowVm, number>();
  const most = Math.max(1, Math.floor((proactive.quota * proactive.period) / 1e9));
  for (let n = 0; n < most; n++) {
    const page = coldest(host);
    if (page?.seen === undefined || host.nowNs - page.seen.ns < proactive.age / host.timeScale) break;
    take(host, page);
    // Shared instead: it stays, as if it were seen now.
    if (page.state === "resident") page.seen = nextSeen(host);
    taken.set(page.vm, (taken.get(page.vm) ?? 0) + 1);
  }
  for (const vm of host.vms) {
    const pages = taken.get(vm) ?? 0;
    vm.counts.proactive += pages;
    if (pages > 0) act(host, "proactive", vm.name, pages, `not seen touched for ${formatTime(proactive.age)}`);
  }
  checkState(host);
}

/** Of VMs from which something may be taken: the page seen longest ago, of equal ones that of the earlier VM, then as they were seen. */
function coldest(host: SlowHost): SlowPage | undefined {
  if (host.mechanisms.swap === undefined) return undefined;
  let first: SlowPage | undefined;
  for (const vm of host.vms.filter((each) => allocation(host, each) > each.reservationPages))
    for (const page of inState(vm, "resident")) {
      const { ns, order } = page.seen ?? { ns: Infinity, order: 0 };
      const most = first?.seen ?? { ns: Infinity, order: 0 };
      if (ns < most.ns || (ns === most.ns && first?.vm === vm && order < most.order)) first = page;
    }
  return first;
}

/** One turn of Senpai. */
export function senpaiTurn(host: SlowHost): void {
  const { senpai } = host.mechanisms;
  if (senpai === undefined) return;
  for (const vm of host.vms) {
    const waited = waitedNs(host, vm);
    const pressure = (100 * (waited - vm.waitedAtSenpai)) / senpai.period;
    vm.waitedAtSenpai = waited;
    const wanted = Math.floor(senpai.ratio * inState(vm, "resident").length * Math.max(0, 1 - pressure / senpai.threshold));
    let taken = 0;
    while (taken < wanted && pageOut(host, vm, NO_PAGE)) taken++;
    vm.counts.senpai += taken;
    if (taken > 0) act(host, "senpai", vm.name, taken, `pressure ${Number(pressure.toFixed(4))} %, below ${senpai.threshold} %`);
  }
  checkState(host);
}
