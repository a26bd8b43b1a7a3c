import type { Random } from "@tidemark/data/shapes";
import type { Vm } from "../machine.ts";
import type { PageQueues } from "../page-queues.ts";
import type { Reclaimer } from "../policy.ts";
import type { CompressionCache } from "./compression.ts";
import type { Contents } from "./contents.ts";
import type { GuestLru } from "./guest-lru.ts";
import type { Stalls } from "./stalls.ts";
import type { VmTarget } from "./targets.ts";

/** Bits of `trap`: which access to a page the host must see. */
export const TOUCH_TRAPS = 1,
  WRITE_TRAPS = 2;

/** Queues of `guestPages`. */
export const GUEST_FREE = 0,
  PINNED = 1;

/** What a scenario says of a VM on a host under pressure, in pages and ns of the replay's clock. */
export interface VmSettings {
  readonly shares: number;
  readonly reservationPages: number;
  readonly limitPages: number;
  readonly overheadPages: number;
  /** Pages are shared between VMs of equal salt. */
  readonly salt: number;
  readonly hasDriver: boolean;
  /** Pages that the guest's own swap has room for. */
  readonly guestSwapPages: number;
  readonly startNs: number;
  /** When it is powered off; Infinity where it is not. */
  readonly stopNs: number;
}

/** One VM on a host under pressure: its machine, and what the host's mechanisms keep of it. Arrays by PPN. */
export interface HostVm {
  readonly vm: Vm;
  readonly number: number;
  readonly settings: VmSettings;
  readonly trap: Uint8Array;
  /** Bits of guest-page.ts. */
  readonly marks: Uint8Array;
  /** Rows of the VM's trace played, and by PPN the row that touched it last, the last that wrote it: exact order, without ties. */
  rows: number;
  readonly touchedBy: Float64Array;
  readonly writtenBy: Float64Array;
  /** By PPN, rows when its A bit was last taken, and the row for which it last became resident. */
  readonly bitsTaken: Float64Array;
  readonly admittedBy: Float64Array;
  /** By 2 MB block: 1 where one large page backs it. */
  readonly largeBlocks: Uint8Array;
  /** Blocks that were broken and not yet scanned. */
  readonly brokenBlocks: number[];
  /** Pages of the first of them that were scanned. */
  brokenAt: number;
  readonly contents: Contents | undefined;
  readonly reclaimer: Reclaimer;
  /** By PPN: 1 where the policy was told that the page is resident. */
  readonly told: Uint8Array;
  readonly cache: CompressionCache | undefined;
  /** Queue GUEST_FREE: PPNs that the guest's allocator has free, in the order they were freed; queue PINNED: those that the balloon has. */
  readonly guestPages: PageQueues;
  readonly guestLru: GuestLru;
  /** Pages in the guest's own swap. */
  guestSwapped: number;
  /** By 2 MB block: 1 where the guest has reported it free since a page of it was last freed. */
  readonly reportedBlocks: Uint8Array;
  /** Below this PPN the balloon has looked for untouched pages. */
  untouchedFrom: number;
  readonly random: { readonly scan: Random };
  readonly stalls: Stalls;
  /** It was powered off. */
  isOff: boolean;
  /** What the last balance decided. */
  target: VmTarget;
  entitlementPages: number;
  /** Pages still to be paged out for the last balance. */
  pageOutLeft: number;
  /** References to frames that the share table has. */
  sharedPages: number;
  /** Part of a page that the scanner's and the swapper's rates have earned. */
  scanCredit: number;
  swapCredit: number;
  readonly counts: HostCounts;
}

/** What happened to a VM's pages, cumulative. */
export interface HostCounts {
  swapIn: number;
  swapOut: number;
  /** Of these, pages the swap file still had. */
  cleanSwapOut: number;
  zipped: number;
  unzipped: number;
  /** Compressed pages that had to make room. */
  zipEvicted: number;
  /** Victims not worth compressing. */
  incompressible: number;
  /** Victims that were shared instead. */
  sharedBeforeSwap: number;
  guestSwapIn: number;
  /** Dropped pages that the guest read again from a file. */
  guestRefault: number;
  guestSwapOut: number;
  /** Clean pages that the guest dropped for the balloon. */
  guestDropped: number;
  doublePaging: number;
  /** Pinned by the balloon: pages with memory behind them, without, and what was taken from it again. */
  pinnedBacked: number;
  pinnedUnbacked: number;
  popped: number;
  shared: number;
  cow: number;
  /** Writes to a shared page that nobody else had any more: no copy. */
  cowLast: number;
  staleHints: number;
  scanned: number;
  blocksBroken: number;
  /** Pages of the blocks that the guest reported free, and those of them that had memory behind them. */
  reported: number;
  reportedBacked: number;
  /** Pages taken because nobody touched them for long, and by feedback of pressure; in swapOut, zipped or sharedBeforeSwap, too. */
  proactive: number;
  senpai: number;
}

export const noCounts = (): HostCounts => ({
  swapIn: 0,
  swapOut: 0,
  cleanSwapOut: 0,
  zipped: 0,
  unzipped: 0,
  zipEvicted: 0,
  incompressible: 0,
  sharedBeforeSwap: 0,
  guestSwapIn: 0,
  guestRefault: 0,
  guestSwapOut: 0,
  guestDropped: 0,
  doublePaging: 0,
  pinnedBacked: 0,
  pinnedUnbacked: 0,
  popped: 0,
  shared: 0,
  cow: 0,
  cowLast: 0,
  staleHints: 0,
  scanned: 0,
  blocksBroken: 0,
  reported: 0,
  reportedBacked: 0,
  proactive: 0,
  senpai: 0,
});
