import { assert } from "@tidemark/data";
import { rowStart, SLACK_ROW } from "./census.ts";
import { chargeOf } from "./charge.ts";
import { ALLOCATED } from "./groups.ts";
import { FINAL, GROUP, LAST_TOUCH, LAST_WRITE, RECORD, UNBACKED, type Machine, type Vm } from "./machine.ts";

/**
 * The identities of the simulated machine (DOMAIN §2, LEDGER), recounted page by page. Slow and obvious on purpose;
 * run by the tests and by `--check` after every sample.
 */
export function checkMachine(machine: Machine): void {
  let references = 0;
  machine.vms.forEach((vm, v) => {
    const { census } = vm;
    let resident = 0;
    let touched = 0;
    let allocated = 0;
    const cells = new Int32Array(census.cells.length);
    const touchedIn = new Int32Array(census.touched.length);
    const writtenIn = new Int32Array(census.written.length);
    for (let ppn = 0; ppn < vm.configuredPages; ppn++) {
      const at = RECORD * ppn;
      const touch = vm.seen[at + LAST_TOUCH];
      const write = vm.seen[at + LAST_WRITE];
      const group = vm.seen[at + GROUP];
      const final = vm.seen[at + FINAL];
      if (vm.groups.allocator[group] === ALLOCATED) allocated++;
      const mpn = vm.pmap[ppn];
      if (mpn === UNBACKED) {
        if (touch !== 0) broken(vm, ppn, "was touched and is not backed");
        continue;
      }
      resident++;
      if (machine.refs[mpn] === 0) broken(vm, ppn, `maps to MPN ${mpn}, which is free`);
      if (machine.refs[mpn] === 1 && (machine.vmOf[mpn] !== v || machine.ppnOf[mpn] !== ppn))
        broken(vm, ppn, `maps to MPN ${mpn}, which is another page's`);
      if (touch !== 0) {
        touched++;
        touchedIn[touch]++;
      }
      if (write !== 0) writtenIn[write]++;
      const row = touch === 0 ? SLACK_ROW * census.stride : rowStart(census, touch);
      cells[row + 2 * group + (touch !== 0 && final === touch ? 1 : 0)]++;
    }
    references += resident;
    assert(resident === vm.grantedPages, `${vm.name}: ${resident} pages are resident, granted says ${vm.grantedPages}`);
    assert(touched === vm.touchedPages, `${vm.name}: ${touched} pages were touched, the count says ${vm.touchedPages}`);
    assert(allocated === vm.allocatedPages, `${vm.name}: ${allocated} pages are allocated, the count says ${vm.allocatedPages}`);
    assert(same(cells, census.cells), `${vm.name}: the census disagrees with the pages`);
    assert(same(touchedIn, census.touched), `${vm.name}: touches per epoch disagree with the pages`);
    assert(same(writtenIn, census.written), `${vm.name}: writes per epoch disagree with the pages`);
  });
  const charge = chargeOf(machine);
  let used = 0;
  for (const [k, frames] of charge.frames) {
    used += frames;
    const held = charge.references.reduce((sum, byK) => sum + (byK.get(k) ?? 0), 0);
    assert(held === k * frames, `${held} references to ${frames} frames with ${k} references each`);
  }
  let free = machine.sizePages - machine.freshMpn;
  for (let mpn = 0; mpn < machine.freshMpn; mpn++) if (machine.refs[mpn] === 0) free++;
  assert(used + free === machine.sizePages, `${used} used + ${free} free frames are not ${machine.sizePages}`);
  assert(references === charge.references.reduce((sum, byK) => sum + [...byK.values()].reduce((a, b) => a + b, 0), 0), "references add up");
}

/** Composes its message only when it is needed: there may be millions of pages. */
function broken(vm: Vm, ppn: number, what: string): never {
  throw new Error(`bug: ${vm.name}: PPN ${ppn} ${what}`);
}

function same(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
