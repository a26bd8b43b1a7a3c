import { PAGE_SIZES, type PageSize } from "./page-size.ts";

/** Why the guest stopped and the hypervisor ran. */
export const EXIT_REASONS = ["hidden fault", "reflected fault", "page-table write", "cr3 load", "invlpg", "ept violation"] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];
export const [HIDDEN_FAULT, REFLECTED_FAULT, PAGE_TABLE_WRITE, CR3_LOAD, INVLPG_EXIT, EPT_VIOLATION] = [0, 1, 2, 3, 4, 5] as const;

/** Longest walk: five guest and five host levels, 6 · 6 − 1. */
const REFERENCES_MAX = 35;

/** What one mode on one core counted for one VM. Nothing here is priced. */
export interface Counters {
  accesses: number;
  /** By page size (position in PAGE_SIZES). */
  readonly l1Hits: Float64Array;
  readonly l2Hits: Float64Array;
  readonly misses: Float64Array;
  /** Walks by the number of memory references they took. */
  readonly walks: Float64Array;
  /** Of all references, those to the host's tables. */
  hostReferences: number;
  /** By position in EXIT_REASONS. */
  readonly exits: Float64Array;
  /** Unsynchronised shadow tables brought up to date. */
  resyncs: number;
  /** Shadow tables given up because the guest wrote them too often, or to stay within the bound. */
  unshadows: number;
  /** Subtrees that agile paging moved to nested, and back. */
  toNested: number;
  toShadow: number;
  /** Pages of tables the hypervisor keeps for the VM: now, and at most. */
  tablePages: number;
  tablePagesMax: number;
}

/** Of the numbers that the kernel counts itself: accesses, references to the host's tables, what is counted by size, walks, and exits. */
const ACCESSES = 0,
  HOST_REFERENCES = 1,
  BY_SIZE = 2,
  WALKS = BY_SIZE + 3 * PAGE_SIZES.length,
  EXITS = WALKS + REFERENCES_MAX + 1;
export const KERNEL_COUNTERS = EXITS + EXIT_REASONS.length;

/** `kernel`: KERNEL_COUNTERS numbers in the kernel's memory, laid out as wasm/translate-rows.ts has them. */
export function createCounters(kernel: Float64Array = new Float64Array(KERNEL_COUNTERS)): Counters {
  const bySize = (n: number): Float64Array => kernel.subarray(BY_SIZE + n * PAGE_SIZES.length, BY_SIZE + (n + 1) * PAGE_SIZES.length);
  return {
    get accesses() {
      return kernel[ACCESSES];
    },
    set accesses(n) {
      kernel[ACCESSES] = n;
    },
    l1Hits: bySize(0),
    l2Hits: bySize(1),
    misses: bySize(2),
    walks: kernel.subarray(WALKS, EXITS),
    get hostReferences() {
      return kernel[HOST_REFERENCES];
    },
    set hostReferences(n) {
      kernel[HOST_REFERENCES] = n;
    },
    exits: kernel.subarray(EXITS, KERNEL_COUNTERS),
    resyncs: 0,
    unshadows: 0,
    toNested: 0,
    toShadow: 0,
    tablePages: 0,
    tablePagesMax: 0,
  };
}

export function holdTables(counters: Counters, pages: number): void {
  counters.tablePages += pages;
  if (counters.tablePages > counters.tablePagesMax) counters.tablePagesMax = counters.tablePages;
}

/** One counter by its name. */
export interface Counted {
  readonly group: CounterGroup;
  readonly counter: string;
  readonly value: number;
}

/** Groups of counters, with what they count. */
const COUNTER_GROUPS = ["guest", "tlb", "walks", "references", "exits", "hypervisor"] as const;
export type CounterGroup = (typeof COUNTER_GROUPS)[number];

const sizes = (values: Float64Array, what: string): Counted[] =>
  PAGE_SIZES.map((size: PageSize, i) => ({ group: "tlb" as const, counter: `${what} ${size}`, value: values[i] }));

/** Every counter by name, in a fixed order; walk lengths that never happened are left out. */
export function listCounters(counters: Counters): Counted[] {
  const { walks, exits } = counters;
  const total = walks.reduce((sum, n) => sum + n, 0);
  const references = walks.reduce((sum, n, length) => sum + n * length, 0);
  return [
    { group: "tlb", counter: "accesses", value: counters.accesses },
    ...sizes(counters.l1Hits, "L1 hits"),
    ...sizes(counters.l2Hits, "L2 hits"),
    ...sizes(counters.misses, "misses"),
    { group: "walks", counter: "all", value: total },
    ...[...walks].flatMap((value, length) => (value === 0 ? [] : [{ group: "walks" as const, counter: `${length} references`, value }])),
    { group: "references", counter: "all", value: references },
    { group: "references", counter: "host tables", value: counters.hostReferences },
    ...EXIT_REASONS.map((counter, i) => ({ group: "exits" as const, counter, value: exits[i] })),
    { group: "hypervisor", counter: "resyncs", value: counters.resyncs },
    { group: "hypervisor", counter: "unshadowed tables", value: counters.unshadows },
    { group: "hypervisor", counter: "subtrees to nested", value: counters.toNested },
    { group: "hypervisor", counter: "subtrees to shadow", value: counters.toShadow },
    { group: "hypervisor", counter: "table pages at the end", value: counters.tablePages },
    { group: "hypervisor", counter: "table pages at most", value: counters.tablePagesMax },
  ];
}
