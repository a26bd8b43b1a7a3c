import type { Player } from "./feed.ts";
import { createFeeds } from "./guest-feeds.ts";
import type { Guest } from "./guests.ts";

/** Where the VMs of a replay run: it plays their traces up to an instant, then does what is due at it. */
export interface Stage {
  advance(untilNs: number): Promise<void>;
  /** Everything up to and including `timeNs` has been played, and the estimators' periods that end there have ended. */
  tick(timeNs: number): void;
  rows(): number;
  close(): Promise<void>;
}

/** A host that is never short of memory: nothing is ever due. */
export function uncontendedStage(guests: readonly Guest[], player: Player): Stage {
  const feeds = createFeeds(guests, player);
  return {
    async advance(untilNs) {
      for (const feed of feeds) await feed.advance(untilNs);
    },
    tick() {},
    rows: () => feeds.reduce((sum, feed) => sum + feed.rows(), 0),
    async close() {
      for (const feed of feeds) await feed.close();
    },
  };
}
