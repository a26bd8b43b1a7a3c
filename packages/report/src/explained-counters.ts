import type { ExplainedCounter, LedgerInstant } from "./ledger-instant.ts";

/** A counter as a number line and a table show it. */
export interface CounterWords {
  readonly counter: ExplainedCounter;
  /** On a number line. */
  readonly short: string;
  readonly words: string;
  readonly meaning: string;
}

const HOST: readonly CounterWords[] = [
  {
    counter: "configured",
    short: "configured",
    words: "configured",
    meaning: "The memory size the VM was given; the guest sees this much.",
  },
  { counter: "granted", short: "granted", words: "granted", meaning: "Guest memory that has machine memory behind it." },
  {
    counter: "consumed",
    short: "consumed",
    words: "consumed",
    meaning: "Machine memory charged to the VM: granted, less what page sharing saves.",
  },
];
const ACTIVE: readonly CounterWords[] = [
  {
    counter: "activeReported",
    short: "active, reported",
    words: "active, as the estimator reports it",
    meaning: "What a hypervisor would say, from a sample of pages.",
  },
  { counter: "active", short: "active, true", words: "active, true", meaning: "Resident pages that were touched in the window, counted." },
];
const USED: CounterWords = {
  counter: "guestUsed",
  short: "used, says the guest",
  words: "used, as the guest says",
  meaning: "MemTotal − MemFree of the guest's own /proc/meminfo.",
};
const ALLOCATED: CounterWords = {
  counter: "guestAllocated",
  short: "allocated in the guest",
  words: "allocated in the guest since tracing began",
  meaning: "What it allocated less what it freed: the guest's own view as far as the trace shows it.",
};

/** What the host gives. */
export const HOST_COUNTERS = HOST;

/** What is used of it; of the guest's two views the better one. */
export const usedCounters = ({ counters }: LedgerInstant): readonly CounterWords[] => [
  ...ACTIVE,
  Number.isNaN(counters.guestUsed) ? ALLOCATED : USED,
];
