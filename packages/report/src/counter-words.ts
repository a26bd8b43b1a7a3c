/** A VM's counters by their names in the run's tables, as legends call them. */
export const COUNTER_WORDS = {
  configured: "configured",
  granted: "granted: has machine memory behind it",
  consumed: "consumed: charged to the VM",
  guestUsed: "used, as the guest says",
  guestAllocated: "allocated in the guest since tracing began",
  activeReported: "active, as the estimator reports it",
  active: "active, true",
  activewrite: "active write, true",
  shared: "shared machine memory",
  vmmemctl: "in the balloon",
  vmmemctltarget: "in the balloon, as the host wants it",
  zipped: "compressed (zipped)",
  zipCache: "zip cache: machine memory for the compressed",
  swapped: "swapped by the host",
  unbacked: "unbacked: nothing behind it",
  target: "target of the last balance",
} as const;

/** A counter in its legend's words, without their explanation; other names as they are. */
export const counterWords = (name: string): string =>
  Object.entries(COUNTER_WORDS)
    .find(([counter]) => counter === name)?.[1]
    .replace(/:.*/, "") ?? name;
