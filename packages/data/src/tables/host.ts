import { tableSpec } from "../table.ts";

export const hostTable = tableSpec({
  name: "host",
  about: "memory of the host at every sample: states, thresholds, who has its frames",
  columns: {
    time: { type: "time", unit: "ns", about: "instant, on the replay's clock" },
    state: { type: "text", unit: "", about: "state of free memory: high, clear, soft, hard, low" },
    free: { type: "count", unit: "pages", about: "frames that nobody has" },
    machine: { type: "count", unit: "pages", about: "machine memory" },
    granted: { type: "count", unit: "pages", about: "guest-physical pages of all VMs with memory behind them" },
    consumed: { type: "count", unit: "pages", about: "frames that hold pages of VMs" },
    sharedCommon: { type: "count", unit: "pages", about: "frames that page sharing keeps" },
    sharedIntra: { type: "count", unit: "pages", about: "of these, frames with several references, all of one VM" },
    sharedInter: { type: "count", unit: "pages", about: "of these, frames with references of several VMs" },
    zipCache: { type: "count", unit: "pages", about: "frames of compression caches" },
    overhead: { type: "count", unit: "pages", about: "frames that the hypervisor keeps for itself and for the VMs" },
    minFree: { type: "count", unit: "pages", about: "what the host wants to be free" },
    clear: { type: "count", unit: "pages", about: "free memory below which the state is clear" },
    soft: { type: "count", unit: "pages", about: "below which it is soft" },
    hard: { type: "count", unit: "pages", about: "below which it is hard" },
    low: { type: "count", unit: "pages", about: "below which it is low" },
  },
});
