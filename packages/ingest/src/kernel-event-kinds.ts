import { ALLOC, FETCH, FREE, NONE, READ, WRITE } from "@tidemark/data/shapes";
import { spaceOfCr3 } from "./cr3.ts";
import type { EventRows } from "./event-rows.ts";
import { gfpFlags } from "./gfp-flags.ts";
import { parsed, parseNumber } from "./number-text.ts";

/** A thread that events name, and what is remembered of it. */
export interface EventThread {
  readonly tid: number;
  /** Its process; -1: not told. */
  pid: number;
  /** Guest-physical page of the last fault in it; NONE: none. */
  faultPpn: number;
}

/** A tracepoint that says something of memory. */
export interface KernelEvent {
  /** Whose memory it is about: of the machine that was traced, or of the VMs that this runs. */
  readonly of: "machine" | "guests";
  /** It does not make a trace one of the machine's memory, and is stored in such a one only. */
  readonly isBeside?: true;
  readonly captures: "accesses" | "allocator events" | "guest events";
  /** What traces of it cannot say. */
  readonly lacks?: string;
  /** Adds what the event's text says. Otherwise says what is not stored of it, or why the text makes no sense. */
  read(text: string, rows: EventRows, thread: EventThread, spaceOf: (tid: number) => number): NotStored | string | undefined;
}

/** Of an event that makes sense. */
export interface NotStored {
  readonly notStored: string;
}

/** Largest PPN of a trace. */
const PPN_MAX = NONE - 1;
const ORDER_MAX = 30;

const FAULTS_ONLY = "page faults only: an access to a page that is mapped already is not there";
const VIOLATIONS_ONLY = "faults in the hypervisor's tables only: an access to a page that these map already is not there";
const REQUESTS_ONLY = `${VIOLATIONS_ONLY}; those that kvm_mmu_spte_requested alone tells of count as reads`;

const PAGE_ALLOC = /\bpfn=(0x[0-9a-f]{1,16}|\d{1,20}) order=(\d{1,2}) migratetype=(\d{1,3}) gfp_flags=(\S+)$/;
const PAGE_FREE = /\bpfn=(0x[0-9a-f]{1,16}|\d{1,20}) order=(\d{1,2})$/;
const PAGE_FAULT = /^address=(\S+) ip=\S+ error_code=0x([0-9a-f]{1,16})$/;
/** Since Linux 6.0; before that without the vCPU and without 0x, but hexadecimal. */
const KVM_FAULT = /^(?:vcpu \d+ rip 0x[0-9a-f]+ )?address (?:0x)?([0-9a-f]{1,16}) error_code (?:0x)?([0-9a-f]{1,16})$/;
const FAST_FAULT = /^vcpu \d+ gva ([0-9a-f]{1,16}) error_code ([A-Z|]*) sptep .* fixed \d$/;
const SPTE_REQUESTED = /^gfn ([0-9a-f]{1,16}) pfn [0-9a-f]{1,16} level (\d)$/;
const CR3_LOADED = /^cr_write 3 = 0x([0-9a-f]{1,16})$/;
/** As the kernel prints it, and as libtraceevent's plug-in for trace-cmd does. */
const NEXT_PID = / ==> (?:.* next_pid=(\d{1,7}) next_prio=\d+|.*:(\d{1,7}) \[\d+\])$/;

/**
 * Tracepoints by name, without their system. Texts: `print fmt` of Linux 6.1 and 6.18 (include/trace/events, arch/x86/kvm/trace.h,
 * arch/x86/kvm/mmu/mmutrace.h, arch/x86/include/asm/trace/exceptions.h), and of 2.6.32 to 5.19 where they differ.
 */
export const KERNEL_EVENTS: ReadonlyMap<string, KernelEvent> = new Map<string, KernelEvent>([
  ["mm_page_alloc", { of: "machine", captures: "allocator events", read: readPageAlloc }],
  ["mm_page_free", { of: "machine", captures: "allocator events", read: readPageFree }],
  ["page_fault_user", { of: "machine", captures: "accesses", lacks: FAULTS_ONLY, read: readPageFault }],
  ["page_fault_kernel", { of: "machine", captures: "accesses", lacks: FAULTS_ONLY, read: readPageFault }],
  ["sched_switch", { of: "machine", isBeside: true, captures: "guest events", read: readSwitch }],
  ["kvm_page_fault", { of: "guests", captures: "accesses", lacks: VIOLATIONS_ONLY, read: readKvmFault }],
  ["fast_page_fault", { of: "guests", captures: "accesses", lacks: VIOLATIONS_ONLY, read: readFastFault }],
  ["kvm_mmu_spte_requested", { of: "guests", captures: "accesses", lacks: REQUESTS_ONLY, read: readSpteRequested }],
  ["kvm_cr", { of: "guests", captures: "guest events", read: readCr }],
]);

function readPageAlloc(text: string, rows: EventRows, thread: EventThread): NotStored | string | undefined {
  const [, pfn, order, migratetype, gfp] = PAGE_ALLOC.exec(text) ?? [];
  if (pfn === undefined) return "expected page=… pfn=… order=… migratetype=… gfp_flags=…";
  // An allocation that fails has no page: 0 is printed for it, which is no allocator's.
  if (Number(pfn) === 0) return { notStored: "failed allocations" };
  return addBlock(rows, ALLOC, pfn, order, thread.pid < 0 ? thread.tid : thread.pid, gfpFlags(gfp), Number(migratetype));
}

function readPageFree(text: string, rows: EventRows): string | undefined {
  const [, pfn, order] = PAGE_FREE.exec(text) ?? [];
  if (pfn === undefined) return "expected page=… pfn=… order=…";
  return addBlock(rows, FREE, pfn, order, NONE, NONE, 0xff);
}

function addBlock(rows: EventRows, kind: number, pfn: string, order: string, pid: number, gfp: number, type: number): string | undefined {
  const ppn = Number(pfn);
  const pages = 2 ** Number(order);
  if (Number(order) > ORDER_MAX || ppn + pages - 1 > PPN_MAX) return `${pages} pages from ${pfn} go beyond the last page number`;
  rows.addBlock(kind, ppn, pages, pid < 0 ? NONE : pid, gfp, Math.min(type, 0xff));
  return undefined;
}

/** Bits of the error code: 1 a write, 4 a fetch (Intel SDM vol. 3A, "Page-Fault Exceptions"). */
function readPageFault(
  text: string,
  rows: EventRows,
  thread: EventThread,
  spaceOf: (tid: number) => number,
): NotStored | string | undefined {
  const [, address, code] = PAGE_FAULT.exec(text) ?? [];
  if (address === undefined) return "expected address=… ip=… error_code=0x…";
  if (!/^0x[0-9a-f]{1,16}$/.test(address)) return { notStored: "faults at addresses written as symbols" };
  parseNumber(address, true);
  const { hi, lo } = parsed;
  const bits = Number(`0x${code}`);
  const kind = bits % 32 >= 16 ? FETCH : bits % 4 >= 2 ? WRITE : READ;
  return addVirtual(rows, kind, spaceOf(thread.tid), hi, lo, NONE);
}

/** An access at an address. All processes have the same upper half, the kernel's. */
export function addVirtual(rows: EventRows, kind: number, space: number, hi: number, lo: number, ppn: number): NotStored | undefined {
  const isKernel = hi >>> 31 === 1;
  const isAdded = rows.addAccess(kind, isKernel ? NaN : space, hi >>> 12, ((lo >>> 12) | (hi << 20)) >>> 0, ppn);
  return isAdded ? undefined : { notStored: "without a physical address, where other events have one" };
}

function readSwitch(text: string, rows: EventRows, _: EventThread, spaceOf: (tid: number) => number): string | undefined {
  const next = NEXT_PID.exec(text);
  if (next === null) return "expected … ==> the next thread";
  rows.addSwitch(spaceOf(Number(next[1] ?? next[2])));
  return undefined;
}

function readKvmFault(text: string, rows: EventRows, thread: EventThread): NotStored | string | undefined {
  const [, address, code] = KVM_FAULT.exec(text) ?? [];
  if (address === undefined) return "expected [vcpu … rip 0x…] address … error_code …";
  thread.faultPpn = NONE;
  return addFault(rows, thread, Math.floor(Number(`0x${address}`) / 4096), kindOfViolation(code));
}

/**
 * Bit 1 is a write on Intel (exit qualification: 0 read, 1 write, 2 fetch; Intel SDM vol. 3C, "Exit Qualification for EPT
 * Violations") and on AMD (a page fault's error code, in which bit 2 is the user's and 4 a fetch; AMD APM vol. 2, "Nested
 * Paging"). AMD sets bit 32 or 33; 32 bits of old kernels do not tell one from the other, so a fetch there is a read.
 */
function kindOfViolation(code: string): number {
  parseNumber(code, true);
  const { hi, lo } = parsed;
  if ((lo & 2) !== 0) return WRITE;
  const isAmd = (hi & 3) !== 0;
  return isAmd ? ((lo & 16) === 0 ? READ : FETCH) : (lo & 7) === 4 ? FETCH : READ;
}

function readFastFault(text: string, rows: EventRows, thread: EventThread): NotStored | string | undefined {
  const [, address, flags] = FAST_FAULT.exec(text) ?? [];
  if (address === undefined) return "expected vcpu … gva … error_code … sptep … fixed …";
  const names = flags.split("|");
  return addFault(
    rows,
    thread,
    Math.floor(Number(`0x${address}`) / 4096),
    names.includes("W") ? WRITE : names.includes("F") ? FETCH : READ,
  );
}

function readSpteRequested(text: string, rows: EventRows, thread: EventThread): NotStored | string | undefined {
  const [, gfn] = SPTE_REQUESTED.exec(text) ?? [];
  if (gfn === undefined) return "expected gfn … pfn … level …";
  return addFault(rows, thread, Number(`0x${gfn}`), READ);
}

/** KVM tells one fault in several events, one after the other in the vCPU's thread; `kvm_page_fault` is the first. */
function addFault(rows: EventRows, thread: EventThread, ppn: number, kind: number): NotStored | undefined {
  if (ppn > PPN_MAX) return { notStored: "faults at 2^44 bytes or beyond (devices; or shadow paging, where they are virtual)" };
  if (ppn === thread.faultPpn) return { notStored: "more on a fault told before" };
  thread.faultPpn = ppn;
  rows.addPhysical(kind, ppn);
  return undefined;
}

function readCr(text: string, rows: EventRows): NotStored | string | undefined {
  const cr3 = CR3_LOADED.exec(text);
  if (cr3 === null)
    return /^cr_(?:read|write) \d+ = 0x[0-9a-f]+$/.test(text) ? { notStored: "other control registers" } : "expected cr_write 3 = 0x…";
  parseNumber(cr3[1], true);
  rows.addSwitch(spaceOfCr3(parsed.hi, parsed.lo));
  return undefined;
}
