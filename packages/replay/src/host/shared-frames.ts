import { NONE } from "@tidemark/data";
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
  /** Shared frame → references by VM. */
  readonly #holders = new Map<number, Uint32Array>();
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
    this.#byCount = machine.vms.map(() => new Map<number, number>());
    this.#charged = new Int32Array(machine.vms.length).fill(-1);
  }

  /** A VM's page is one of the references to a shared frame now. */
  join(mpn: number, v: number): void {
    const holders = this.#holders.get(mpn) ?? new Uint32Array(this.#vms);
    this.#holders.set(mpn, holders);
    this.#move(holders, v, 1);
  }

  leave(mpn: number, v: number): void {
    const holders = this.#holders.get(mpn);
    if (holders === undefined) throw new Error(`bug: MPN ${mpn} is not shared`);
    if (this.#move(holders, v, -1) === 0) this.#holders.delete(mpn);
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
  #move(holders: Uint32Array, v: number, by: 1 | -1): number {
    this.#kinds[kindOf(holders)]--;
    let before = 0;
    for (const references of holders) before += references;
    const after = before + by;
    for (let w = 0; w < holders.length; w++) {
      if (holders[w] === 0) continue;
      bump(this.#byCount[w], before, -holders[w]);
      this.#charged[w] = -1;
    }
    holders[v] += by;
    this.#charged[v] = -1;
    for (let w = 0; w < holders.length; w++) {
      if (holders[w] > 0) bump(this.#byCount[w], after, holders[w]);
    }
    this.#kinds[kindOf(holders)]++;
    return after;
  }
}

/** What a frame's references are: none or one, several of one VM, several VMs'. */
const SINGLE = 0,
  INTRA = 1,
  INTER = 2;

function kindOf(holders: Uint32Array): number {
  let owners = 0;
  let references = 0;
  for (let w = 0; w < holders.length; w++) {
    if (holders[w] > 0) owners++;
    references += holders[w];
  }
  return references < 2 ? SINGLE : owners > 1 ? INTER : INTRA;
}

function bump(counts: Map<number, number>, k: number, by: number): void {
  const n = (counts.get(k) ?? 0) + by;
  if (n === 0) counts.delete(k);
  else counts.set(k, n);
}
