import { choice, number } from "@tidemark/data/shapes";
import { ZIP_MAX_PERCENT } from "./compression.ts";
import { IDLE_TAX } from "./entitlement.ts";
import { BALLOON_MAX_PERCENT } from "./targets.ts";

const ns = (value: number, about: string) => number({ default: value, min: 1, max: 2 ** 53, unit: "ns", about });
const fraction = (value: number, about: string) => number({ default: value, min: 0, max: 1, unit: "", about });
const percent = (value: number, about: string) => number({ default: value, min: 0, max: 100, unit: "%", about });
const costNs = (value: number, about: string) => number({ default: value, min: 0, max: 1e12, unit: "ns", about });
const rate = (value: number, about: string) => number({ default: value, min: 1, max: 1e12, unit: "pages", about });
const PAGES_PER_MIB = 256;

/**
 * Parameters of the host's mechanisms, each with its default and where that is from. Periods are in hypervisor time; pages are
 * of 4 KB; rates are per second of hypervisor time. A mechanism is turned off by `off` in its place in the scenario.
 */
export const ALLOCATION = {
  idleTax: number({ default: IDLE_TAX, min: 0, max: 0.99, unit: "", about: "idle memory tax (Mem.IdleTax, Waldspurger 2002 §5.2)" }),
  period: ns(15e9, "time between balances (Mem.BalancePeriod)"),
  margin: fraction(0.1, "of minFree: how far above it a balance brings free memory; unpublished (ours)"),
  hysteresis: fraction(0.1, "of a threshold: how far above it a state is left; unpublished (ours)"),
} as const;

export const SHARE = {
  scanTime: ns(3600e9, "time in which a VM's memory is scanned once (Mem.ShareScanTime, 60 min)"),
  hostRate: rate(1024 * 10, "pages scanned per second on the whole host at most (Mem.ShareScanGHz: 4 MB/s per GHz, a 10 GHz host)"),
  period: ns(1e9, "time between two turns of the scanner (ours)"),
  scanner: choice({
    default: "esx",
    choices: ["esx", "ksm"],
    about: "esx: hints, pages at random; ksm: pages in order, and one enters when its hash is that of the last pass",
  }),
  pagesToScan: number({
    default: 100,
    min: 1,
    max: 1e9,
    unit: "pages",
    about: "of scanner ksm: pages of a batch (Linux ksm, pages_to_scan)",
  }),
  sleep: ns(20e6, "of scanner ksm: time between two batches (Linux ksm, sleep_millisecs)"),
  salting: choice({
    default: "per-vm",
    choices: ["per-vm", "none"],
    about: "which VMs may share: each with itself, or all; a VM's `salt` overrides (Mem.ShareForceSalting 2)",
  }),
  contents: choice({
    default: "trace",
    choices: ["trace", "end-state", "profile"],
    about:
      "trace: a content holds from the page's last write before it was taken; end-state: it is assumed to hold throughout; profile: all contents are assumed, by share.profile",
  }),
} as const;

/**
 * Assumed contents (`share.contents: profile`): what part of a VM's pages holds what. The rest of the pages is like no other.
 * The defaults are fitted to Waldspurger 2002 Fig. 4, identical Linux guests of 38.8 MB: content-profile.test.ts.
 */
export const PROFILE = {
  zero: percent(8.2, "of the pages: all zero (fitted)"),
  commonDuplicate: percent(7.4, "of the pages: twice in a VM, and the same in every VM (fitted)"),
  ownDuplicate: percent(1.4, "of the pages: twice in a VM, and in no other VM (fitted)"),
  common: percent(38.9, "of the pages: once in a VM, and the same in every VM (fitted)"),
  some: percent(24.3, "of the pages: the same in those VMs that have it, else like no other (fitted)"),
  held: percent(46, "chance that a VM has such a content (fitted)"),
} as const;

export const BALLOON = {
  poll: ns(1e9, "time between two looks of the driver at its target (MRM whitepaper)"),
  rate: rate(16 * PAGES_PER_MIB, "pages per second that a balloon grows or shrinks at most; unpublished (ours)"),
  max: percent(BALLOON_MAX_PERCENT, "of a VM's size that its balloon may take (Mem.CtlMaxPercent)"),
  boot: number({ default: 0, min: 0, max: 2 ** 53, unit: "ns", about: "time a VM runs before its driver does" }),
  freeOrder: choice({
    default: "lifo",
    choices: ["lifo", "fifo"],
    about: "which of the guest's free pages the driver is given first (Linux: lifo)",
  }),
  guestLru: choice({
    default: "exact",
    choices: ["exact", "two-lists"],
    about:
      "what the guest knows of its pages in use: the order of their last touches, or an active and an inactive list with second chances (Linux mm/vmscan.c)",
  }),
} as const;

export const COMPRESS = {
  maxPercent: percent(ZIP_MAX_PERCENT, "of a VM's size that its compression cache may take (Mem.MemZipMaxPct)"),
  unknownBytes: number({
    default: 4096,
    min: 1,
    max: 4096,
    unit: "bytes",
    about: "what a page of unknown content compresses to (ours: not at all)",
  }),
} as const;

export const SWAP = {
  rate: rate(100 * PAGES_PER_MIB, "pages per second that a VM's swapper writes at most; unpublished (ours: a modest disk)"),
  period: ns(1e9, "time between two turns of the swapper (ours)"),
  scan: ns(30e9, "time between two looks at the accessed bits, for policies that must see touches (ours)"),
} as const;

/** The alternatives: off unless the scenario asks for them. */
export const FREE_PAGE_REPORTING = {
  period: ns(2e9, "time between two reports of free blocks of 2 MB (Linux mm/page_reporting.c, PAGE_REPORTING_DELAY)"),
} as const;

export const PROACTIVE = {
  age: ns(120e9, "a page not touched for so long is cold (Linux DAMON_RECLAIM, min_age)"),
  quota: rate(128 * PAGES_PER_MIB, "pages per second that are taken on the whole host at most (Linux DAMON_RECLAIM, quota_sz)"),
  period: ns(1e9, "time between two turns (Linux DAMON_RECLAIM, quota_reset_interval_ms)"),
  scan: ns(5e9, "time between two looks at the accessed bits of all pages (ours: DAMON samples regions)"),
} as const;

export const SENPAI = {
  ratio: fraction(0.0005, "of a VM's resident pages, taken at every turn without pressure (TMO; not read)"),
  threshold: number({
    default: 0.1,
    min: 0.001,
    max: 100,
    unit: "%",
    about: "pressure at which nothing is taken any more (oomd's Senpai, pressure_pct)",
  }),
  period: ns(6e9, "time between two turns, and of which the pressure is the share of stalls (senpai.py, interval)"),
} as const;

/** What a wait costs. The defaults are orders of magnitude, to be replaced by one's own. */
export const STALL_COSTS = {
  firstTouch: costNs(1500, "first touch of an unbacked page (ours)"),
  zeroing: costNs(500, "zeroing a 4 KB frame (ours)"),
  copyOnWrite: costNs(2000, "breaking a shared page, with its copy (ours)"),
  decompression: costNs(15_000, "decompressing a page: an order of magnitude below a disk (RMG); the figure is ours"),
  swapIn: costNs(150_000, "reading a page from the host's swap file, on an SSD (ours; 5 ms on a disk)"),
  guestSwapIn: costNs(150_000, "the same from the guest's own swap (ours)"),
  guestSwapOut: costNs(0, "writing a page to the guest's swap: not waited for (ours)"),
  doublePaging: costNs(150_000, "the host reads a page only for the guest to page it out (ours: a swap-in)"),
  blocked: costNs(150_000, "a page-out that an allocation waits for in state low, or at a limit (ours: a write to an SSD)"),
  largeBreak: costNs(20_000, "breaking a 2 MB page into 4 KB pages (ours)"),
} as const;
