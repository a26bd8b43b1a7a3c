import { ALLOC, bug, BLOCK_PAGES, FREE, WRITE, type AccessBatch, type GuestBatch } from "@tidemark/data/shapes";
import { playGuestRows } from "../allocator.ts";
import { moveTimes } from "../feed.ts";
import { touchRows } from "../touch.ts";
import { BALLOONED } from "../machine.ts";
import { GUEST_OUT } from "./guest-page.ts";
import { leaveGuestSwap } from "./guest-swap.ts";
import { lateNs, type Host } from "./host.ts";
import { GUEST_FREE, TOUCH_TRAPS, WRITE_TRAPS, type HostVm } from "./host-vm.ts";
import { setTraps } from "./pages.ts";
import { serveTouch } from "./serve-touch.ts";

/**
 * Plays rows [from, to) of one VM: stretches that nothing stands in the way of at once, and between them the rows that the host
 * must see. What it waited is in its stalls. Returns the place of the first row that was not played: on the dilated clock a row
 * that waits is the last, for the others come later by as much.
 */
export function playRows(host: Host, hv: HostVm, batch: AccessBatch, from: number, to: number): number {
  const late = lateNs(host, hv);
  for (let at = from; at < to;) {
    const end = untilTrap(hv, batch, at, to);
    if (late > 0) moveTimes(batch, late, at, Math.min(end + 1, to));
    if (end > at) touch(host, batch, at, end);
    at = end;
    if (at === to) break;
    host.nowNs = batch.timeNs[at];
    serveTouch(host, hv, batch.ppn[at], batch.kind[at] === WRITE);
    hv.stalls.endRow();
    const next = untilTrap(hv, batch, at, at + 1);
    if (next <= at) throw bug(`${hv.vm.name}: PPN ${batch.ppn[at]} is trapped after it was served`);
    touch(host, batch, at, next);
    at = next;
    if (lateNs(host, hv) !== late) return at;
  }
  return to;
}

function touch(host: Host, batch: AccessBatch, from: number, to: number): void {
  touchRows(host.machine, batch, from, to);
  host.translations?.accesses(batch, from, to);
}

/** Notes touches and writes up to the first row that the host must see; returns its place. */
function untilTrap(hv: HostVm, { ppn, kind }: AccessBatch, from: number, to: number): number {
  const { trap, touchedBy, writtenBy, contents, vm } = hv;
  const { configuredPages } = vm;
  const writesLeft = contents === undefined || contents.isEndState ? undefined : contents.writesLeft;
  const row = hv.rows + 1 - from;
  for (let i = from; i < to; i++) {
    const p = ppn[i];
    if (p >= configuredPages) continue;
    const isWrite = kind[i] === WRITE;
    if ((trap[p] & (isWrite ? TOUCH_TRAPS | WRITE_TRAPS : TOUCH_TRAPS)) !== 0) {
      hv.rows += i - from;
      return i;
    }
    touchedBy[p] = row + i;
    if (!isWrite) continue;
    writtenBy[p] = row + i;
    if (writesLeft === undefined || writesLeft[p] === 0 || contents === undefined) continue;
    if (--writesLeft[p] > 0) continue;
    contents.holds[p] = 1;
    trap[p] |= WRITE_TRAPS;
  }
  hv.rows += to - from;
  return to;
}

/** Place of the first of rows [from, to) that the host must see, or that changes what it must see; `to` where there is none. */
export function firstSeen(hv: HostVm, { ppn, kind }: AccessBatch, from: number, to: number): number {
  const { trap, contents, vm } = hv;
  const { configuredPages } = vm;
  const writesLeft = contents === undefined || contents.isEndState ? undefined : contents.writesLeft;
  for (let i = from; i < to; i++) {
    const p = ppn[i];
    if (p >= configuredPages) continue;
    const isWrite = kind[i] === WRITE;
    if ((trap[p] & (isWrite ? TOUCH_TRAPS | WRITE_TRAPS : TOUCH_TRAPS)) !== 0) return i;
    if (isWrite && writesLeft !== undefined && writesLeft[p] > 0) return i;
  }
  return to;
}

/** Plays guest events [from, to) of one VM: the machine's part, and the guest's lists of free pages. */
export function playEvents(host: Host, hv: HostVm, batch: GuestBatch, from: number, to: number): void {
  moveTimes(batch, lateNs(host, hv), from, to);
  playGuestRows(host.machine, batch, from, to);
  host.translations?.guestEvents(batch, from, to);
  const { guestPages, vm, marks } = hv;
  for (let i = from; i < to; i++) {
    const kind = batch.kind[i];
    if (kind !== ALLOC && kind !== FREE) continue;
    const end = Math.min(batch.ppn[i] + batch.count[i], vm.configuredPages);
    for (let ppn = batch.ppn[i]; ppn < end; ppn++) {
      if (guestPages.queueOf(ppn) === GUEST_FREE) guestPages.remove(ppn);
      if ((marks[ppn] & GUEST_OUT) !== 0) {
        // What the guest has in its swap is nobody's any more.
        leaveGuestSwap(hv, ppn);
        setTraps(host, hv, ppn);
      }
      if (kind === FREE) {
        if (hv.guestLru.left(ppn)) setTraps(host, hv, ppn);
        hv.reportedBlocks[Math.floor(ppn / BLOCK_PAGES)] = 0;
        if (vm.pmap[ppn] !== BALLOONED) guestPages.append(ppn, GUEST_FREE);
      }
    }
    if (kind === ALLOC) hv.guestLru.forget();
  }
}
