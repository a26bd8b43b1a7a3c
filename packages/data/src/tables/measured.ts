import { tableSpec, type Columns } from "../table.ts";

const time = { type: "time", unit: "ns", about: "instant of the measured sample, on the replay's clock" } as const;
const vm = { type: "text", unit: "", about: "virtual machine; empty: the host itself" } as const;

/**
 * What real hosts and guests count, each under the name of the column of `timeline` that it is to be held against, and what only a host as a whole has,
 * under that of `host`. `activeReported`, because a host's own `mem.active` is an estimate: nobody measures true active memory.
 */
export const measuredCounters = {
  configured: { type: "number", unit: "pages", about: "memory size of the VM" },
  granted: { type: "number", unit: "pages", about: "guest-physical pages backed by machine memory" },
  consumed: { type: "number", unit: "pages", about: "machine memory charged to the VM; of KVM the memory of the VM's process" },
  activeReported: { type: "number", unit: "pages", about: "active memory as the host's estimator reported it" },
  activewrite: { type: "number", unit: "pages", about: "written active memory as the host's estimator reported it" },
  guestUsed: { type: "number", unit: "pages", about: "MemTotal − MemFree, as the guest says" },
  shared: { type: "number", unit: "pages", about: "guest-physical memory that page sharing keeps copy-on-write" },
  vmmemctl: { type: "number", unit: "pages", about: "size of the balloon" },
  vmmemctltarget: { type: "number", unit: "pages", about: "size that the balloon is to have" },
  swapped: { type: "number", unit: "pages", about: "memory now in the host's swap file" },
  swaptarget: { type: "number", unit: "pages", about: "memory that is to be swapped" },
  swapin: { type: "number", unit: "pages", about: "read from the host's swap file, cumulative" },
  swapout: { type: "number", unit: "pages", about: "written to the host's swap file, cumulative" },
  zipped: { type: "number", unit: "pages", about: "guest memory now compressed" },
  zipSaved: { type: "number", unit: "pages", about: "machine memory that compression saves" },
  overhead: { type: "number", unit: "pages", about: "memory that the hypervisor keeps for the VM" },
  entitlement: { type: "number", unit: "pages", about: "what the scheduler says the VM is entitled to" },
  machine: { type: "number", unit: "pages", about: "machine memory of the host" },
  free: { type: "number", unit: "pages", about: "machine memory that nobody has" },
  minFree: { type: "number", unit: "pages", about: "what the host wants to be free" },
  sharedCommon: { type: "number", unit: "pages", about: "machine memory that page sharing keeps for all of shared" },
  state: { type: "number", unit: "", about: "state of free memory by the host's own number: 0 high, the larger the scarcer" },
} as const satisfies Columns;

export type MeasuredCounter = keyof typeof measuredCounters;

/** What a host has and no VM. */
export const HOST_COUNTERS: readonly MeasuredCounter[] = ["machine", "free", "minFree", "sharedCommon", "state"];

export const MEASURED_COUNTERS = Object.keys(measuredCounters) as readonly MeasuredCounter[]; // the object's own keys

export const measuredTable = tableSpec({
  name: "measured",
  about: "counters of real hosts and guests at their own samples, under the names of timeline; unknown where the source does not say",
  columns: { time, vm, ...measuredCounters },
});

export const measuredDifferencesTable = tableSpec({
  name: "measured-differences",
  about: "how far a simulated counter is from the measured one, over the measured samples that lie in the replay",
  columns: {
    vm,
    counter: { type: "text", unit: "", about: "column of measured; of the host what the simulated one has the same of" },
    samples: { type: "count", unit: "events", about: "measured samples with a simulated value: the last sample at or before them" },
    measured: { type: "number", unit: "pages", about: "mean of the measured values" },
    simulated: { type: "number", unit: "pages", about: "mean of the simulated values" },
    bias: { type: "number", unit: "pages", about: "mean of simulated less measured: negative where the replay counts too little" },
    error: { type: "number", unit: "pages", about: "root of the mean squared difference" },
    correlation: {
      type: "number",
      unit: "%",
      about: "Pearson's correlation of the two series, 100 at most; unknown where one of them does not change",
    },
  },
});

export const estimatorFitTable = tableSpec({
  name: "estimator-fit",
  about: "gains of esx-sampler fitted to measured active memory, and what the fit leaves open; percentages are of the VM's size",
  columns: {
    vm,
    truth: {
      type: "text",
      unit: "",
      about: "where the touched share is from: replayed, or steady where it is taken to be the same all the time",
    },
    periods: { type: "count", unit: "events", about: "sample periods with a report" },
    slow: { type: "number", unit: "", about: "gain of the slow average that fits best" },
    slowLow: { type: "number", unit: "", about: "least gain of the slow average that fits nearly as well (95 % likelihood ratio)" },
    slowHigh: { type: "number", unit: "", about: "largest such gain" },
    fast: { type: "number", unit: "", about: "gain of the fast average that fits best" },
    fastLow: { type: "number", unit: "", about: "least gain of the fast average that fits nearly as well (95 % likelihood ratio)" },
    fastHigh: { type: "number", unit: "", about: "largest such gain" },
    share: { type: "number", unit: "%", about: "touched per period, in the mean" },
    error: { type: "number", unit: "%", about: "root mean square of the reports less what the fit foretells one period ahead" },
    drawn: { type: "number", unit: "%", about: "standard deviation of one draw of the sample at that share" },
    unexplained: { type: "number", unit: "%", about: "standard deviation of what neither the draw nor the averages explain" },
  },
});
