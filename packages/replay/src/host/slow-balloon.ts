import { withMargin } from "./min-free.ts";
import { canBalloon, checkState } from "./slow-balance.ts";
import { leaveLists, nextByLists } from "./slow-guest-lists.ts";
import { act, blockOf, breakBlock, freePages, isLarge, takeOut, wait, type SlowHost, type SlowPage, type SlowVm } from "./slow-machine.ts";
import { unzip } from "./slow-page-out.ts";

/** docs/host.md, Balloon: one poll of one VM. */
export function poll(host: SlowHost, vm: SlowVm): void {
  const { balloon, allocation } = host.mechanisms;
  if (balloon === undefined || !canBalloon(host, vm)) return;
  const most = Math.max(1, Math.floor((balloon.rate * balloon.poll) / 1e9));
  const before = vm.pinned.length;
  const wanted = vm.target.balloonPages;
  for (let n = 0; n < most && vm.pinned.length < wanted; n++) if (!pinOne(host, vm)) break;
  const aim = withMargin(host.thresholds.minFreePages, allocation.margin);
  for (let n = 0; n < most && vm.pinned.length > wanted && freePages(host) > aim; n++) unpinOne(vm);
  const moved = vm.pinned.length - before;
  if (moved === 0) return;
  act(host, "balloon", vm.name, moved, moved > 0 ? vm.target.reason : "deflates");
  checkState(host);
}

function pinOne(host: SlowHost, vm: SlowVm): boolean {
  const { balloon } = host.mechanisms;
  const freed = balloon?.freeOrder === "lifo" ? vm.free.at(-1) : vm.free[0];
  if (freed !== undefined) {
    vm.free = vm.free.filter((ppn) => ppn !== freed);
    pin(host, vm.pages[freed]);
    return true;
  }
  const untouched = vm.pages.find((page) => page.touched === undefined && page.allocator !== "allocated" && page.state !== "ballooned");
  if (untouched !== undefined) {
    pin(host, untouched);
    return true;
  }
  const inSwap = vm.pages.filter(({ isOut, writes }) => isOut && writes > 0).length;
  const canPageOut = ({ writes }: SlowPage): boolean => writes === 0 || inSwap < vm.guestSwapPages;
  const [leastRecent] = vm.pages
    .filter((page) => isInUse(page) && canPageOut(page))
    .sort((a, b) => (a.touched?.row ?? 0) - (b.touched?.row ?? 0));
  const oldest = balloon?.guestLru === "two-lists" ? nextByLists(vm, isInUse, canPageOut, inSwap < vm.guestSwapPages) : leastRecent;
  if (oldest === undefined) return false;
  guestTakes(host, oldest);
  pin(host, oldest);
  return true;
}

function isInUse({ vm, state, isOut, touched, allocator }: SlowPage): boolean {
  if (state === "ballooned" || isOut || touched === undefined) return false;
  return allocator === "allocated" || (allocator === "unknown" && vm.allocatorEvents === 0);
}

/** The guest pages a page out. */
function guestTakes(host: SlowHost, page: SlowPage): void {
  const { vm } = page;
  if (page.state === "swapped" || page.state === "zipped") {
    vm.counts.doublePaging++;
    wait(host, vm, "double paging");
    if (page.state === "zipped") {
      unzip(page);
      vm.counts.unzipped++;
    } else vm.counts.swapIn++;
    page.state = "unbacked";
  }
  if (page.writes > 0) {
    vm.counts.guestSwapOut++;
    wait(host, vm, "guest swap-out");
  } else vm.counts.guestDropped++;
  page.isOut = true;
}

/** The driver holds a page. */
function pin(host: SlowHost, page: SlowPage): void {
  const { vm } = page;
  if (page.state === "resident") {
    if (isLarge(page)) breakBlock(host, page, "the balloon took a page of it");
    takeOut(page, "ballooned", false);
    vm.counts.pinnedBacked++;
  } else {
    if (page.state === "zipped") unzip(page);
    page.state = "ballooned";
    vm.counts.pinnedUnbacked++;
  }
  page.isInSwap = false;
  leaveLists(page);
  vm.pinned.push(page.ppn);
}

function unpinOne(vm: SlowVm): void {
  const ppn = vm.pinned.pop();
  if (ppn === undefined) return;
  const page = vm.pages[ppn];
  page.state = "unbacked";
  if (page.allocator === "free" || page.isOut) vm.free.push(ppn);
}

/** What an allocator event says of a page. */
export function tellAllocator(page: SlowPage, allocator: "allocated" | "free"): void {
  const { vm, ppn } = page;
  page.allocator = allocator;
  page.isOut = false;
  vm.free = vm.free.filter((each) => each !== ppn);
  if (allocator === "allocated") return;
  leaveLists(page);
  vm.reported.delete(blockOf(ppn));
  if (page.state !== "ballooned") vm.free.push(ppn);
}
