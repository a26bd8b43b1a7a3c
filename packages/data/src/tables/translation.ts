import { tableSpec } from "../table.ts";

/** Columns that say of what a row of a translation table speaks. */
const what = {
  vm: { type: "text", unit: "", about: "virtual machine" },
  pages: {
    type: "text",
    unit: "",
    about: "page sizes of guest and host: guest/host; trace: as the guest's map events say, 4k where they do not",
  },
  core: { type: "text", unit: "", about: "processor core whose TLBs and walk caches are modelled" },
  mode: { type: "text", unit: "", about: "translation mode; trace for what the guest did whatever translates it" },
} as const;

export const translationTable = tableSpec({
  name: "translation",
  about: "address translation counted walk by walk, per VM, page sizes, core and mode",
  columns: {
    ...what,
    group: { type: "text", unit: "", about: "group of counters: guest, tlb, walks, references, exits, hypervisor" },
    counter: { type: "text", unit: "", about: "the counter's name within its group" },
    value: { type: "count", unit: "events", about: "how often, or how many pages where the counter says so" },
  },
});

export const exitsTable = tableSpec({
  name: "exits",
  about: "VM exits over time by reason, per VM, page sizes, core and mode; intervals without one are left out",
  columns: {
    time: { type: "time", unit: "ns", about: "end of the interval" },
    from: { type: "time", unit: "ns", about: "its beginning; the beginning of the trace belongs to the first" },
    ...what,
    reason: { type: "text", unit: "", about: "why the guest stopped and the hypervisor ran" },
    exits: { type: "count", unit: "events", about: "exits in (from, time]" },
  },
});

export const translationCostTable = tableSpec({
  name: "translation-cost",
  about: "cycles of translation by cause, priced with the scenario's costs",
  columns: {
    ...what,
    cause: { type: "text", unit: "", about: "what the cycles go to; access: what the accesses cost besides their translation" },
    cycles: { type: "number", unit: "cycles", about: "over the whole trace" },
    perAccess: { type: "number", unit: "cycles", about: "the same, per access" },
  },
});

export const breakEvenTable = tableSpec({
  name: "break-even",
  about: "the cost at which two modes cost the same, the other costs as they are",
  columns: {
    vm: what.vm,
    pages: what.pages,
    core: what.core,
    cost: {
      type: "text",
      unit: "",
      about: "the cost that is varied: exit (leaving the guest and coming back), reference (one memory reference of a walk)",
    },
    below: { type: "text", unit: "", about: "the cheaper mode where that cost is lower" },
    above: { type: "text", unit: "", about: "the cheaper mode where it is higher" },
    value: { type: "number", unit: "cycles", about: "where they are equal; empty: below is the cheaper one at any cost" },
    assumed: {
      type: "number",
      unit: "cycles",
      about: "the cost as it was assumed; empty: references to the guest's and the host's tables were given different ones",
    },
  },
});

export const bestModeTable = tableSpec({
  name: "best-mode",
  about: "the cheapest mode of a virtual machine at costs of an exit and of a reference: the break-even map",
  columns: {
    vm: what.vm,
    pages: what.pages,
    core: what.core,
    exit: { type: "number", unit: "cycles", about: "cost of leaving the guest and coming back" },
    reference: { type: "number", unit: "cycles", about: "cost of one memory reference of a walk, guest's and host's alike" },
    mode: { type: "text", unit: "", about: "the cheapest mode there; native is not asked, nor are proposals that no processor has" },
    perAccess: { type: "number", unit: "cycles", about: "what translation costs in it, per access" },
  },
});
