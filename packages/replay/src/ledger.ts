import { assert, LEDGER_CLASSES } from "@tidemark/data/shapes";
import { growCensus, OLD_ROW, rowStart, SLACK_ROW } from "./census.ts";
import { ALLOCATOR_UNKNOWN, FREED } from "./groups.ts";
import { consumedPages } from "./charge.ts";
import type { Machine, Vm } from "./machine.ts";
import { epochAfter, IDLE30_WINDOWS, IDLE5_WINDOWS, type Schedule } from "./schedule.ts";

/** Positions in LEDGER_CLASSES. */
export const ACTIVE = LEDGER_CLASSES.indexOf("active"),
  SLACK = LEDGER_CLASSES.indexOf("slack"),
  FREED_CLASS = LEDGER_CLASSES.indexOf("freed"),
  IDLE1 = LEDGER_CLASSES.indexOf("idle1"),
  IDLE5 = LEDGER_CLASSES.indexOf("idle5"),
  IDLE30 = LEDGER_CLASSES.indexOf("idle30");
/** Classes that hold pages; the last, sharing, is a credit. */
export const PAGE_CLASSES = LEDGER_CLASSES.length - 1;

/** Where one VM's consumed memory is at one instant: every resident page in exactly one class (docs/architecture.md, The ledger). */
export interface Ledger {
  readonly timeNs: number;
  readonly grantedPages: number;
  /** Machine memory charged to the VM; fractional where frames are shared between VMs. */
  readonly consumedPages: number;
  readonly activePages: number;
  readonly activeWritePages: number;
  /** Pages by class, group and future: `cells[class * 2 * groups + 2 * group + final]`. */
  readonly cells: Int32Array;
  readonly groups: number;
  readonly allocatorUnknownPages: number;
  /** Rest of the trace after the instant, ns. */
  readonly remainingNs: number;
  /** Whether the future split says something: the rest of the trace is at least a window long. */
  readonly splits: boolean;
}

/** The ledger of a VM at the end of its running epoch. O(epochs in 30 windows × groups), whatever the number of pages. */
export function ledgerOf(machine: Machine, vm: Vm, schedule: Schedule): Ledger {
  const { census, groups } = vm;
  const { windowNs } = schedule;
  const timeNs = schedule.ends[census.epoch - 1];
  const activeFrom = epochAfter(schedule, timeNs - windowNs);
  const idle1From = epochAfter(schedule, timeNs - IDLE5_WINDOWS * windowNs);
  const idle5From = epochAfter(schedule, timeNs - IDLE30_WINDOWS * windowNs);
  const stride = 2 * groups.length;
  const cells = new Int32Array(PAGE_CLASSES * stride);

  const addRow = (start: number, touchClass: number): void => {
    for (let cell = 0; cell < stride; cell++) {
      const pages = census.cells[start + cell];
      if (pages === 0) continue;
      const isFreed = touchClass >= IDLE1 && groups.allocator[cell >> 1] === FREED;
      cells[(isFreed ? FREED_CLASS : touchClass) * stride + cell] += pages;
    }
  };
  growCensus(census, groups.length);
  addRow(OLD_ROW * census.stride, IDLE30);
  addRow(SLACK_ROW * census.stride, SLACK);
  for (let epoch = Math.max(1, census.epoch - census.ringEpochs + 1); epoch <= census.epoch; epoch++) {
    if (census.touched[epoch] > 0)
      addRow(rowStart(census, epoch), epoch >= activeFrom ? ACTIVE : epoch >= idle1From ? IDLE1 : epoch >= idle5From ? IDLE5 : IDLE30);
  }

  let activeWritePages = 0;
  for (let epoch = activeFrom; epoch <= census.epoch; epoch++) activeWritePages += census.written[epoch];
  let allocatorUnknownPages = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    if (groups.allocator[(cell % stride) >> 1] === ALLOCATOR_UNKNOWN) allocatorUnknownPages += cells[cell];
  }
  const remainingNs = schedule.endNs - timeNs;
  const ledger: Ledger = {
    timeNs,
    grantedPages: vm.grantedPages,
    consumedPages: consumedPages(machine, vm),
    activePages: pagesIn(cells, groups.length, ACTIVE),
    activeWritePages,
    cells,
    groups: groups.length,
    allocatorUnknownPages,
    remainingNs,
    splits: remainingNs >= windowNs,
  };
  let classed = 0;
  for (let cls = 0; cls < PAGE_CLASSES; cls++) classed += pagesIn(cells, groups.length, cls);
  assert(classed === vm.grantedPages, `${vm.name}: the ledger's classes hold ${classed} pages, ${vm.grantedPages} are resident`);
  return ledger;
}

function pagesIn(cells: Int32Array, groups: number, cls: number): number {
  let pages = 0;
  for (let cell = cls * 2 * groups; cell < (cls + 1) * 2 * groups; cell++) pages += cells[cell];
  return pages;
}

/** Resident pages of a class. */
export const classPages = (ledger: Ledger, cls: number): number => pagesIn(ledger.cells, ledger.groups, cls);

/** Only idle memory has a future to tell: touched memory is in use, freed and slack memory is nobody's. */
export const hasFuture = (ledger: Ledger, cls: number): boolean => ledger.splits && cls >= IDLE1;
