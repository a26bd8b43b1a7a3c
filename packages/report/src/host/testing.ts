import { actionsTable, hostTable, latencyTable, reclaimTable, stallsTable, tableOf, type Row, type Table } from "@tidemark/data/shapes";

/** Share of a VM's pages that the host has taken, by where they are now. */
export interface Away {
  readonly ballooned: number;
  readonly zipped: number;
  readonly swapped: number;
}

/** An example's host: what is taken from its VMs in time. */
export interface ExampleHost {
  readonly tables: readonly Table[];
  awayAt(time: number, v: number): Away;
  /** Pages of a VM that share their frames, and how many frames that saves. */
  sharedAt(time: number, v: number): { readonly shared: number; readonly saved: number };
}

const S = 1e9;
/** Reclaim is so far behind the VMs' growth; s. */
const LAG = 0.3;
/** When pages that were swapped out are touched again; s. */
const RETURN = 5;
const RETURN_FOR = 0.4;
const OVERHEAD = 2_000;
/** A little more than minFree is left when reclaim has caught up. */
const SPARE = 600;
const MIN_FREE = 6_000;
/** Of minFree (docs/host.md, States: clear 100 %, soft 64, hard 32, low 16). */
const THRESHOLDS = [Infinity, 6_000, 3_840, 1_920, 960];
const STATES = ["high", "clear", "soft", "hard", "low"] as const;
const STEPS = 700;
const COSTS = { "first touch": 1_500, zeroing: 500, decompression: 15_000, "swap-in": 150_000, "guest swap-in": 150_000, blocked: 150_000 };

/**
 * A host for the example's VMs that gives them 80 % of what they touch: they outgrow it at 1.9 s, reclaim follows a little later, so that
 * free memory falls through all states and recovers; at 5 s swapped pages are touched again. `sizeAt`: pages that a VM ever touched, in s.
 * Free memory follows from who has what, states from free memory; a fifth of what is taken is ballooned with nothing behind it.
 */
export function exampleHost(vms: readonly string[], samples: number, endNs: number, sizeAt: (t: number, v: number) => number): ExampleHost {
  const peaks = vms.map((_, v) => sizeAt(endNs / S, v));
  const keptOf = (v: number): number => Math.round(0.8 * (peaks[v] ?? 0));
  const scale = peaks.reduce((sum, peak) => sum + peak, 0) / 56_275;
  const scaled = (pages: number): number => Math.round(pages * scale);
  const takenAt = (t: number, v: number): number => {
    const wanted = Math.max(0, sizeAt(Math.max(0, t - LAG), v) - keptOf(v));
    const back = t >= RETURN && t < RETURN + RETURN_FOR ? 0.3 : 0;
    return Math.round(wanted * (1 - back));
  };
  const awayAt = (time: number, v: number): Away => {
    const taken = takenAt(time / S, v);
    const ballooned = Math.round(taken * 0.5);
    const zipped = Math.round(taken * 0.2);
    return { ballooned, zipped, swapped: taken - ballooned - zipped };
  };
  const sharedAt = (time: number, v: number) => {
    const shared = Math.round(sizeAt(time / S, v) * 0.04 * (time / endNs));
    return { shared, saved: Math.floor(shared * 0.75) };
  };
  const cacheOf = ({ zipped }: Away): number => Math.ceil(zipped / 2);
  const sum = (of: (v: number) => number): number => vms.reduce((total, _, v) => total + of(v), 0);
  const consumedAt = (time: number): number =>
    sum((v) => {
      const { ballooned, zipped, swapped } = awayAt(time, v);
      return sizeAt(time / S, v) - ballooned - zipped - swapped - sharedAt(time, v).saved;
    });
  const cachesAt = (time: number): number => sum((v) => cacheOf(awayAt(time, v)));
  const machine = scaled(OVERHEAD + MIN_FREE + SPARE) + sum((v) => keptOf(v)) + cachesAt(endNs) - sum((v) => sharedAt(endNs, v).saved);
  const freeAt = (time: number): number => machine - scaled(OVERHEAD) - consumedAt(time) - cachesAt(time);
  const stateAt = (time: number): number => THRESHOLDS.findLastIndex((below) => freeAt(time) < scaled(below));

  const actions: Row<typeof actionsTable.columns>[] = [];
  for (let i = 1, state = stateAt(0); i <= STEPS; i++) {
    const time = Math.round((i * endNs) / STEPS);
    const next = stateAt(time);
    if (next === state) continue;
    const free = freeAt(time);
    const reason = `${STATES[state] ?? ""} to ${STATES[next] ?? ""}: ${free} pages free, ${next > state ? "below" : "at or above"} ${scaled(THRESHOLDS[Math.max(state, next)] ?? 0)}`;
    actions.push({ time, vm: "", action: "state", pages: free, reason });
    if (next > state && next > 1) {
      const need = Math.max(0, scaled(MIN_FREE + SPARE) - free);
      actions.push({ time, vm: "", action: "balance", pages: need, reason: `state ${STATES[next] ?? ""}: ${free} pages free` });
      vms.forEach((vm, v) => {
        const pages = Math.floor(need / vms.length);
        const why = v === 0 ? "taxed for idle pages" : "by its shares per page";
        const target = sizeAt(time / S, v) - pages;
        actions.push({
          time,
          vm,
          action: "target",
          pages,
          reason: `need: number ${v + 1} of ${vms.length} to give, ${why} (rho 0.0443098); holds ${target + pages}, target ${target}, balloon to ${pages}, page out 0`,
        });
        actions.push({ time: time + 1, vm, action: "balloon", pages, reason: "need" });
      });
    }
    state = next;
  }

  const host: Row<typeof hostTable.columns>[] = [];
  const stalls: Row<typeof stallsTable.columns>[] = [];
  for (let i = 0; i < samples; i++) {
    const time = Math.round((i * endNs) / (samples - 1));
    const shared = sum((v) => sharedAt(time, v).shared);
    const saved = sum((v) => sharedAt(time, v).saved);
    host.push({
      time,
      state: STATES[stateAt(time)] ?? "",
      free: freeAt(time),
      machine,
      granted: consumedAt(time) + saved,
      consumed: consumedAt(time),
      sharedCommon: shared - saved,
      sharedIntra: Math.floor((shared - saved) * 0.7),
      sharedInter: Math.floor((shared - saved) * 0.2),
      zipCache: cachesAt(time),
      overhead: scaled(OVERHEAD),
      minFree: scaled(MIN_FREE),
      clear: scaled(MIN_FREE),
      soft: scaled(THRESHOLDS[2] ?? 0),
      hard: scaled(THRESHOLDS[3] ?? 0),
      low: scaled(THRESHOLDS[4] ?? 0),
    });
    vms.forEach((vm, v) => {
      for (const [cause, events] of Object.entries(eventsAt(time / S, sizeAt(time / S, v))))
        if (events > 0) stalls.push({ time, vm, cause, events, stall: events * costOf(cause) });
    });
  }
  return {
    awayAt,
    sharedAt,
    tables: [
      tableOf(hostTable, host),
      tableOf(actionsTable, actions),
      tableOf(stallsTable, stalls),
      tableOf(
        latencyTable,
        vms.flatMap((vm) => [
          { vm, latency: 0, rows: 1_440_000 },
          { vm, latency: 2_000, rows: 56_000 },
          { vm, latency: 150_000, rows: 3_900 },
          { vm, latency: 2_102_000, rows: 100 },
        ]),
      ),
      tableOf(
        reclaimTable,
        vms.flatMap((vm, v) => {
          const { ballooned, zipped, swapped } = awayAt(endNs, v);
          const counts = {
            swapIn: Math.round(swapped * 0.3),
            swapOut: Math.round(swapped * 1.3),
            zipped,
            shared: sharedAt(endNs, v).shared,
            sharedBeforeSwap: 120,
            pinnedBacked: ballooned,
            pinnedUnbacked: Math.round(ballooned / 4),
            popped: 300,
            guestSwapOut: 900,
            guestSwapIn: 260,
            doublePaging: 40,
          };
          return Object.entries(counts).map(([counter, value]) => ({ vm, counter, value }));
        }),
      ),
    ],
  };
}

const costOf = (cause: string): number => Object.entries(COSTS).find(([name]) => name === cause)?.[1] ?? 0;

/** What a VM of this size waited for until `t`, in s. */
function eventsAt(t: number, size: number): { readonly [cause: string]: number } {
  const since = (from: number, perSecond: number, forS: number): number =>
    Math.round(Math.max(0, Math.min(t - from, forS)) * perSecond * (size / 56_275));
  return {
    "first touch": size,
    zeroing: size,
    decompression: since(RETURN, 9_000, RETURN_FOR),
    "swap-in": since(RETURN, 3_000, RETURN_FOR),
    "guest swap-in": since(3, 250, 2),
    blocked: since(2.2, 1_200, LAG),
  };
}
