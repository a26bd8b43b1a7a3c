import { bug, NONE } from "@tidemark/data/shapes";
import { ShareTable } from "./share-table.ts";
import { allocatedPages } from "./targets.ts";

// A row of the table of shared frames: references, VMs that have them, whether they are in the counts, a bit for every VM that has
// some, and how many each VM has.
const REFERENCES = 0,
  OWNERS = 1,
  IS_COUNTED = 2,
  BITS = 3;

/**
 * Who has references to which shared frame, and what each VM is charged for them: 1/k of a frame with k references, kept as
 * counts of references by k, so that nothing is lost by adding fractions (docs/architecture.md, The ledger). A frame whose references
 * change is taken out of the counts, and counted again when somebody asks: it costs what the VMs that have it cost, and once for
 * all changes in between.
 */
export class SharedFrames {
  readonly table: ShareTable;
  /** By MPN: the page that left the hint. */
  readonly hintVm: Uint16Array;
  readonly hintPpn: Uint32Array;
  /** By MPN: its row, −1 where it is not shared. */
  readonly #rowOf: Int32Array;
  #rows = new Int32Array(0);
  /** Place of the first VM's references in a row, and the row's length. */
  readonly #held: number;
  readonly #width: number;
  /** Rows that nobody has, in no order; rows that are not in the counts. */
  readonly #free: number[] = [];
  readonly #uncounted: number[] = [];
  /** By VM: references to frames with k references → how many. */
  readonly #byCount: readonly Map<number, number>[];
  /** By VM; −1: to be counted anew. */
  readonly #charged: Int32Array;
  /** Frames by what their references are. */
  readonly #kinds = new Int32Array(3);

  /** For so many MPNs and VMs. */
  constructor(mpns: number, vms: number) {
    this.table = new ShareTable(mpns);
    this.hintVm = new Uint16Array(mpns);
    this.hintPpn = new Uint32Array(mpns).fill(NONE);
    this.#held = BITS + Math.ceil(vms / 32);
    this.#width = this.#held + vms;
    this.#rowOf = new Int32Array(mpns).fill(-1);
    this.#byCount = Array.from({ length: vms }, () => new Map<number, number>());
    this.#charged = new Int32Array(vms).fill(-1);
  }

  /** A VM's page is one of the references to a shared frame now. */
  join(mpn: number, v: number): void {
    if (this.#rowOf[mpn] < 0) this.#rowOf[mpn] = this.#takeRow();
    this.#change(this.#rowOf[mpn], v, 1);
  }

  leave(mpn: number, v: number): void {
    const row = this.#rowOf[mpn];
    if (row < 0) throw bug(`MPN ${mpn} is not shared`);
    this.#change(row, v, -1);
    if (this.#rows[row + REFERENCES] > 0) return;
    this.#rowOf[mpn] = -1;
    this.#free.push(row);
  }

  /** A VM's references to frames with k references, by k. */
  references(v: number): ReadonlyMap<number, number> {
    this.#countAll();
    return this.#byCount[v];
  }

  /** What a VM is charged for its references, a started page in full. */
  charged(v: number): number {
    this.#countAll();
    const known = this.#charged[v];
    if (known >= 0) return known;
    return (this.#charged[v] = allocatedPages(this.#byCount[v], 0));
  }

  /** Frames with more than one reference whose references are all one VM's, and those of several VMs. */
  composition(): { readonly intra: number; readonly inter: number } {
    return { intra: this.#kinds[INTRA], inter: this.#kinds[INTER] };
  }

  /** Changes the references of one VM. */
  #change(row: number, v: number, by: 1 | -1): void {
    const rows = this.#rows;
    if (rows[row + IS_COUNTED] === 1) {
      this.#count(row, -1);
      rows[row + IS_COUNTED] = 0;
      this.#uncounted.push(row);
    }
    this.#kinds[kindOf(rows[row + REFERENCES], rows[row + OWNERS])]--;
    const held = row + this.#held + v;
    const had = rows[held];
    rows[held] += by;
    rows[row + REFERENCES] += by;
    if (had === 0 || rows[held] === 0) {
      rows[row + OWNERS] += by;
      rows[row + BITS + (v >> 5)] ^= 1 << (v & 31);
    }
    this.#kinds[kindOf(rows[row + REFERENCES], rows[row + OWNERS])]++;
  }

  #countAll(): void {
    if (this.#uncounted.length === 0) return;
    for (const row of this.#uncounted) {
      this.#count(row, 1);
      this.#rows[row + IS_COUNTED] = 1;
    }
    this.#uncounted.length = 0;
  }

  /** Puts the references of a row into the counts of the VMs that have them, or takes them out. */
  #count(row: number, sign: 1 | -1): void {
    const rows = this.#rows;
    const held = row + this.#held;
    const references = rows[row + REFERENCES];
    for (let word = row + BITS, first = 0; word < held; word++, first += 32)
      for (let bits = rows[word]; bits !== 0; bits &= bits - 1) {
        const v = first + 31 - Math.clz32(bits & -bits);
        bump(this.#byCount[v], references, sign * rows[held + v]);
        this.#charged[v] = -1;
      }
  }

  /** A row without references. One that is free may still have to be counted, which makes no difference. */
  #takeRow(): number {
    if (this.#free.length === 0) {
      const had = this.#rows.length;
      const grown = new Int32Array(Math.max(64 * this.#width, 2 * had));
      grown.set(this.#rows);
      this.#rows = grown;
      for (let row = grown.length - this.#width; row >= had; row -= this.#width) {
        grown[row + IS_COUNTED] = 1;
        this.#free.push(row);
      }
    }
    const row = this.#free.pop();
    if (row === undefined) throw bug("there is no row for a shared frame");
    return row;
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
