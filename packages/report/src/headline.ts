import { formatPages } from "@tidemark/data/shapes";
import type { LedgerInstant } from "./ledger-instant.ts";
import { vmLabel } from "./vm-label.ts";

/** What the page is about: one VM at one instant. */
export function headline({ vm, counters: { consumed, active }, isOff }: LedgerInstant): string {
  if (isOff || !(consumed > 0)) return `Why ${vmLabel(vm)} consumes no memory`;
  return `Why ${vmLabel(vm)} consumes ${formatPages(consumed)} and touched ${formatPages(active)}`;
}
