import { actionsTable, hostTable } from "@tidemark/data/shapes";
import type { Panel } from "../panel.ts";
import { HOST_STATES, isHostState, type HostState } from "./words.ts";

/** A time that the host spent in one state. */
export interface Visit {
  readonly state: HostState;
  readonly fromNs: number;
  readonly toNs: number;
  /** Free memory when it began; NaN for the first. */
  readonly freePages: number;
}

/** How a change of state begins its reason: `clear to soft: 5898 pages free, below 5899`. */
const CHANGE = /^(\w+) to (\w+):/;

/** Where the host was when, without gaps, to the instant of every change; none without a host under pressure. */
export function stateVisits({ manifest: { originNs, endNs }, rows }: Pick<Panel, "manifest" | "rows">): readonly Visit[] {
  const [sample] = rows(hostTable);
  if (sample === undefined) return [];
  const changes = rows(actionsTable).flatMap(({ time, action, pages, reason }) => {
    const [, from = "", to = ""] = action === "state" ? (CHANGE.exec(reason) ?? []) : [];
    return isHostState(from) && isHostState(to) ? [{ timeNs: Math.min(time, endNs), from, to, freePages: pages }] : [];
  });
  const first = changes[0]?.from ?? (isHostState(sample.state) ? sample.state : "high");
  const begins = [{ timeNs: originNs, to: first, freePages: NaN }, ...changes];
  return begins.map(({ timeNs, to, freePages }, i) => ({ state: to, fromNs: timeNs, toNs: begins[i + 1]?.timeNs ?? endNs, freePages }));
}

/** A state over a whole run. */
export interface StateTime {
  readonly state: HostState;
  readonly visits: number;
  readonly ns: number;
  /** NaN where the host never was in it. */
  readonly firstNs: number;
}

/** Every state, best first. */
export const stateTimes = (visits: readonly Visit[]): readonly StateTime[] =>
  HOST_STATES.map((state) => {
    const own = visits.filter((visit) => visit.state === state);
    return {
      state,
      visits: own.length,
      ns: own.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0),
      firstNs: own[0]?.fromNs ?? NaN,
    };
  });

/** The same for a drawing: visits of one state that are closer than `gapNs` become one. */
export function joinedVisits(visits: readonly Visit[], gapNs: number): readonly Visit[] {
  const joined: Visit[] = [];
  for (const state of HOST_STATES) {
    let open: Visit | undefined;
    for (const visit of visits) {
      if (visit.state !== state) continue;
      if (open !== undefined && visit.fromNs - open.toNs < gapNs) open = { ...open, toNs: visit.toNs };
      else {
        if (open !== undefined) joined.push(open);
        open = visit;
      }
    }
    if (open !== undefined) joined.push(open);
  }
  return joined;
}
