import { twoQ } from "./policies/2q.ts";
import { arc } from "./policies/arc.ts";
import { belady } from "./policies/belady.ts";
import { clock } from "./policies/clock.ts";
import { fifo } from "./policies/fifo.ts";
import { lfu } from "./policies/lfu.ts";
import { lirs } from "./policies/lirs.ts";
import { lru } from "./policies/lru.ts";
import { mglru } from "./policies/mglru.ts";
import { random } from "./policies/random.ts";
import { s3fifo } from "./policies/s3fifo.ts";
import { secondChance } from "./policies/second-chance.ts";
import { sieve } from "./policies/sieve.ts";
import { slru } from "./policies/slru.ts";
import { wsclock } from "./policies/wsclock.ts";
import type { Policy } from "./policy.ts";

/** Every victim policy. To add one: a file in policies/, and its line here. */
export const policies: readonly Policy[] = [
  random,
  fifo,
  clock,
  secondChance,
  lru,
  lfu,
  sieve,
  slru,
  twoQ,
  arc,
  lirs,
  s3fifo,
  mglru,
  wsclock,
  belady,
];
