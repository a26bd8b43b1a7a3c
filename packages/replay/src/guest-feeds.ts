import type { Trace } from "@tidemark/data/shapes";
import { createFeed, type Feed, type Player } from "./feed.ts";
import type { Guest } from "./guests.ts";

/** One feed per trace and offset; a VM of a trace that the scenario has n times is fed by n feeds. */
export function createFeeds(guests: readonly Guest[], player: Player): readonly Feed[] {
  const feeds: { readonly trace: Trace; readonly offsetNs: number; readonly hostVm: number[] }[] = [];
  guests.forEach(({ trace, traced, offsetNs }, v) => {
    const free = feeds.find((feed) => feed.trace === trace && feed.offsetNs === offsetNs && feed.hostVm[traced] === -1);
    if (free !== undefined) free.hostVm[traced] = v;
    else feeds.push({ trace, offsetNs, hostVm: trace.manifest.vms.map((_, t) => (t === traced ? v : -1)) });
  });
  return feeds.map(({ trace, hostVm, offsetNs }) => createFeed(trace, hostVm, player, offsetNs));
}
