import type { LedgerClass } from "@tidemark/data/shapes";
import { formatDuration, formatDurations } from "./time-unit.ts";

/** The classes of resident memory from the bottom of a stack to its top: most to least in use. */
export const STACK_ORDER = ["active", "idle1", "idle5", "idle30", "freed", "slack"] as const satisfies readonly LedgerClass[];

/** A ledger class in a few words, for legends and labels. */
export function classWords(cls: LedgerClass, windowNs: number): string {
  switch (cls) {
    case "active":
      return `active: touched in the last ${formatDuration(windowNs)}`;
    case "slack":
      return "never touched by the guest";
    case "freed":
      return "freed by the guest, still backed";
    case "idle1":
      return `last touched ${formatDurations(windowNs, 5 * windowNs)} ago`;
    case "idle5":
      return `last touched ${formatDurations(5 * windowNs, 30 * windowNs)} ago`;
    case "idle30":
      return `not touched for ${formatDuration(30 * windowNs)} or more`;
    case "sharing":
      return "saved by page sharing";
  }
}

/** What it means that memory is in a class, in a sentence. */
export function classMeaning(cls: LedgerClass): string {
  switch (cls) {
    case "active":
      return "In use: the guest read, wrote or ran it within the window.";
    case "slack":
      return "Backed only because memory is given out in 2 MB blocks; the guest never touched these pages.";
    case "freed":
      return "The guest's own allocator has it on its free lists, but the host is not told and keeps the machine memory behind it.";
    case "idle1":
      return "Not known to be freed, and rested for a short while; taking it back is likely to hurt.";
    case "idle5":
      return "Not known to be freed, and rested for a while; a candidate for reclaiming, at some risk.";
    case "idle30":
      return "Not known to be freed, and cold; of idle memory, the first candidate for reclaiming.";
    case "sharing":
      return "A credit: pages that share one machine page are charged in parts, so consumed is less than granted.";
  }
}
