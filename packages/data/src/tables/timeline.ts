import { tableSpec, type Columns } from "../table.ts";

/** What one VM's counters say at one instant; names are vSphere's where vSphere has them. Shared by `timeline` and `instants`. */
export const counterColumns = {
  time: {
    type: "time",
    unit: "ns",
    about: "instant, on the replay's clock: the trace's own, unless the VM starts later or its waits delay it",
  },
  vm: { type: "text", unit: "", about: "virtual machine" },
  configured: { type: "count", unit: "pages", about: "memory size the VM was given" },
  granted: { type: "count", unit: "pages", about: "guest-physical pages backed by machine memory" },
  consumed: { type: "number", unit: "pages", about: "machine memory charged to the VM: granted less what sharing saves" },
  unbacked: { type: "count", unit: "pages", about: "guest-physical pages without memory behind them: never backed, or given back" },
  active: { type: "count", unit: "pages", about: "true active: resident pages touched in the window before the instant" },
  activewrite: { type: "count", unit: "pages", about: "resident pages written in the window before the instant" },
  activeReported: {
    type: "count",
    unit: "pages",
    about: "active as the chosen estimator reports it; unknown before its first full period and of a VM that is off",
  },
  activeNotResident: { type: "count", unit: "pages", about: "pages touched in the window that are no longer resident" },
  freed: { type: "count", unit: "pages", about: "resident, not active, and free in the guest's own allocator" },
  allocatorUnknown: { type: "count", unit: "pages", about: "resident pages on which the trace has no alloc or free event" },
  guestUsed: { type: "count", unit: "pages", about: "MemTotal − MemFree by the guest's last /proc/meminfo sample; unknown without one" },
  guestOutside: { type: "count", unit: "pages", about: "configured memory outside the guest's MemTotal; unknown without meminfo" },
  guestAllocated: {
    type: "number",
    unit: "pages",
    about: "pages whose last guest event is an alloc: allocated since tracing began; unknown without events",
  },
  shared: { type: "count", unit: "pages", about: "resident pages whose frame page sharing keeps copy-on-write" },
  vmmemctl: { type: "count", unit: "pages", about: "size of the balloon" },
  vmmemctltarget: { type: "count", unit: "pages", about: "size that the balloon is to have" },
  swapped: { type: "count", unit: "pages", about: "pages now in the host's swap file; they come back when they are touched" },
  swaptarget: { type: "count", unit: "pages", about: "pages still to be compressed or swapped for the last balance" },
  swapin: { type: "count", unit: "pages", about: "pages read from the host's swap file, cumulative" },
  swapout: {
    type: "count",
    unit: "pages",
    about: "pages given to the host's swap file, cumulative; those it still had are not written again",
  },
  zipped: { type: "count", unit: "pages", about: "pages now compressed" },
  zipCache: { type: "count", unit: "pages", about: "machine pages of the compression cache; not in consumed" },
  zipSaved: { type: "number", unit: "pages", about: "zipped less zipCache" },
  overhead: { type: "count", unit: "pages", about: "memory that the hypervisor keeps for the VM; not in consumed" },
  entitlement: {
    type: "number",
    unit: "pages",
    about: "what shares, reservation, limit and activity entitle the VM to; unknown where memory is never scarce",
  },
  target: { type: "number", unit: "pages", about: "what the last balance left the VM; unknown where memory is never scarce" },
  faults: { type: "count", unit: "faults", about: "first touches that had to back a page or block, cumulative" },
  zeroed: { type: "count", unit: "pages", about: "machine pages zeroed before they were given out, cumulative" },
  outsideAccesses: { type: "count", unit: "accesses", about: "accesses at or beyond the configured size, cumulative; they take no part" },
} as const satisfies Columns;

export const timelineTable = tableSpec({ name: "timeline", about: "counters of every VM at every sample", columns: counterColumns });
