import { formatTime, InputError } from "@tidemark/data/shapes";
import type { Guest } from "./guests.ts";

/**
 * First and last access of all VMs, ns. Where none has accesses of its own, VMs that run on their contents alone do so for `spanNs`.
 * InputError where there is nothing to replay, or no knowing how long.
 */
export function spanOf(guests: readonly Guest[], spanNs?: number): { readonly originNs: number; readonly endNs: number } {
  for (const { name, facts, stopNs } of guests) {
    if (facts.firstNs !== null && stopNs <= facts.firstNs)
      throw new InputError(
        `${name}: stops at ${formatTime(stopNs)}, and does not start before ${formatTime(facts.firstNs)}; let it stop later`,
      );
  }
  const origins = guests.flatMap(({ facts }) => (facts.firstNs === null ? [] : [facts.firstNs]));
  const lasts = guests.flatMap(({ facts }) => (facts.rows === 0 || facts.lastNs === null ? [] : [facts.lastNs]));
  const late = guests.find(({ facts }) => facts.lastNs !== null && facts.lastNs > Number.MAX_SAFE_INTEGER);
  if (late !== undefined) throw new InputError(`${late.name}: its last access would be 2^53 ns (104 days) or later; let it start earlier`);
  const originNs = Math.min(...origins);
  if (lasts.length > 0) {
    if (spanNs === undefined) return { originNs, endNs: Math.max(...lasts) };
    throw new InputError("span: the replay runs from the first access of the traces to the last; leave it out");
  }
  const traces = [...new Set(guests.map(({ trace }) => trace.name))].join(", ");
  if (origins.length === 0) {
    const remedy = guests.some(({ facts }) => facts.contents > 0)
      ? "; their contents alone can be replayed on a host: give host.memory and span"
      : "";
    throw new InputError(`${traces}: no accesses to replay${remedy}`);
  }
  if (spanNs === undefined)
    throw new InputError(`${traces}: contents and no accesses, so no end; say how long to run, for example span: 1h`);
  return { originNs, endNs: originNs + spanNs };
}
