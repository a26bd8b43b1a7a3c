import { tableSpec } from "../table.ts";

export const stallsTable = tableSpec({
  name: "stalls",
  about: "what every VM waited for, cumulative, at every sample and at the end: how often, and how long at the scenario's costs",
  columns: {
    time: { type: "time", unit: "ns", about: "instant, on the replay's clock" },
    vm: { type: "text", unit: "", about: "virtual machine" },
    cause: { type: "text", unit: "", about: "what it waited for; causes that have not happened are left out" },
    events: { type: "count", unit: "events", about: "how often" },
    stall: { type: "number", unit: "ns", about: "events times the cost of the cause" },
  },
});

export const latencyTable = tableSpec({
  name: "latency",
  about: "how long access rows waited, over the whole replay; every row counts once, most did not wait",
  columns: {
    vm: { type: "text", unit: "", about: "virtual machine" },
    latency: { type: "number", unit: "ns", about: "what a row waited" },
    rows: { type: "count", unit: "accesses", about: "rows that waited so long" },
  },
});

export const reclaimTable = tableSpec({
  name: "reclaim",
  about: "what happened to every VM's pages, over the whole replay, mechanism by mechanism",
  columns: {
    vm: { type: "text", unit: "", about: "virtual machine" },
    counter: { type: "text", unit: "", about: "what was counted" },
    value: { type: "count", unit: "pages", about: "how many" },
  },
});
