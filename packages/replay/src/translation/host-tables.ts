import { holdTables, type Counters } from "./counters.ts";
import type { Kernel } from "./kernel.ts";
import { LEVEL_BITS, LEVELS_MAX } from "./page-size.ts";

/** PPN bits above a table of this level, as a number; JavaScript shifts count modulo 32. */
const hostPrefix = (ppn: number, level: number): number => (LEVEL_BITS * level > 31 ? 0 : ppn >>> (LEVEL_BITS * level));

/** The nested page tables of one VM: which PPNs they translate, and how many pages of tables that takes. Entries come by EPT violations. */
export class HostTables {
  /** Level of the root. */
  readonly levels: number;
  /** Level of the table with the leaf entries. */
  readonly leafLevel: number;
  /** Low bits of a PPN inside one host page. */
  readonly shift: number;
  /** Tables of all levels have one numbering: the first of a level plus the prefix of its PPNs. */
  readonly firstTableOf = new Int32Array(LEVELS_MAX + 2);
  readonly tables: number;
  /** A bit per host page. */
  readonly present: Int32Array;
  /** By table. */
  readonly isHeld: Uint8Array;
  readonly #counters: Counters;

  /** `isFlat`: one table that is indexed by the whole PPN (Ahn 2012, ISCA), held from the start. */
  constructor(kernel: Kernel, levels: number, leafLevel: number, isFlat: boolean, ppnEnd: number, counters: Counters) {
    this.levels = isFlat ? leafLevel : levels;
    this.leafLevel = leafLevel;
    this.shift = LEVEL_BITS * (leafLevel - 1);
    const pages = Math.ceil(ppnEnd / 2 ** this.shift);
    this.present = kernel.ints(Math.ceil(pages / 32));
    let tables = 0;
    for (let level = leafLevel; level <= this.levels; level++) {
      this.firstTableOf[level] = tables;
      tables += hostPrefix(ppnEnd, level) + 1;
    }
    this.tables = tables;
    this.isHeld = kernel.bytes(tables).fill(isFlat ? 1 : 0);
    this.#counters = counters;
    if (isFlat) holdTables(counters, Math.ceil((pages * 8) / 4096));
  }

  isPresent(ppn: number): boolean {
    const page = ppn >>> this.shift;
    return ((this.present[page >>> 5] >>> page) & 1) === 1;
  }

  /** Translates a PPN from now on. */
  hold(ppn: number): void {
    const page = ppn >>> this.shift;
    this.present[page >>> 5] |= 1 << page;
    for (let level = this.leafLevel; level <= this.levels; level++) {
      const table = this.firstTableOf[level] + hostPrefix(ppn, level);
      if (this.isHeld[table] === 1) continue;
      this.isHeld[table] = 1;
      holdTables(this.#counters, 1);
    }
  }

  forget(ppn: number): void {
    const page = ppn >>> this.shift;
    this.present[page >>> 5] &= ~(1 << page);
  }
}
