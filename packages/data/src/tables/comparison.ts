import { tableSpec } from "../table.ts";

const name = { type: "text", unit: "", about: "name of the case" } as const;
const span = { type: "time", unit: "ns", about: "length of the replay" } as const;

export const casesTable = tableSpec({
  name: "cases",
  about: "alternatives that were replayed, a row each, and what the baseline has beside them",
  columns: {
    case: name,
    role: { type: "text", unit: "", about: "baseline: what all differences are to; empty: an alternative" },
    failed: { type: "text", unit: "", about: "why the case has no figures; empty: it has" },
    machine: { type: "count", unit: "pages", about: "machine memory of the host; unknown where memory is never scarce" },
    span,
    consumed: { type: "number", unit: "pages", about: "machine memory that VMs hold, compression caches with it: mean over the samples" },
    saved: { type: "number", unit: "pages", about: "what the baseline holds more; negative: less" },
    stall: { type: "number", unit: "ns", about: "what all VMs waited, at the scenario's costs" },
    swapin: { type: "count", unit: "pages", about: "pages read from the host's swap files" },
    dominated: {
      type: "text",
      unit: "",
      about: "a case that holds no more and waits no longer, and is better in one of the two; empty: there is none",
    },
  },
});

export const caseParametersTable = tableSpec({
  name: "case-parameters",
  about: "in what the cases differ: the values that each puts into the scenario",
  columns: {
    case: name,
    parameter: { type: "text", unit: "", about: "path in the scenario" },
    value: { type: "text", unit: "", about: "its value, as it was written" },
  },
});

export const differencesTable = tableSpec({
  name: "differences",
  about: "every VM in every case, and its differences to the same VM in the baseline",
  columns: {
    case: name,
    vm: { type: "text", unit: "", about: "virtual machine" },
    span,
    consumed: {
      type: "number",
      unit: "pages",
      about: "machine memory that the VM holds, its compression cache with it: mean over the samples",
    },
    saved: { type: "number", unit: "pages", about: "what it holds more in the baseline; negative: less" },
    stall: { type: "number", unit: "ns", about: "what it waited, at the scenario's costs" },
    stallMore: { type: "number", unit: "ns", about: "of that, beyond what it waits in the baseline; negative: less" },
    swapin: { type: "count", unit: "pages", about: "pages read from the host's swap file" },
    swapinMore: { type: "number", unit: "pages", about: "of these, beyond the baseline's" },
    cycles: {
      type: "number",
      unit: "cycles",
      about: "cost of address translation; unknown where it was not counted, or in several ways (modes, cores, page sizes)",
    },
    cyclesMore: { type: "number", unit: "cycles", about: "of these, beyond the baseline's" },
    activeError: {
      type: "number",
      unit: "pages",
      about: "how far reported active memory is from true active memory: mean of the distances at the samples that have a report",
    },
    activeErrorMore: { type: "number", unit: "pages", about: "of that, beyond the baseline's" },
  },
});
