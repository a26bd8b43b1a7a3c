import { assert } from "@tidemark/data/shapes";
import { rowStart, SLACK_ROW } from "./census.ts";
import { chargeOf } from "./charge.ts";
import { ALLOCATED } from "./groups.ts";
import {
  BALLOONED,
  FINAL,
  freePages,
  GROUP,
  LAST_TOUCH,
  LAST_WRITE,
  RECORD,
  SWAPPED,
  UNBACKED,
  ZIPPED,
  type Machine,
  type Vm,
} from "./machine.ts";

/**
 * The identities of the simulated machine (docs/architecture.md, The ledger), recounted page by page. Slow and obvious on purpose;
 * run by the tests and by `--check` after every sample.
 */
export function checkMachine(machine: Machine): void {
  let references = 0;
  const held = new Uint32Array(machine.refs.length);
  assert(machine.freshMpn <= machine.refs.length, `${machine.freshMpn} frames were given out, there are ${machine.refs.length}`);
  for (const vm of machine.vms) {
    const { census } = vm;
    let resident = 0;
    let touched = 0;
    let allocated = 0;
    const away = { ballooned: 0, swapped: 0, zipped: 0 };
    const cells = new Int32Array(census.cells.length);
    const touchedIn = new Int32Array(census.touched.length);
    const awayIn = new Int32Array(census.touched.length);
    const writtenIn = new Int32Array(census.written.length);
    for (let ppn = 0; ppn < vm.configuredPages; ppn++) {
      const at = RECORD * ppn;
      const touch = vm.seen[at + LAST_TOUCH];
      const write = vm.seen[at + LAST_WRITE];
      const group = vm.seen[at + GROUP];
      const final = vm.seen[at + FINAL];
      if (vm.groups.allocator[group] === ALLOCATED) allocated++;
      const mpn = vm.pmap[ppn];
      if (vm.resident.has(ppn) !== mpn >= 0) broken(vm, ppn, `is ${mpn >= 0 ? "not " : ""}in the set of resident pages`);
      if (mpn < 0) {
        if (mpn === BALLOONED) away.ballooned++;
        else if (mpn === SWAPPED) away.swapped++;
        else if (mpn === ZIPPED) away.zipped++;
        else if (mpn !== UNBACKED) broken(vm, ppn, `is in a state ${mpn} that there is not`);
        if (touch !== 0) awayIn[touch]++;
        continue;
      }
      held[mpn]++;
      resident++;
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
    assert(same(awayIn, vm.away.touched), `${vm.name}: touches per epoch of pages taken back disagree with the pages`);
    for (const [state, pages] of Object.entries(away))
      assert(pages === vm.away[state as keyof typeof away], `${vm.name}: ${pages} pages are ${state}, the count differs`); // its own keys
  }
  let shared = 0;
  for (let mpn = 0; mpn < machine.refs.length; mpn++) {
    if (held[mpn] !== machine.refs[mpn]) throw new Error(`bug: MPN ${mpn} is mapped ${held[mpn]} times and counts ${machine.refs[mpn]}`);
    if (held[mpn] > 1) shared++;
  }
  assert(shared === machine.sharedFrames, `${shared} frames are shared, the count says ${machine.sharedFrames}`);
  const charge = chargeOf(machine);
  let used = 0;
  for (const [k, frames] of charge.frames) {
    used += frames;
    const held = charge.references.reduce((sum, byK) => sum + (byK.get(k) ?? 0), 0);
    assert(held === k * frames, `${held} references to ${frames} frames with ${k} references each`);
  }
  const free = freePages(machine);
  const others = machine.overheadPages + machine.zipCachePages;
  assert(
    free >= 0 && used + others + free === machine.sizePages,
    `${used} used + ${others} + ${free} free frames are not ${machine.sizePages}`,
  );
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
