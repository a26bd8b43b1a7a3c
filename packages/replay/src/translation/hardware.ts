import type { Core } from "../core.ts";
import type { GuestTables } from "./guest-tables.ts";
import type { Kernel } from "./kernel.ts";
import { LruSets } from "./lru-sets.ts";
import { LEVELS_MAX, PAGE_SIZES, prefixAt, TABLE_ENTRIES } from "./page-size.ts";
import { entryAtPlace, nodeAtPlace, placeOf, type Units } from "./units.ts";

/** A TLB level by page size (position in PAGE_SIZES); one array may hold several sizes. */
export type TlbLevel = readonly (LruSets | undefined)[];
/** Caches of table addresses by level of the table; one array may hold several levels. */
type WalkCaches = readonly (LruSets | undefined)[];

/** Where the kernel keeps the references of the last walk to the host's tables: number of the field, as in wasm/translate-rows.ts. */
const HOST_REFERENCES = 26;

/** The translation hardware that one vCPU runs on. It has the core to itself. Its caches lie in the kernel's memory, which walks. */
export class Hardware {
  readonly l1: TlbLevel;
  readonly l1Fetch: TlbLevel;
  readonly l2: TlbLevel;
  /** Addresses of the tables that are walked, by node, and of the host's. */
  readonly paging: WalkCaches;
  readonly hostPaging: WalkCaches;
  readonly nestedTlb: LruSets | undefined;
  /** Else each walk is as if it were the first. */
  readonly hasWalkCaches: boolean;
  /** Address space it has loaded; −1 before the first is known. */
  space = -1;
  /** The second-level TLB, where it keeps the addresses of leaf tables too: numbered by node, behind the keys of its units. */
  readonly #pdes: LruSets | undefined;
  readonly #pdeKeys: number;
  readonly #tables: GuestTables;
  readonly #units: Units;
  readonly #kernel: Kernel;
  /** Laid out as wasm/translate-rows.ts has it. */
  readonly #laid: Int32Array;

  /** `machine`: where the kernel finds what it has in common with the VM's other vCPUs. */
  constructor(kernel: Kernel, core: Core, tables: GuestTables, units: Units, machine: number) {
    this.#kernel = kernel;
    this.#tables = tables;
    this.#units = units;
    this.l1 = tlbLevel(kernel, core.l1);
    this.l1Fetch = core.l1Fetch === undefined ? this.l1 : tlbLevel(kernel, core.l1Fetch);
    this.l2 = tlbLevel(kernel, core.l2);
    this.#pdes = core.pdesInL2 ? this.l2[0] : undefined;
    this.#pdeKeys = placeOf(tables.tableOf.length, 0);
    this.paging = walkCaches(kernel, core.paging);
    this.hostPaging = walkCaches(kernel, core.hostPaging);
    this.nestedTlb = core.nestedTlb === null ? undefined : new LruSets(kernel, core.nestedTlb.entries, core.nestedTlb.ways);
    this.hasWalkCaches = [...this.paging, ...this.hostPaging, this.nestedTlb, this.#pdes].some((cache) => cache !== undefined);
    const caches = [...this.l1, ...this.l1Fetch, ...this.l2, ...this.paging, ...this.hostPaging, this.nestedTlb, this.#pdes];
    const haveFewSets = [...this.#tlbs()].every(({ sets }) => sets <= TABLE_ENTRIES);
    this.#laid = kernel.ints(HOST_REFERENCES + 2);
    const isApart = [...core.paging, ...core.hostPaging].every(({ tables: levels }) => levels.length === 1);
    this.#laid.set([
      machine,
      ...caches.map((cache) => cache?.at ?? 0),
      this.#pdeKeys,
      Number(isApart),
      0,
      Number(haveFewSets && units.areAlike),
    ]);
  }

  /** Where the kernel finds it. */
  get at(): number {
    return this.#laid.byteOffset;
  }

  /** Of the references of the last walk, those to the host's tables. */
  get hostReferences(): number {
    return this.#laid[HOST_REFERENCES];
  }

  /**
   * Walks to the leaf entry in the table of `leafNode`, from the deepest table whose address is cached or from the root, and to the
   * frame; fills the caches. Returns the memory references it took.
   * `guestLevel`: tables at this level and below are the guest's, those above the hypervisor's. The topmost of them is entered by
   * machine address, those below it and the page itself by PPN, through a nested walk each. 0: no guest table is walked (native,
   * shadow); levels + 1: the root, too, is known by PPN alone (nested).
   */
  walk(leafNode: number, guestLevel: number, ppn: number): number {
    return this.#kernel.run.walk(this.at, leafNode, guestLevel, ppn);
  }

  /** Drops what was translated through the mapping of a page (-1: none that is known), and what a whole INVLPG drops: the paging-structure entries of the space that is loaded. */
  invlpg(page: number): void {
    if (page !== -1) this.dropMapping(page);
    const { spaceOf } = this.#tables;
    this.#dropNodes((node) => spaceOf[node] === this.space);
  }

  /** Drops what was translated through the leaf entry of a page. */
  dropMapping(page: number): void {
    const { isSplintered, unitOf } = this.#units;
    if (!isSplintered) {
      this.dropUnit(unitOf[page]);
      return;
    }
    const { leafLevelOf, leafNodeOf, vpnOf, tableOf } = this.#tables;
    const level = leafLevelOf[page];
    const mapping = placeOf(tableOf[leafNodeOf[page]], prefixAt(vpnOf[page], level - 1) % TABLE_ENTRIES);
    for (const cache of this.#tlbs()) cache.dropWhere((key) => key < this.#pdeKeys && this.#entryAbove(key, level) === mapping);
  }

  /** The entry of a table at this level through which a unit is reached, numbered as keys are. */
  #entryAbove(key: number, level: number): number {
    const { levelOf, indexOf, parentOf, tableOf } = this.#tables;
    let node = nodeAtPlace(key);
    let entry = entryAtPlace(key);
    for (; levelOf[node] < level; node = parentOf[node]) entry = indexOf[node] % TABLE_ENTRIES;
    return levelOf[node] === level ? placeOf(tableOf[node], entry) : -1;
  }

  dropUnit(unit: number): void {
    const key = this.#units.keyOf[unit];
    const size = this.sizeOf(key);
    const index = this.indexOf(key);
    this.l1[size]?.drop(key, index);
    if (this.l1Fetch !== this.l1) this.l1Fetch[size]?.drop(key, index);
    this.l2[size]?.drop(key, index);
  }

  /** Position in PAGE_SIZES of what a TLB holds by a key. */
  sizeOf(key: number): number {
    return this.#tables.levelOf[nodeAtPlace(key)] - 1;
  }

  /** Low bits of its VPN, which pick the set. */
  indexOf(key: number): number {
    return this.#tables.indexOf[nodeAtPlace(key)] * TABLE_ENTRIES + entryAtPlace(key);
  }

  /** The node whose address the second-level TLB holds by a key; undefined where that is a unit's. */
  nodeOfKey(key: number): number | undefined {
    return key >= this.#pdeKeys ? key - this.#pdeKeys : undefined;
  }

  /** Drops units by the address space they are of; those that all share stay. */
  #dropSpaces(isStale: (space: number) => boolean): void {
    const { spaceOf, isShared } = this.#tables;
    for (const cache of this.#tlbs())
      cache.dropWhere((key) => {
        const node = nodeAtPlace(key);
        return key < this.#pdeKeys && isShared[node] === 0 && isStale(spaceOf[node]);
      });
    this.#dropNodes((node) => isStale(spaceOf[node]));
  }

  /** What an untagged core loses when CR3 is loaded: all but what the kernel half shares. */
  dropUntagged(): void {
    this.#dropSpaces(() => true);
  }

  dropSpace(space: number): void {
    this.#dropSpaces((of) => of === space);
  }

  /** Everything that was translated for the VM. */
  flush(): void {
    for (const cache of this.#tlbs()) cache.clear();
    for (const cache of [...this.paging, ...this.hostPaging, this.nestedTlb]) cache?.clear();
  }

  #dropNodes(stale: (node: number) => boolean): void {
    for (const cache of new Set(this.paging)) cache?.dropWhere(stale);
    const first = this.#pdeKeys;
    this.#pdes?.dropWhere((key) => key >= first && stale(key - first));
  }

  #tlbs(): Set<LruSets> {
    const all = [...this.l1, ...this.l1Fetch, ...this.l2];
    return new Set(all.filter((cache) => cache !== undefined));
  }
}

function tlbLevel(kernel: Kernel, arrays: Core["l1"]): TlbLevel {
  const level: (LruSets | undefined)[] = PAGE_SIZES.map(() => undefined);
  for (const { holds, entries, ways } of arrays) {
    const cache = new LruSets(kernel, entries, ways);
    for (const size of holds) level[PAGE_SIZES.indexOf(size)] = cache;
  }
  return level;
}

function walkCaches(kernel: Kernel, arrays: Core["paging"]): WalkCaches {
  const byLevel: (LruSets | undefined)[] = Array.from({ length: LEVELS_MAX + 1 }, () => undefined);
  for (const { tables, entries, ways } of arrays) {
    const cache = new LruSets(kernel, entries, ways);
    for (const level of tables) byLevel[level] = cache;
  }
  return byLevel;
}
