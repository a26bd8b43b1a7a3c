import { tableSpec, type Columns } from "../table.ts";

/**
 * The classes of resident memory in the order of the ledger: a page falls into the first that fits.
 * consumed − active is the sum of all but `active`; `sharing` is a credit ≤ 0.
 */
export const LEDGER_CLASSES = ["active", "slack", "freed", "idle1", "idle5", "idle30", "sharing"] as const;
export type LedgerClass = (typeof LEDGER_CLASSES)[number];

/** What a page is used for, as far as the guest's allocation flags tell. */
export const PAGE_KINDS = ["anonymous", "page cache", "kernel", "free", "unknown"] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

const classed = {
  class: { type: "text", unit: "", about: "ledger class: active, slack, freed, idle1, idle5, idle30, sharing" },
  kind: { type: "text", unit: "", about: "use of the pages by the guest's allocation flags: anonymous, page cache, kernel, free, unknown" },
  pages: { type: "number", unit: "pages", about: "resident pages in this class" },
  returns: {
    type: "number",
    unit: "pages",
    about: "of these, touched again in the rest of the trace; idle classes only, unknown near the end",
  },
  notSeenAgain: {
    type: "number",
    unit: "pages",
    about: "of these, not touched in the rest of the trace; idle classes only, unknown near the end",
  },
} as const satisfies Columns;

export const gapTable = tableSpec({
  name: "gap",
  about: "where consumed memory is at every sample, by ledger class and kind; rows with 0 pages are left out",
  columns: {
    time: { type: "time", unit: "ns", about: "sample instant" },
    vm: { type: "text", unit: "", about: "virtual machine" },
    ...classed,
  },
});

export const ledgerTable = tableSpec({
  name: "ledger",
  about: "where consumed memory is at the instants that were asked for, by class, owner and kind",
  columns: {
    asked: { type: "text", unit: "", about: "the instant as it was asked for" },
    time: { type: "time", unit: "ns", about: "the instant" },
    vm: { type: "text", unit: "", about: "virtual machine" },
    owner: {
      type: "text",
      unit: "",
      about: "who allocated the pages last (pid N), else the last user address space that touched them, else kernel",
    },
    ...classed,
  },
});
