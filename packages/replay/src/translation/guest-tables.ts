import { InputError, type TracedPages } from "@tidemark/data/shapes";
import { KERNEL_HALF_VPN, leafLevelOf, LEVEL_BITS, LEVELS_MAX, prefixAt, TABLE_ENTRIES, type PageSize } from "./page-size.ts";
import { GLOBAL, TableTreeBuilder, type TableTree } from "./table-tree.ts";

/** What a TLB or a paging cache knows an entry or a table by is a number of 31 bits. */
const NODES_MAX = Math.floor(2 ** 31 / (TABLE_ENTRIES + 1));

/** How large a guest's mappings are. */
export interface MappedSizes {
  /** Size of every mapping (a what-if), or as the trace's map events say: 4k where they say nothing. */
  readonly guestPages: PageSize | "trace";
  /** Level of the entry of a page, by the trace's map events: the same for all pages of one mapping. */
  readonly tracedLevel: (spaceValue: number, vpn: number) => number;
}

/** What a guest is assumed to do with its tables. */
export interface GuestTablesPlan extends MappedSizes {
  /** Of the VM, for messages. */
  readonly name: string;
  /** Levels of the guest's tables, 4 or 5. */
  readonly levels: number;
  /** Size of the host's backing: shadow tables splinter larger mappings of the guest down to it. */
  readonly hostPages: PageSize;
  /** A space's value is a CR3: the page of its root. */
  readonly spacesAreRoots: boolean;
  /** First PPN that the guest cannot have: pages made up here lie above. */
  readonly configuredPages: number;
}

/**
 * The page tables of one VM's guest, rebuilt from the (space, VPN) pairs of its trace. Everything has a dense number:
 * - an *entry* is a 4 KB mapping: the page, or for the kernel half the first page of any space with its VPN;
 * - a *slot* is a leaf entry of the tables: the entry itself for 4 KB mappings, else one for all entries of a large mapping.
 */
export interface GuestTables extends TableTree {
  readonly levels: number;
  readonly pages: number;
  /** Value of each space as the trace has it: CR3, pid, 0 for unknown. */
  readonly spaceValues: readonly number[];
  readonly vpnOf: Float64Array;
  /** Page → space. */
  readonly spaceOfPage: Int32Array;
  readonly kernel: Uint8Array;
  readonly entryOf: Int32Array;
  /** Page → the next page of the same entry, seen from another space; −1 ends. */
  readonly nextAliasOf: Int32Array;
  readonly slotOf: Int32Array;
  readonly slots: number;
  /** Page → level of the table with its leaf entry. */
  readonly leafLevelOf: Uint8Array;
  /** Page → node of the table with its leaf entry. */
  readonly leafNodeOf: Int32Array;
  readonly hostLevel: number;
  /** Page → node of the shadow table with its leaf entry; lower than the guest's where the host's pages are smaller. */
  readonly shadowNodeOf: Int32Array;
  /** Page → PPN where mappings are larger than the trace's, so that its PPNs cannot be theirs; empty where they can. */
  readonly madeUpPpnOf: Int32Array;
  /** Node → PPN of its table's page; made up unless it is a root whose address the trace has. */
  readonly tablePpnOf: Int32Array;
  readonly rootsKnown: number;
  /** All PPNs, made up ones too, are below this. */
  readonly ppnEnd: number;
}

/** Level of the leaf entry of an address, whether or not the trace accesses it. */
export function mappedLevel({ guestPages, tracedLevel }: MappedSizes, spaceValue: number, vpn: number): number {
  return guestPages === "trace" ? tracedLevel(spaceValue, vpn) : leafLevelOf(guestPages);
}

export function createGuestTables({ space, vpn }: TracedPages, plan: GuestTablesPlan): GuestTables {
  const pages = vpn.length;
  const hostLevel = leafLevelOf(plan.hostPages);
  const tree = new TableTreeBuilder(plan.levels);
  const spaceValues: number[] = [];
  const spaceNumber = new Map<number, number>();
  const spaceOfPage = new Int32Array(pages);
  const kernel = new Uint8Array(pages);
  const entryOf = new Int32Array(pages);
  const nextAliasOf = new Int32Array(pages).fill(-1);
  const slotOf = new Int32Array(pages);
  const leafLevel = new Uint8Array(pages);
  const leafNodeOf = new Int32Array(pages);
  const shadowNodeOf = new Int32Array(pages);
  const kernelEntries = new Map<number, number>();
  const largeSlots = new Map<string, number>();
  let slots = pages;
  let lastSpace = NaN;
  let lastNumber = 0;
  const reach = 2 ** (LEVEL_BITS * plan.levels - 1);
  // In one space no two pages are the same entry of the kernel half, and none needs to be looked up.
  const isOneSpace = space.every((each) => each === space[0]);
  for (let page = 0; page < pages; page++) {
    const v = vpn[page];
    const isKernel = v >= KERNEL_HALF_VPN;
    if (isKernel ? v < 2 * KERNEL_HALF_VPN - reach : v >= reach)
      throw new InputError(
        `${plan.name}: address 0x${v.toString(16)}000 is not canonical with ${plan.levels}-level tables; ${plan.levels < LEVELS_MAX ? `pass --set translation.levels=${LEVELS_MAX}` : "the trace is not of this machine"}`,
      );
    let s = space[page] === lastSpace ? lastNumber : spaceNumber.get(space[page]);
    if (s === undefined) {
      s = tree.addSpace();
      spaceValues.push(space[page]);
      spaceNumber.set(space[page], s);
    }
    lastSpace = space[page];
    lastNumber = s;
    const level = mappedLevel(plan, space[page], v);
    let entry = page;
    if (isKernel && !isOneSpace) {
      entry = kernelEntries.get(v) ?? page;
      if (entry === page) kernelEntries.set(v, page);
      else {
        nextAliasOf[page] = nextAliasOf[entry];
        nextAliasOf[entry] = page;
      }
    }
    spaceOfPage[page] = s;
    kernel[page] = isKernel ? 1 : 0;
    entryOf[page] = entry;
    leafLevel[page] = level;
    leafNodeOf[page] = tree.nodeOf(s, v, isKernel, level);
    shadowNodeOf[page] = level <= hostLevel ? leafNodeOf[page] : tree.nodeOf(s, v, isKernel, hostLevel);
    if (level === 1) slotOf[page] = entry;
    else {
      const key = `${isKernel ? GLOBAL : s} ${level} ${prefixAt(v, level - 1)}`;
      const known = largeSlots.get(key);
      slotOf[page] = known ?? slots;
      if (known === undefined) largeSlots.set(key, slots++);
    }
  }
  const finished = tree.finish();
  checkTables(finished.tableOf.length, plan.name);
  const madeUp =
    plan.guestPages === "trace" || plan.guestPages === "4k"
      ? { ppnOf: new Int32Array(0), end: plan.configuredPages }
      : madeUpPpns(vpn, slotOf, pages, leafLevelOf(plan.guestPages), plan.configuredPages);
  const tables = tablePpns(finished, spaceValues, plan, madeUp.end);
  return {
    ...finished,
    levels: plan.levels,
    pages,
    spaceValues,
    vpnOf: vpn,
    spaceOfPage,
    kernel,
    entryOf,
    nextAliasOf,
    slotOf,
    slots,
    leafLevelOf: leafLevel,
    leafNodeOf,
    hostLevel,
    shadowNodeOf,
    madeUpPpnOf: madeUp.ppnOf,
    ...tables,
  };
}

/** Each large mapping gets whole pages of its own above the guest's memory. */
function madeUpPpns(vpn: Float64Array, slotOf: Int32Array, firstSlot: number, level: number, from: number) {
  const size = TABLE_ENTRIES ** (level - 1);
  const base = Math.ceil(from / size) * size;
  const ppnOf = new Int32Array(vpn.length);
  let end = base;
  for (let page = 0; page < vpn.length; page++) {
    const begin = base + (slotOf[page] - firstSlot) * size;
    ppnOf[page] = (begin + (vpn[page] % size)) | 0;
    end = Math.max(end, begin + size);
  }
  return { ppnOf, end: checkPpn(end) };
}

/** `tables`: as every address space sees them. */
export function checkTables(tables: number, name: string): void {
  if (tables > NODES_MAX)
    throw new InputError(
      `${name}: its pages lie so far apart, or in so many address spaces, that they see ${tables} page tables, and ${NODES_MAX} is the most; take a cut of the trace`,
    );
}

function tablePpns(
  { parentOf, spaceOf, tableOf }: TableTree,
  spaceValues: readonly number[],
  { spacesAreRoots, configuredPages }: GuestTablesPlan,
  from: number,
): Pick<GuestTables, "tablePpnOf" | "rootsKnown" | "ppnEnd"> {
  const tablePpnOf = new Int32Array(tableOf.length);
  let rootsKnown = 0;
  let ppnEnd = from;
  for (let node = 0; node < tableOf.length; node++) {
    const root = parentOf[node] === -1 && spacesAreRoots ? spaceValues[spaceOf[node]] / 4096 : 0;
    const isKnown = Number.isInteger(root) && root > 0 && root < configuredPages;
    if (isKnown) rootsKnown++;
    tablePpnOf[node] = tableOf[node] !== node ? tablePpnOf[tableOf[node]] : isKnown ? root : ppnEnd++ | 0;
  }
  return { tablePpnOf, rootsKnown, ppnEnd: checkPpn(ppnEnd) };
}

function checkPpn(end: number): number {
  if (end < 2 ** 32 - 1) return end;
  throw new InputError(`guest-physical memory does not fit: ${end} pages with the tables are more than 2^32; choose smaller guest pages`);
}

/** The node on a page's path whose table is of `level`; not below the leaf entry's. */
export function nodeAt({ leafNodeOf, levelOf, parentOf }: GuestTables, page: number, level: number): number {
  let node = leafNodeOf[page];
  while (levelOf[node] < level) node = parentOf[node];
  return node;
}
