import { breaksMetBlocks, STATE_RULES } from "./memory-state.ts";
import {
  act,
  breakBlock,
  freePages,
  holds,
  inState,
  isLarge,
  isRunning,
  references,
  type SlowEntry,
  type SlowFrame,
  type SlowHost,
  type SlowPage,
  type SlowVm,
} from "./slow-machine.ts";
import { checkState } from "./slow-balance.ts";

/** docs/host.md, Page sharing. */

/** The table, without the frames that nobody refers to any more. */
function entries(host: SlowHost): SlowEntry[] {
  const counts = references(host);
  host.table = host.table.filter(({ frame }) => counts.has(frame));
  return host.table;
}

/** The entry of a page's frame, if page sharing keeps it copy-on-write. */
export const sharedEntry = (host: SlowHost, { frame }: SlowPage): SlowEntry | undefined =>
  entries(host).find((entry) => entry.frame === frame && entry.isShared);

/** Frames that page sharing keeps copy-on-write. */
export const sharedFrames = (host: SlowHost): Set<SlowFrame> =>
  new Set(entries(host).flatMap(({ isShared, frame }) => (isShared ? [frame] : [])));

/** Looks a resident page up. Returns whether it is shared now and was not before. */
export function share(host: SlowHost, page: SlowPage, leavesHint: boolean): boolean {
  const { vm, content } = page;
  if (content === undefined || !holds(host, page) || isLarge(page) || sharedEntry(host, page) !== undefined) return false;
  const { hash } = content;
  const found = entries(host).find((entry) => entry.salt === vm.salt && entry.hash === hash);
  const hint = (): void =>
    void (
      leavesHint &&
      page.frame !== undefined &&
      host.table.push({ salt: vm.salt, hash, frame: page.frame, hinter: page, isShared: false })
    );
  if (found === undefined) {
    hint();
    return false;
  }
  if (found.frame === page.frame) return false;
  if (!found.isShared && !holds(host, found.hinter)) {
    vm.counts.staleHints++;
    host.table = host.table.filter((entry) => entry !== found);
    hint();
    return false;
  }
  found.isShared = true;
  page.frame = found.frame;
  vm.counts.shared++;
  return true;
}

/** One turn of the scanner. */
export function scan(host: SlowHost): void {
  const { share: params } = host.mechanisms;
  const rule = STATE_RULES[host.state];
  if (params === undefined || !rule.scans) return;
  const running = host.vms.filter((vm) => isRunning(host, vm));
  const turn = params.period / 1e9;
  const wanted = running.map(({ pages }) => (pages.length / (params.scanTime / 1e9)) * turn);
  const all = wanted.reduce((sum, pages) => sum + pages, 0);
  for (const [i, vm] of running.entries()) {
    vm.scanCredit += wanted[i] * Math.min(1, (params.hostRate * turn) / all);
    const before = vm.counts.shared;
    while (vm.scanCredit >= 1) {
      vm.scanCredit--;
      const page = (rule.scansBrokenFirst ? nextBroken(vm) : undefined) ?? randomResident(vm);
      if (page === undefined) continue;
      vm.counts.scanned++;
      if (isLarge(page)) {
        if (!breaksMetBlocks(host.state, freePages(host), host.thresholds.minFreePages, host.scarcePercent)) continue;
        breakBlock(host, page, "the scanner met it");
      }
      share(host, page, true);
    }
    if (vm.counts.shared > before) act(host, "share", vm.name, vm.counts.shared - before, "scanned");
  }
  checkState(host);
}

function nextBroken(vm: SlowVm): SlowPage | undefined {
  while (vm.brokenPpns.length > 0) {
    const [ppn, ...rest] = vm.brokenPpns;
    vm.brokenPpns = rest;
    if (vm.pages[ppn].state === "resident") return vm.pages[ppn];
  }
  return undefined;
}

/** 32 draws of a PPN; if none is resident, the next resident one after the last drawn, round the end. */
function randomResident(vm: SlowVm): SlowPage | undefined {
  if (inState(vm, "resident").length === 0) return undefined;
  let ppn = 0;
  for (let draw = 1; draw <= 32; draw++) {
    ppn = Math.floor(vm.scanRandom() * vm.pages.length);
    if (vm.pages[ppn].state === "resident") return vm.pages[ppn];
  }
  return [...vm.pages.slice(ppn), ...vm.pages.slice(0, ppn)].find(({ state }) => state === "resident");
}
