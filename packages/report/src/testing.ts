import {
  agesTable,
  estimatesTable,
  gapTable,
  guestTable,
  heatTable,
  instantsTable,
  ledgerTable,
  spacesTable,
  tableOf,
  timelineTable,
  type LedgerClass,
  type Row,
  type Run,
} from "@tidemark/data/shapes";
import { exampleComparison } from "./compare/testing.ts";
import { exampleCurves } from "./curve/testing.ts";
import { exampleTranslation } from "./charts/testing.ts";
import { exampleMeasured } from "./measured/testing.ts";
import { exampleNeeds } from "./rightsize/testing.ts";
import { exampleHost, type Away } from "./host/testing.ts";

/** Shape of an example run; the default is a small guest that allocates, frees and then works on a little. */
export interface ExampleShape {
  readonly vms?: readonly string[];
  readonly samples?: number;
  readonly instants?: readonly string[];
  readonly heatBins?: readonly [time: number, ppn: number];
  readonly meminfo?: boolean;
  readonly timeScale?: number;
  /** Page sizes and cores that every VM was translated with; none for a run without translation. */
  readonly translated?: readonly (readonly [pages: string, core: string])[];
  /** Whether the VMs are on a host that has less memory than they touch. */
  readonly isScarce?: boolean;
  /** Whether misses were counted against memory size, and how. */
  readonly curves?: "exact" | "sampled";
  /** Whether it was counted how much memory VMs need. */
  readonly needs?: boolean;
  /** Whether alternatives were compared. */
  readonly isCompared?: boolean;
  /** Whether it is held against measured counters. */
  readonly isMeasured?: boolean;
  /** Whether of the host itself something was measured, too. */
  readonly isHostMeasured?: boolean;
}

const S = 1e9;
const CONFIGURED = 65_536;
const KINDS = {
  active: "anonymous",
  slack: "unknown",
  freed: "free",
  idle1: "anonymous",
  idle5: "page cache",
  idle30: "kernel",
  sharing: "unknown",
} as const;

/**
 * A run as a replay would give it, made from formulas: a 256 MiB VM that grows to 56,275 pages at 2.5 s and frees 33,063 of them;
 * at 7 s it works on 525. The classes of every sample sum to consumed.
 */
export function exampleRun(shape: ExampleShape = {}): Run {
  const { vms = ["alloc-4k"], samples = 140, instants = ["7s"], heatBins = [24, 16], meminfo = true, timeScale = 1 } = shape;
  const { translated = [["4k/4k", "skylake"]], isScarce = false } = shape;
  const endNs = 7 * S;
  const timeline: Row<typeof timelineTable.columns>[] = [];
  const instantRows: Row<typeof instantsTable.columns>[] = [];
  const gap: Row<typeof gapTable.columns>[] = [];
  const ledger: Row<typeof ledgerTable.columns>[] = [];
  const estimates: Row<typeof estimatesTable.columns>[] = [];
  const ages: Row<typeof agesTable.columns>[] = [];
  const heat: Row<typeof heatTable.columns>[] = [];
  const guest: Row<typeof guestTable.columns>[] = [];
  const spaces: Row<typeof spacesTable.columns>[] = [];
  const timeOf = (asked: string): number => (asked === "end" ? endNs : Number.parseFloat(asked) * S);
  const host = isScarce ? exampleHost(vms, samples, endNs, (t, v) => granted(classesAt(t, v))) : undefined;
  const pagesAt = (time: number, v: number): Pages => without(classesAt(time / S, v), takenOf(host?.awayAt(time, v)));
  const countersAt = (vm: string, v: number, time: number): Row<typeof timelineTable.columns> => {
    const plain = counters(vm, time, pagesAt(time, v), meminfo);
    return host === undefined ? plain : { ...plain, ...reclaimed(plain, host.awayAt(time, v), host.sharedAt(time, v), time) };
  };
  vms.forEach((vm, v) => {
    for (let i = 0; i < samples; i++) {
      const time = Math.round((i * endNs) / (samples - 1));
      const pages = pagesAt(time, v);
      timeline.push(countersAt(vm, v, time));
      for (const cls of CLASSES)
        if (pages[cls] > 0)
          gap.push({ time, vm, class: cls, kind: KINDS[cls], pages: pages[cls], ...future(cls, pages[cls], endNs - time) });
      const saved = host?.sharedAt(time, v).saved ?? 0;
      if (saved > 0)
        gap.push({ time, vm, class: "sharing", kind: KINDS.sharing, pages: -saved, ...future("sharing", -saved, endNs - time) });
      const seen = Math.floor(time / S) * S;
      const reported = seen === 0 ? NaN : classesAt(seen / S, v).active * 1.05;
      estimates.push({
        time,
        vm,
        estimator: "esx-sampler",
        reported,
        slow: reported * 0.8,
        fast: reported,
        next: reported * 0.9,
        low: reported * 0.7,
        high: reported * 1.3,
      });
      estimates.push({
        time,
        vm,
        estimator: "abit-scan",
        reported: seen === 0 ? NaN : classesAt(seen / S, v).active,
        slow: NaN,
        fast: NaN,
        next: NaN,
        low: NaN,
        high: NaN,
      });
      for (const age of [0.05, 0.1, 0.2, 0.5, 1, 2, 5]) {
        if (age * S <= time) ages.push({ time, vm, age: age * S, pages: Math.round((granted(pages) - pages.active) / (1 + age / 4)) });
      }
      if (meminfo && i % 7 === 0) guest.push(guestAt(vm, time, pages));
    }
    for (const asked of instants) {
      const time = timeOf(asked);
      const pages = pagesAt(time, v);
      instantRows.push({ asked, ...countersAt(vm, v, time), remaining: endNs - time });
      const saved = host?.sharedAt(time, v).saved ?? 0;
      if (saved > 0)
        ledger.push({ asked, time, vm, owner: "", class: "sharing", kind: KINDS.sharing, pages: -saved, ...future("sharing", -saved, 0) });
      for (const cls of CLASSES) {
        const parts =
          cls === "freed"
            ? ([
                ["pid 61", 0.7],
                ["kernel", 0.3],
              ] as const)
            : ([
                ["pid 61", 0.25],
                ["pid 1", 0.25],
                ["kernel", 0.5],
              ] as const);
        let rest = pages[cls];
        parts.forEach(([owner, part], p) => {
          const share = p === parts.length - 1 ? rest : Math.round(pages[cls] * part);
          rest -= share;
          if (share > 0)
            ledger.push({ asked, time, vm, owner, class: cls, kind: KINDS[cls], pages: share, ...future(cls, share, endNs - time) });
        });
      }
    }
    const [timeBins, ppnBins] = heatBins;
    for (let t = 0; t < timeBins; t++) {
      for (let p = 0; p < ppnBins; p++) {
        const accesses =
          p < ppnBins * 0.9 && (t + 1) / timeBins > p / ppnBins / 2
            ? Math.round(10 ** (6 * (1 - p / ppnBins) * (0.4 + 0.6 * Math.abs(Math.sin(t + p)))))
            : 0;
        const bin = { time: Math.round((t * endNs) / timeBins), timeEnd: Math.round(((t + 1) * endNs) / timeBins) };
        if (accesses > 0) heat.push({ vm, ...bin, ppn: (p * CONFIGURED) / ppnBins, ppnEnd: ((p + 1) * CONFIGURED) / ppnBins, accesses });
      }
    }
    spaces.push({ vm, space: "kernel", virtualPages: 61_000, accesses: 1.9e9, writes: 6e8, first: 0, last: endNs });
    spaces.push({ vm, space: "user", virtualPages: 42_129, accesses: 6e8, writes: 3e8, first: S, last: 5 * S });
  });
  return {
    manifest: {
      schema: 1,
      tool: "tidemark 0.1.0",
      pageBytes: 4096,
      scenario: {},
      originNs: 0,
      endNs,
      windowNs: S,
      windowFrom: "as given",
      sampleNs: Math.round(endNs / (samples - 1)),
      timeScale,
      seed: 1,
      instants: vms.flatMap((vm) => instants.map((asked) => ({ vm, asked, timeNs: timeOf(asked) }))),
      traces: [{ name: "alloc-4k", sources: [{ name: "alloc-4k.full-10ms.csv.gz", sha256: "0f".repeat(32) }] }],
      vms: vms.map((name) => ({
        name,
        configuredPages: CONFIGURED,
        configuredFrom: "contents",
        backing: "4k",
        ppns: "captured",
        order: "windowed",
        rows: 1_500_000,
        accesses: 2_501_724_448,
        virtualPages: 103_129,
        guestPhysicalPages: 56_275,
        outsideMemoryAccesses: 0,
        allocatorEvents: 90_000,
        meminfoSamples: meminfo ? 20 : 0,
      })),
      markers: vms.flatMap((vm) =>
        [
          [1.5, 11],
          [1.52, 20],
          [2.5, 21],
          [2.6, 22],
          [4, 23],
          [6, 12],
        ].map(([t = 0, id = 0]) => ({ vm, timeNs: t * S, id })),
      ),
      assumed: vms.map(
        (vm) => `${vm}: the trace is windowed: residency, activity and reclamation hold, read/write ratios and TLB figures do not`,
      ),
    },
    tables: [
      tableOf(timelineTable, timeline),
      tableOf(instantsTable, instantRows),
      tableOf(gapTable, gap),
      tableOf(ledgerTable, ledger),
      tableOf(estimatesTable, estimates),
      tableOf(agesTable, ages),
      tableOf(heatTable, heat),
      tableOf(spacesTable, spaces),
      tableOf(guestTable, guest),
      ...(host?.tables ?? []),
      ...exampleTranslation(vms, translated, endNs),
      ...(shape.curves === undefined ? [] : exampleCurves(vms, shape.curves === "sampled")),
      ...(shape.needs === true ? exampleNeeds(vms) : []),
      ...(shape.isCompared === true ? exampleComparison(vms) : []),
      ...(shape.isMeasured === true ? exampleMeasured(timeline, shape.isHostMeasured === true) : []),
    ],
  };
}

/** The same as `translate` would give it: nothing but translation. */
export function translationRun(shape: ExampleShape = {}): Run {
  const { manifest, tables } = exampleRun({ ...shape, samples: 2, instants: [] });
  const ofTranslation = new Set(exampleTranslation([], [], 0).map(({ spec }) => spec.name));
  return { manifest, tables: tables.filter(({ spec }) => ofTranslation.has(spec.name)) };
}

const CLASSES = ["active", "slack", "freed", "idle1", "idle5", "idle30"] as const satisfies readonly LedgerClass[];
type Pages = { readonly [K in (typeof CLASSES)[number]]: number };

const granted = (pages: Pages): number => CLASSES.reduce((sum, cls) => sum + pages[cls], 0);

/** Pages by class at a time in seconds; VM `v` is a little smaller than the one before it. */
function classesAt(t: number, v: number): Pages {
  const scale = 1 / (1 + v / 4);
  const size = Math.round(Math.min(56_275, 9_000 + t * 18_910) * scale);
  const active = t < 2.5 ? Math.round(size * 0.64) : Math.max(Math.round(525 * scale), Math.round(35_867 * scale * (1 - (t - 2.5) / 1.6)));
  const freed = Math.min(t < 2.5 ? 214 : Math.round(33_063 * scale * Math.min(1, (t - 2.5) / 1.6)), size - active);
  const idle = size - active - freed;
  const idle1 = Math.round(idle * Math.max(0.05, 0.9 - t / 8));
  const idle30 = Math.round((idle - idle1) * Math.max(0, (t - 4) / 10));
  return { active, slack: 0, freed, idle1, idle5: idle - idle1 - idle30, idle30 };
}

const takenOf = (away: Away | undefined): number => (away === undefined ? 0 : away.ballooned + away.zipped + away.swapped);

/** What is left when so many pages were taken, the least used first. */
function without(pages: Pages, taken: number): Pages {
  const left = { ...pages };
  let rest = taken;
  for (const cls of ["freed", "idle30", "idle5", "idle1", "active"] as const) {
    const some = Math.min(rest, left[cls]);
    left[cls] -= some;
    rest -= some;
  }
  return left;
}

function reclaimed(
  { granted: size, unbacked, active }: Row<typeof timelineTable.columns>,
  away: Away,
  { shared, saved }: { readonly shared: number; readonly saved: number },
  time: number,
) {
  const { ballooned, zipped, swapped } = away;
  const zipCache = Math.ceil(zipped / 2);
  const isStarted = time >= S;
  return {
    consumed: size - saved,
    unbacked: unbacked - takenOf(away),
    shared,
    vmmemctl: ballooned,
    vmmemctltarget: Math.round(ballooned * (time > 2 * S && time < 2.6 * S ? 1.25 : 1)),
    swapped,
    swapout: swapped,
    zipped,
    zipCache,
    zipSaved: zipped - zipCache,
    overhead: 1_000,
    entitlement: isStarted ? Math.round(30_000 + active / 4) : NaN,
    target: isStarted ? size - saved + zipCache : NaN,
  };
}

const future = (cls: string, pages: number, remaining: number) => {
  const splits = cls.startsWith("idle") && remaining >= S;
  return { returns: splits ? Math.floor(pages / 4) : NaN, notSeenAgain: splits ? pages - Math.floor(pages / 4) : NaN };
};

function counters(vm: string, time: number, pages: Pages, meminfo: boolean): Row<typeof timelineTable.columns> {
  const size = granted(pages);
  return {
    time,
    vm,
    configured: CONFIGURED,
    granted: size,
    consumed: size,
    unbacked: CONFIGURED - size,
    active: pages.active,
    activewrite: Math.round(pages.active * 0.6),
    activeReported: time < S ? NaN : Math.round(pages.active * 1.05),
    activeNotResident: 0,
    freed: pages.freed,
    allocatorUnknown: 4_000,
    guestUsed: meminfo ? Math.max(0, size - pages.freed - 9_600) : NaN,
    guestOutside: meminfo ? 9_626 : NaN,
    guestAllocated: Math.max(0, size - pages.freed - 12_000),
    shared: 0,
    vmmemctl: 0,
    vmmemctltarget: 0,
    swapped: 0,
    swaptarget: 0,
    swapin: 0,
    swapout: 0,
    zipped: 0,
    zipCache: 0,
    zipSaved: 0,
    overhead: 0,
    entitlement: NaN,
    target: NaN,
    faults: size,
    zeroed: size,
    outsideAccesses: 0,
  };
}

function guestAt(vm: string, time: number, pages: Pages): Row<typeof guestTable.columns> {
  const used = Math.max(0, granted(pages) - pages.freed - 9_600);
  return {
    time,
    vm,
    total: 55_910,
    free: 55_910 - used,
    used,
    available: 50_000 - used,
    cached: 2_000,
    anonymous: Math.max(0, used - 6_000),
    slab: 3_000,
    outside: 9_626,
  };
}
