import type { Core } from "../core.ts";
import type { GuestTables } from "./guest-tables.ts";
import { hostPrefix, type HostTables } from "./host-tables.ts";
import { LruSets } from "./lru-sets.ts";
import { LEVELS_MAX, PAGE_SIZES } from "./page-size.ts";
import { GLOBAL } from "./table-tree.ts";
import type { Units } from "./units.ts";
import { WalkCaches } from "./walk-caches.ts";

/** A TLB level by page size (position in PAGE_SIZES); one array may hold several sizes. */
export type TlbLevel = readonly (LruSets | undefined)[];

/** The translation hardware that one vCPU runs on. It has the core to itself. */
export class Hardware {
  readonly l1: TlbLevel;
  readonly l1Fetch: TlbLevel;
  readonly l2: TlbLevel;
  /** Addresses of the tables that are walked, by node, and of the host's. */
  readonly paging: WalkCaches;
  readonly hostPaging: WalkCaches;
  readonly nestedTlb: LruSets | undefined;
  /** Address space it has loaded; −1 before the first is known. */
  space = -1;
  /** Of the references of the last walk, those to the host's tables. */
  hostReferences = 0;
  /** The second-level TLB, where it keeps the addresses of leaf tables too: numbered by node, after its units. */
  readonly #pdes: LruSets | undefined;
  readonly #pdeKeys: number;
  readonly #tables: GuestTables;
  readonly #units: Units;
  readonly #host: HostTables;
  readonly #path = new Int32Array(LEVELS_MAX + 1);

  constructor(core: Core, tables: GuestTables, units: Units, host: HostTables) {
    this.#tables = tables;
    this.#units = units;
    this.#host = host;
    this.l1 = tlbLevel(core.l1);
    this.l1Fetch = core.l1Fetch === undefined ? this.l1 : tlbLevel(core.l1Fetch);
    this.l2 = tlbLevel(core.l2);
    this.#pdes = core.pdesInL2 ? this.l2[0] : undefined;
    this.#pdeKeys = units.units;
    this.paging = new WalkCaches(core.paging, tables.tableOf.length);
    this.hostPaging = new WalkCaches(core.hostPaging, host.tables);
    this.nestedTlb = core.nestedTlb === null ? undefined : new LruSets(core.nestedTlb.entries, core.nestedTlb.ways);
  }

  /**
   * Walks to the leaf entry in the table of `leafNode`, from the deepest table whose address is cached or from the root, and to the
   * frame; fills the caches. Returns the memory references it took.
   * `guestLevel`: tables at this level and below are the guest's, those above the hypervisor's. The topmost of them is entered by
   * machine address, those below it and the page itself by PPN, through a nested walk each. 0: no guest table is walked (native,
   * shadow); levels + 1: the root, too, is known by PPN alone (nested).
   */
  walk(leafNode: number, guestLevel: number, ppn: number): number {
    const { parentOf, levelOf, indexOf, tablePpnOf, levels } = this.#tables;
    const { paging } = this;
    const pdes = this.#pdes;
    const path = this.#path;
    const leafLevel = levelOf[leafNode];
    let node = leafNode | 0;
    let level = leafLevel;
    while (level < levels) {
      if (level === 1 && pdes !== undefined ? pdes.find((this.#pdeKeys + node) | 0, indexOf[node]) : paging.find(node)) break;
      path[level] = node;
      node = parentOf[node];
      level++;
    }
    const own = level - leafLevel + 1;
    let host = 0;
    if (level === levels && guestLevel > levels) host += this.#nestedWalk(tablePpnOf[node]);
    for (level--; level >= leafLevel; level--) {
      node = path[level];
      if (level < guestLevel) host += this.#nestedWalk(tablePpnOf[node]);
      if (level === 1 && pdes !== undefined) pdes.insert((this.#pdeKeys + node) | 0, indexOf[node]);
      else paging.insert(node, level, indexOf[node]);
    }
    if (guestLevel > 0) host += this.#nestedWalk(ppn);
    this.hostReferences = host;
    return own + host;
  }

  /** Finds the frame of a PPN. Returns the references to the host's tables; 0 where the nested TLB has it. */
  #nestedWalk(ppn: number): number {
    const host = this.#host;
    const { nestedTlb, hostPaging } = this;
    const { levels, leafLevel, firstTableOf } = host;
    const key = (ppn >>> host.shift) | 0;
    if (nestedTlb !== undefined) {
      if (nestedTlb.find(key, key)) return 0;
      nestedTlb.insert(key, key);
    }
    if (!host.isPresent(ppn)) host.fill(ppn);
    let level = leafLevel;
    while (level < levels && !hostPaging.find((firstTableOf[level] + hostPrefix(ppn, level)) | 0)) level++;
    const references = level - leafLevel + 1;
    for (level--; level >= leafLevel; level--) {
      const prefix = hostPrefix(ppn, level);
      hostPaging.insert((firstTableOf[level] + prefix) | 0, level, prefix);
    }
    return references;
  }

  /** Drops what was translated through a slot, and what a whole INVLPG drops: the paging-structure entries of the space that is loaded. */
  invlpg(slot: number): void {
    if (slot !== -1) this.dropSlot(slot);
    const { spaceOf } = this.#tables;
    this.#dropNodes((node) => spaceOf[node] === this.space);
  }

  dropSlot(slot: number): void {
    const { isSplintered, firstOf, slotOf } = this.#units;
    if (isSplintered) this.dropUnits((unit) => slotOf[unit] === slot);
    else if (firstOf[slot] !== -1) this.dropUnit(firstOf[slot]);
  }

  dropUnit(unit: number): void {
    const place = this.#units.placeOf[unit];
    const size = place & 3;
    const index = place >> 2;
    this.l1[size]?.drop(unit, index);
    if (this.l1Fetch !== this.l1) this.l1Fetch[size]?.drop(unit, index);
    this.l2[size]?.drop(unit, index);
  }

  dropUnits(stale: (unit: number) => boolean): void {
    const { units } = this.#units;
    for (const cache of this.#tlbs()) cache.dropWhere((key) => key < units && stale(key));
  }

  /** What an untagged core loses when CR3 is loaded: all but what the kernel half shares. */
  dropUntagged(): void {
    const { spaceOf } = this.#units;
    this.dropUnits((unit) => spaceOf[unit] !== GLOBAL);
    this.#dropNodes(() => true);
  }

  dropSpace(space: number): void {
    const { spaceOf } = this.#units;
    const { spaceOf: spaceOfNode } = this.#tables;
    this.dropUnits((unit) => spaceOf[unit] === space);
    this.#dropNodes((node) => spaceOfNode[node] === space);
  }

  /** Everything that was translated for the VM. */
  flush(): void {
    for (const cache of this.#tlbs()) cache.clear();
    for (const cache of [this.paging, this.hostPaging, this.nestedTlb]) cache?.clear();
  }

  #dropNodes(stale: (node: number) => boolean): void {
    this.paging.dropWhere(stale);
    const first = this.#pdeKeys;
    this.#pdes?.dropWhere((key) => key >= first && stale(key - first));
  }

  #tlbs(): Set<LruSets> {
    const all = [...this.l1, ...this.l1Fetch, ...this.l2];
    return new Set(all.filter((cache) => cache !== undefined));
  }
}

function tlbLevel(arrays: Core["l1"]): TlbLevel {
  const level: (LruSets | undefined)[] = PAGE_SIZES.map(() => undefined);
  for (const { holds, entries, ways } of arrays) {
    const cache = new LruSets(entries, ways);
    for (const size of holds) level[PAGE_SIZES.indexOf(size)] = cache;
  }
  return level;
}
