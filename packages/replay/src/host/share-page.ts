import { NONE } from "@tidemark/data/shapes";
import { leaveFrame } from "../machine.ts";
import type { Host } from "./host.ts";
import { WRITE_TRAPS, type HostVm } from "./host-vm.ts";
import { isLarge, leaveTable } from "./pages.ts";
import { SHARED } from "./share-table.ts";

/**
 * Looks a resident page's content up and shares it where another page has the same: with a shared frame, or with the page that
 * left a hint, if it still has that content (a full comparison: hashes of 64 bits are taken to be the contents). Returns whether it did.
 * What does not match leaves a hint where `leavesHint`. Waldspurger 2002 §4.3.
 */
export function sharePage(host: Host, hv: HostVm, ppn: number, leavesHint: boolean): boolean {
  const { shared, vms, machine } = host;
  const { table } = shared;
  const { contents, vm, settings } = hv;
  if (contents === undefined || contents.holds[ppn] === 0 || isLarge(hv, ppn)) return false;
  const mpn = vm.pmap[ppn];
  if (table.kindOf(mpn) === SHARED) return false;
  const low = contents.low[ppn];
  const high = contents.high[ppn];
  const found = table.find(settings.salt, low, high);
  if (found === mpn) return false;
  if (found === NONE) {
    if (leavesHint) {
      table.placeHint(mpn, settings.salt, low, high);
      hintOf(host, hv, ppn, mpn);
    }
    return false;
  }
  if (table.kindOf(found) !== SHARED) {
    const other = vms[shared.hintVm[found]];
    const page = shared.hintPpn[found];
    const has = other.contents;
    const isFresh =
      other.vm.pmap[page] === found && has !== undefined && has.holds[page] === 1 && has.low[page] === low && has.high[page] === high;
    if (!isFresh) {
      hv.counts.staleHints++;
      if (leavesHint) {
        table.replaceStale(found, mpn);
        hintOf(host, hv, ppn, mpn);
      } else table.remove(found);
      return false;
    }
    table.promote(found);
    shared.join(found, other.number);
    other.sharedPages++;
    other.trap[page] |= WRITE_TRAPS;
  }
  leaveTable(host, hv, mpn);
  vm.pmap[ppn] = found;
  host.translations?.forget(hv.number, ppn);
  leaveFrame(machine, mpn);
  if (machine.refs[found]++ === 1) machine.sharedFrames++;
  table.reference(found);
  shared.join(found, hv.number);
  hv.sharedPages++;
  hv.counts.shared++;
  hv.trap[ppn] |= WRITE_TRAPS;
  return true;
}

function hintOf({ shared }: Host, hv: HostVm, ppn: number, mpn: number): void {
  shared.hintVm[mpn] = hv.number;
  shared.hintPpn[mpn] = ppn;
}
