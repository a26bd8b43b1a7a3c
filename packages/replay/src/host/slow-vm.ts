import { find, PAGE_BYTES, readParams, seededRandom } from "@tidemark/data/shapes";
import type { Estimation } from "../estimator.ts";
import { estimators } from "../estimators.ts";
import { ACCESSED, DIRTY } from "../policy.ts";
import type { Scenario } from "../scenario.ts";
import type { HandWritten, Told, Touch } from "../testing.ts";
import { noCounts } from "./host-vm.ts";
import { mechanismsOf } from "./mechanisms.ts";
import { overheadPages } from "./overhead.ts";
import { sharesOf } from "./shares.ts";
import { inState, type SlowContent, type SlowPage, type SlowVm } from "./slow-machine.ts";
import { STALL_CAUSES } from "./stalls.ts";

const ns = (s: number): number => Math.round(s * 1e9);

/** A row of a trace on the replay's clock. */
export interface Item {
  readonly timeNs: number;
  readonly access?: Touch;
  readonly event?: Told;
}

/** A VM before its first row, what is to be played, and its estimator. */
export interface Playing {
  readonly vm: SlowVm;
  readonly items: Item[];
  readonly estimation: Estimation;
  readonly periodNs: number;
}

/** One value per cause of waiting. */
export const byCause = <V>(valueOf: (cause: string, c: number) => V): { [cause in (typeof STALL_CAUSES)[number]]: V } => {
  const record = Object.fromEntries(STALL_CAUSES.map((cause, c) => [cause, valueOf(cause, c)]));
  return record as { [cause in (typeof STALL_CAUSES)[number]]: V }; // made from all causes
};

/** Period of an estimator on the trace's clock; the one that reports has its own parameters. */
export function estimatorPeriod({ estimator, timeScale, window = 0 }: Scenario, name: string): number {
  const { period } = readParams(name, find("estimator", estimators, name).params, {
    period: window * timeScale,
    ...(name === estimator.name ? without(estimator, "name") : {}),
  });
  return Math.max(1, Math.round(Number(period) / timeScale));
}

const without = (given: { readonly [key: string]: string | number }, key: string): { readonly [key: string]: string | number } =>
  Object.fromEntries(Object.entries(given).filter(([name]) => name !== key));

/** One copy of a VM of the scenario. `clock`: which stretch between two instants is being played. */
export function playingVm(
  written: HandWritten,
  scenario: Scenario,
  wanted: Scenario["vms"][number],
  copy: number,
  clock: { readonly stretch: number },
): Playing {
  const { mechanisms, policy, policyParams } = mechanismsOf(scenario);
  const traced = (written.vms ?? ["vm"]).indexOf(wanted.vm ?? "vm");
  const first = wanted.name ?? wanted.vm ?? "vm";
  const name = copy === 0 ? first : `${first}-${copy + 1}`;
  const offsetNs = wanted.start + copy * wanted.stagger;
  const configuredPages = wanted.size === undefined ? (written.configuredPages ?? 0) : wanted.size / PAGE_BYTES;
  const mine = <T extends { readonly vm?: number }>(rows: readonly T[] = []): T[] => rows.filter(({ vm = 0 }) => vm === traced);
  // At equal times guest events come first; the sort is stable.
  const items = [
    ...mine(written.told).map((event): Item => ({ timeNs: ns(event.s) + offsetNs, event })),
    ...mine(written.touches).map((access): Item => ({ timeNs: ns(access.s) + offsetNs, access })),
  ].sort((a, b) => a.timeNs - b.timeNs);
  const knowsContents = mechanisms.share !== undefined || mechanisms.compress !== undefined;

  const contentOf = (ppn: number): SlowContent | undefined => {
    const latest = mine(written.contents)
      .filter((content) => knowsContents && content.ppn === ppn)
      .sort((a, b) => a.s - b.s)
      .at(-1);
    if (latest === undefined) return undefined;
    const writes = mine(written.touches).filter((access) => access.ppn === ppn && access.op === "W" && ns(access.s) <= ns(latest.s)).length;
    return { hash: latest.hash, zbytes: latest.zbytes, writes };
  };
  const pages: SlowPage[] = [];
  const vm: SlowVm = {
    name,
    pages,
    isLargeBacked: wanted.backing === "2m",
    shares: sharesOf(wanted.shares, configuredPages),
    reservationPages: wanted.reservation / PAGE_BYTES,
    limitPages: wanted.limit === undefined ? configuredPages : wanted.limit / PAGE_BYTES,
    overheadPages:
      scenario.host?.overheadPerVm === "table"
        ? overheadPages(configuredPages, wanted.vcpus)
        : (scenario.host?.overheadPerVm ?? 0) / PAGE_BYTES,
    salt: wanted.salt ?? (mechanisms.share?.salting === "none" ? "" : `vm ${name}`),
    hasDriver: wanted.driver,
    guestSwapPages: wanted.guestSwap === undefined ? Infinity : wanted.guestSwap / PAGE_BYTES,
    stopNs: wanted.stop === undefined ? Infinity : wanted.stop + offsetNs,
    isOff: false,
    startNs: items.find(({ access }) => access !== undefined)?.timeNs ?? 0,
    policy: policy.create(
      {
        pages: configuredPages,
        capacity: () => vm.target.targetPages,
        random: seededRandom(scenario.seed, name, `swap ${policy.name}`),
        takeBits(ppn) {
          const { accessed, dirty } = pages[ppn];
          pages[ppn].accessed = pages[ppn].rewritten = false;
          return (accessed ? ACCESSED : 0) | (dirty ? DIRTY : 0);
        },
        nextUse: () => Infinity,
      },
      policyParams,
    ),
    scanRandom: seededRandom(scenario.seed, name, "page sharing"),
    active: () => estimation.read().reported,
    large: new Set(),
    brokenPpns: [],
    cache: [],
    free: [],
    pinned: [],
    lists: { inactive: [], active: [], aside: [] },
    reported: new Set(),
    allocatorEvents: 0,
    target: {
      targetPages: configuredPages,
      excessPages: 0,
      balloonPages: 0,
      pageOutPages: 0,
      blocked: false,
      reason: "none",
      rho: Infinity,
    },
    entitlementPages: 0,
    pageOutLeft: 0,
    scanCredit: 0,
    swapCredit: 0,
    rows: 0,
    faults: 0,
    zeroed: 0,
    outside: 0,
    events: byCause(() => 0),
    waitedAtSenpai: 0,
    waits: [],
    counts: noCounts(),
  };
  for (let ppn = 0; ppn < configuredPages; ppn++)
    pages.push({
      vm,
      ppn,
      state: "unbacked",
      frame: undefined,
      touched: undefined,
      written: undefined,
      writes: 0,
      accessed: false,
      rewritten: false,
      dirty: false,
      isInSwap: false,
      isOut: false,
      guestBit: false,
      wasReferenced: false,
      allocator: "unknown",
      content: contentOf(ppn),
      lostAt: undefined,
      hashSeen: undefined,
      seen: undefined,
      touchedSinceSeen: false,
    });
  const { name: estimatorName, ...given } = scenario.estimator;
  const estimator = find("estimator", estimators, estimatorName);
  const estimation = estimator.create(
    {
      configuredPages,
      epoch: () => clock.stretch,
      touchedSince: (ppn, stretch) => (pages[ppn].touched?.stretch ?? 0) >= Math.max(1, stretch),
      countTouchedSince: (stretch) =>
        inState(vm, "resident").filter(({ touched }) => (touched?.stretch ?? 0) >= Math.max(1, stretch)).length,
    },
    readParams(estimatorName, estimator.params, { period: (scenario.window ?? 0) * scenario.timeScale, ...given }),
    seededRandom(scenario.seed, name, estimatorName),
  );
  return { vm, items, estimation, periodNs: estimatorPeriod(scenario, estimatorName) };
}
