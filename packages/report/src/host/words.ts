/** States of a host's free memory, best first. */
export const HOST_STATES = ["high", "clear", "soft", "hard", "low"] as const;
export type HostState = (typeof HOST_STATES)[number];

export const isHostState = (name: string): name is HostState => HOST_STATES.some((state) => state === name);

/** What a host does in a state, for readers who do not know the field's words. */
export function stateMeaning(state: HostState): string {
  switch (state) {
    case "high":
      return "Enough is free. Page sharing looks for equal pages; balloons are let go.";
    case "clear":
      return "A little less than wanted is free. Large pages are broken so that they can be shared; balloons are held.";
    case "soft":
      return "Balloons grow: the guests themselves choose what to give up.";
    case "hard":
      return "Balloons are too slow: the host takes pages without asking and compresses or swaps them.";
    case "low":
      return "Hardly anything is free: as hard, and a VM that has more than its target waits for each new page.";
  }
}

/** How a host gets memory back, for readers who do not know the field's words. */
export const mechanismMeanings: readonly (readonly [term: string, meaning: string])[] = [
  ["minFree", "What the host wants to be free at all times. All its thresholds are parts of it."],
  [
    "balloon",
    "A driver in the guest that takes pages from the guest and hands the memory behind them to the host. The guest chooses which: free ones first, then what it can page out itself.",
  ],
  ["page sharing", "Pages of equal content, most often zeros, are kept once. A write to one of them gets its own copy again."],
  [
    "compression",
    "A page that would be swapped is kept in a smaller form in memory (zipped) if it shrinks enough; a touch brings it back in microseconds.",
  ],
  ["swap", "The host writes a page to its own swap file without asking the guest; a touch has to wait for a read."],
  ["double paging", "The guest pages out a page that the host has already swapped: it is read only to be written again."],
  [
    "entitlement",
    "What the host's allocation says a VM deserves: by its shares between its reservation and its limit, less for idle memory.",
  ],
  [
    "idle memory tax",
    "A page that a VM does not use counts more against its shares than one that it uses, so that idle memory is taken first.",
  ],
  ["being blocked", "A VM that has more than its target must give a page of its own before it gets another, and waits for that."],
];

/** Why a VM gives before others, by the words of an action's reason. */
const STANDINGS: ReadonlyMap<string, string> = new Map([
  ["above its limit", "it is above its own limit, whatever the host has free"],
  ["taxed for idle pages", "for its shares it holds much memory that it does not use (the idle memory tax)"],
  ["by its shares per page", "it holds much memory for its shares"],
  ["all of it reserved", "all that it holds is reserved for it"],
]);

export const standingWords = (standing: string): string => STANDINGS.get(standing) ?? standing;
