import type { LedgerInstant } from "./ledger-instant.ts";
import { formatDuration, formatInstant } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";

/** Over a panel of a VM at an instant. */
export const instantLabel = ({ vm, counters }: LedgerInstant, windowNs: number): string =>
  `${vmLabel(vm)} at ${formatInstant(counters.time)}, window ${formatDuration(windowNs)}`;
