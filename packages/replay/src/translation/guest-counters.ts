import type { Counted } from "./counters.ts";

/** What the guest itself did, whatever translates it. */
export interface GuestCounters {
  cr3Loads: number;
  /** Of these, seen only by a row of another space. */
  cr3LoadsImplied: number;
  invlpgs: number;
  /** Of these, seen only by an entry that changed. */
  invlpgsImplied: number;
  faults: number;
  /** Entries of page tables written, where the trace tells which. */
  tableWrites: number;
  /** Faults and mappings whose write the trace does not locate. */
  writesNotLocated: number;
  /** User-half entries that changed where order or address space is not known: a write, or another space. */
  ambiguousChanges: number;
  outsideMemory: number;
}

export const noGuestCounters = (): GuestCounters => ({
  cr3Loads: 0,
  cr3LoadsImplied: 0,
  invlpgs: 0,
  invlpgsImplied: 0,
  faults: 0,
  tableWrites: 0,
  writesNotLocated: 0,
  ambiguousChanges: 0,
  outsideMemory: 0,
});

export const listGuestCounters = (counters: GuestCounters): Counted[] => [
  { group: "guest", counter: "cr3 loads", value: counters.cr3Loads },
  { group: "guest", counter: "cr3 loads implied", value: counters.cr3LoadsImplied },
  { group: "guest", counter: "invlpgs", value: counters.invlpgs },
  { group: "guest", counter: "invlpgs implied", value: counters.invlpgsImplied },
  { group: "guest", counter: "page faults", value: counters.faults },
  { group: "guest", counter: "page-table writes", value: counters.tableWrites },
  { group: "guest", counter: "page-table writes not located", value: counters.writesNotLocated },
  { group: "guest", counter: "ambiguous changes", value: counters.ambiguousChanges },
  { group: "guest", counter: "accesses outside memory", value: counters.outsideMemory },
];
