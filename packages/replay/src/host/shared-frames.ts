import { bug, NONE } from "@tidemark/data";
import type { Machine } from "../machine.ts";
import { ShareTable } from "./share-table.ts";
import { allocatedPages } from "./targets.ts";

/**
 * Who has references to which shared frame, and what each VM is charged for them: 1/k of a frame with k references, kept as
 * counts of references by k, so that nothing is lost by adding fractions (LEDGER, Sharing, in integers).
 */
export class SharedFrames {
  readonly table: ShareTable;
  /** By MPN: the page that left the hint. */
  readonly hintVm: Uint16Array;
  readonly hintPpn: Uint32Array;
  readonly #vms: number;
  /** Shared frame → its slot, −1 where it is not shared; slots hold the references by VM. */
  readonly #slotOf: Int32Array;
  #holders = new Uint32Array(0);
  /** Slots that nobody has, in no order. */
  readonly #free: number[] = [];
  /** By VM: references to frames with k references → how many. */
  readonly #byCount: readonly Map<number, number>[];
  /** By VM; −1: to be counted anew. */
  readonly #charged: Int32Array;
  /** Frames by what their references are. */
  readonly #kinds = new Int32Array(3);

  constructor(machine: Machine) {
    this.table = new ShareTable(machine.sizePages);
    this.hintVm = new Uint16Array(machine.sizePages);
    this.hintPpn = new Uint32Array(machine.sizePages).fill(NONE);
    this.#vms = machine.vms.length;
    this.#slotOf = new Int32Array(machine.sizePages).fill(-1);
    this.#byCount = machine.vms.map(() => new Map<number, number>());
    this.#charged = new Int32Array(machine.vms.length).fill(-1);
  }

  /** A VM's page is one of the references to a shared frame now. */
  join(mpn: number, v: number): void {
    if (this.#slotOf[mpn] < 0) this.#slotOf[mpn] = this.#takeSlot();
    this.#move(this.#slotOf[mpn], v, 1);
  }

  leave(mpn: number, v: number): void {
    const slot = this.#slotOf[mpn];
    if (slot < 0) throw bug(`MPN ${mpn} is not shared`);
    if (this.#move(slot, v, -1) > 0) return;
    this.#slotOf[mpn] = -1;
    this.#free.push(slot);
  }

  /** A VM's references to frames with k references, by k. */
  references(v: number): ReadonlyMap<number, number> {
    return this.#byCount[v];
  }

  /** What a VM is charged for its references, a started page in full. */
  charged(v: number): number {
    const known = this.#charged[v];
    if (known >= 0) return known;
    return (this.#charged[v] = allocatedPages(this.#byCount[v], 0));
  }

  /** Frames with more than one reference whose references are all one VM's, and those of several VMs. */
  composition(): { readonly intra: number; readonly inter: number } {
    return { intra: this.#kinds[INTRA], inter: this.#kinds[INTER] };
  }

  /** Changes the references of one VM; those of the others are now to a frame with another count. Returns the references left. */
  #move(slot: number, v: number, by: 1 | -1): number {
    const vms = this.#vms;
    const holders = this.#holders;
    const first = slot * vms;
    let before = 0;
    let owners = 0;
    for (let w = 0; w < vms; w++) {
      const held = holders[first + w];
      before += held;
      if (held > 0) owners++;
    }
    const after = before + by;
    this.#kinds[kindOf(before, owners)]--;
    for (let w = 0; w < vms; w++) {
      const held = holders[first + w];
      const now = w === v ? held + by : held;
      if (held > 0) bump(this.#byCount[w], before, -held);
      if (now > 0) bump(this.#byCount[w], after, now);
      if (held > 0 || now > 0) this.#charged[w] = -1;
    }
    if (holders[first + v] === 0) owners++;
    holders[first + v] += by;
    if (holders[first + v] === 0) owners--;
    this.#kinds[kindOf(after, owners)]++;
    return after;
  }

  /** A slot without references. */
  #takeSlot(): number {
    if (this.#free.length === 0) {
      const slots = this.#holders.length / this.#vms;
      const grown = new Uint32Array(Math.max(64, 2 * slots) * this.#vms);
      grown.set(this.#holders);
      this.#holders = grown;
      for (let slot = grown.length / this.#vms - 1; slot >= slots; slot--) this.#free.push(slot);
    }
    const slot = this.#free.pop();
    if (slot === undefined) throw bug("there is no slot for a shared frame");
    return slot;
  }
}

/** What a frame's references are: none or one, several of one VM, several VMs'. */
const SINGLE = 0,
  INTRA = 1,
  INTER = 2;

const kindOf = (references: number, owners: number): number => (references < 2 ? SINGLE : owners > 1 ? INTER : INTRA);

function bump(counts: Map<number, number>, k: number, by: number): void {
  const n = (counts.get(k) ?? 0) + by;
  if (n === 0) counts.delete(k);
  else counts.set(k, n);
}
