import { accessBatch, ALLOC, BATCH_ROWS, FREE, InputError, NONE, SWITCH, type TracedVm } from "@tidemark/data/shapes";
import type { IngestPlan } from "./ingest-plan.ts";
import { EqualTimes } from "./equal-times.ts";
import { MeminfoRows } from "./meminfo-rows.ts";
import { PageMaps } from "./page-maps.ts";
import {
  accessColumns,
  guestColumns,
  rawAccesses,
  rawGuest,
  type RawAccesses,
  type RawContents,
  type RawGuest,
  type RawMaps,
  type RawMeminfo,
} from "./raw-batch.ts";
import type { Source } from "./source.ts";
import type { TraceOutput } from "./trace-output.ts";
import type { VmFold } from "./vm-fold.ts";
import { VmNames } from "./vm-names.ts";

/** Takes raw rows in the order of the trace: joins VMs and spaces, numbers pages, checks, counts, writes. */
export class TraceBuilder {
  readonly #plan: IngestPlan;
  readonly #output: TraceOutput;
  readonly #names: VmNames;
  readonly #out = accessBatch(BATCH_ROWS);
  readonly #spaces = new Float64Array(2 * BATCH_ROWS);
  #ppns: Uint32Array | undefined;
  /** Accesses wait only where there are several VMs. */
  #heldAccesses: EqualTimes<RawAccesses> | undefined;
  #heldGuest: EqualTimes<RawGuest> | undefined;
  readonly #refusals = new Map<number, () => void>();
  readonly #meminfo = new MeminfoRows();
  /** First and last access. */
  originNs: number | null = null;
  endNs: number | null = null;

  constructor(plan: IngestPlan, output: TraceOutput) {
    this.#plan = plan;
    this.#output = output;
    this.#names = new VmNames(plan.vm);
  }

  /** Rows `[from, to)` of accesses, at most BATCH_ROWS. */
  accesses(source: Source, raw: RawAccesses, from: number, to: number): void {
    for (let at = from; at < to;) {
      const local = raw.vm[at];
      let end = at + 1;
      while (end < to && raw.vm[end] === local) end++;
      const vm = this.#names.vmOf(source, local);
      vm.captured ??= vm.maps !== undefined || raw.ppn[at] !== NONE;
      this.#joinSource(vm, source, raw.timeNs[at]);
      const rows = { ...raw, ppn: this.#ppnsOf(vm, raw, at, end), space: this.#spacesOf(vm, raw, at, end) };
      // Rows of a VM that is the first or the only one are where they belong.
      if (this.#names.vms.length === 1) this.#number(vm, rows, at, end, (row) => refusalOf(source, vm, raw, row)());
      else this.#hold(vm, source, rows, at, end);
      at = end;
    }
  }

  /** Where pages lie whose accesses do not say it; before all accesses. */
  maps(source: Source, raw: RawMaps): void {
    for (let i = 0; i < raw.length; i++) {
      const vm = this.#names.vmOf(source, raw.vm[i]);
      (vm.maps ??= new PageMaps()).add(raw.vpn[i], raw.pages[i], raw.ppn[i]);
    }
  }

  /** The PPNs of rows `[from, to)`, those not told filled in where maps have them. */
  #ppnsOf({ maps }: VmFold, { ppn, vpnHi, vpnLo }: RawAccesses, from: number, to: number): Uint32Array {
    if (maps === undefined) return ppn;
    const out = (this.#ppns ??= new Uint32Array(2 * BATCH_ROWS));
    for (let i = from; i < to; i++) out[i] = ppn[i] === NONE ? maps.find(vpnHi[i] * 2 ** 32 + vpnLo[i]) : ppn[i];
    return out;
  }

  #hold(vm: VmFold, source: Source, raw: RawAccesses, from: number, to: number): void {
    const held = (this.#heldAccesses ??= new EqualTimes(rawAccesses, accessColumns));
    const first = held.add(raw, from, to, vm.index);
    for (let i = from; i < to; i++) {
      if ((raw.ppn[i] === NONE) === vm.captured) this.#refusals.set((first + i - from) >>> 0, refusalOf(source, vm, raw, i));
    }
    if (held.isFull) this.#settle(false);
  }

  #settle(all: boolean): void {
    const held = this.#heldAccesses;
    if (held === undefined) return;
    held.settle(all, (rows, length) => {
      for (let from = 0; from < length;) {
        let to = from + 1;
        while (to < length && rows.vm[to] === rows.vm[from]) to++;
        this.#number(this.#names.vms[rows.vm[from]], rows, from, to, (row) => this.#refusals.get(rows.row[row])?.());
        from = to;
      }
    });
    for (const mark of this.#refusals.keys()) {
      if (held.holds(mark)) break;
      this.#refusals.delete(mark);
    }
  }

  /** Rows `[from, to)` of guest events, at most BATCH_ROWS. */
  guest(source: Source, raw: RawGuest, from: number, to: number): void {
    const held = (this.#heldGuest ??= new EqualTimes(rawGuest, guestColumns));
    for (let at = from; at < to;) {
      const local = raw.vm[at];
      let end = at + 1;
      while (end < to && raw.vm[end] === local) end++;
      const vm = this.#names.vmOf(source, local);
      for (let i = at; i < end; i++) {
        const kind = raw.kind[i];
        if (kind === SWITCH) {
          vm.loadedSpace[raw.vcpu[i]] = raw.space[i];
          vm.switches++;
        } else if (kind === ALLOC || kind === FREE) vm.allocatorEvents++;
      }
      vm.guestEvents += end - at;
      held.add(raw, at, end, vm.index);
      at = end;
    }
    if (held.isFull) this.#writeGuest(false);
  }

  #writeGuest(all: boolean): void {
    this.#heldGuest?.settle(all, (rows, length) => {
      for (let at = 0; at < length; at += BATCH_ROWS) this.#output.guest(rows, at, Math.min(length, at + BATCH_ROWS));
    });
  }

  /** Page contents; those without a time are known at the end of the trace, so all accesses come before them. */
  contents(source: Source, raw: RawContents): void {
    this.#settle(true);
    const vms = new Uint16Array(raw.length);
    const timeNs = raw.timeNs.slice(0, raw.length);
    for (let i = 0; i < raw.length; i++) {
      const vm = this.#names.vmOf(source, raw.vm[i]);
      vms[i] = vm.index;
      vm.contents++;
      if (raw.ppn[i] > vm.highestContentPpn) vm.highestContentPpn = raw.ppn[i];
      if (Number.isNaN(timeNs[i])) timeNs[i] = this.endNs ?? 0;
    }
    this.#output.contents({ ...raw, timeNs }, vms);
  }

  meminfo(source: Source, raw: RawMeminfo): void {
    for (let i = 0; i < raw.length; i++) {
      const vm = this.#names.vmOf(source, raw.vm[i]);
      if (this.#meminfo.add(vm.index, raw.timeNs[i], raw.counter[i], raw.value[i], raw.unit[i])) vm.meminfoSamples++;
    }
  }

  /** Writes what is left; returns the VMs for the manifest. */
  finish(): TracedVm[] {
    this.#settle(true);
    this.#flush();
    this.#writeGuest(true);
    for (const { name, captured, allocatorEvents, contents } of this.#names.vms) {
      if (captured !== false || (allocatorEvents === 0 && contents === 0)) continue;
      const what = allocatorEvents > 0 ? "page allocations" : "page contents";
      throw new InputError(
        `VM ${name}: its ${what} name guest-physical pages, and its accesses have none, so that nothing says which pages they are about; ` +
          "leave them out, or give accesses with a gpa column",
      );
    }
    for (const vm of this.#names.vms) {
      this.#output.pages(vm);
      this.#output.ppns(vm);
    }
    this.#meminfo.write(this.#output);
    return this.#names.vms.map((vm) => ({ ...vm.totals(), ...this.#configured(vm), order: this.#orderOf(vm), spacesFrom: spacesFrom(vm) }));
  }

  #configured(vm: VmFold): Pick<TracedVm, "configuredBytes" | "configuredFrom"> {
    if (this.#plan.sizeBytes !== undefined) return { configuredBytes: this.#plan.sizeBytes, configuredFrom: "given" };
    if (vm.highestContentPpn < 0) return { configuredBytes: null, configuredFrom: null };
    return { configuredBytes: (vm.highestContentPpn + 1) * 4096, configuredFrom: "contents" };
  }

  /** Two access files of one VM may follow each other, and not overlap. */
  #joinSource(vm: VmFold, source: Source, timeNs: number): void {
    if (vm.source === source) return;
    const ended = vm.endedSources.get(source);
    if (ended !== undefined)
      throw new InputError(
        `${vm.source?.name}: overlaps ${source.name} in time: both have accesses of VM ${vm.name} (${source.name} until ${ended} ns and again at ${timeNs} ns); give one of them, or name the VMs apart with a vm column`,
      );
    if (vm.source !== undefined) vm.endedSources.set(vm.source, vm.lastNs ?? timeNs);
    vm.order = vm.source === undefined || vm.order === source.order ? source.order : "undeclared";
    vm.source = source;
  }

  /** What the plan declares, else what the formats of the VM's accesses say. */
  #orderOf(vm: VmFold): TracedVm["order"] {
    return this.#plan.order === "undeclared" ? vm.order : this.#plan.order;
  }

  /** The spaces of rows `[from, to)`, those not named filled in; undefined where all are 0. */
  #spacesOf(vm: VmFold, { space, vcpu }: RawAccesses, from: number, to: number): Float64Array | undefined {
    const bySwitch = this.#orderOf(vm) === "exact" && vm.switches > 0;
    if (space === undefined && !bySwitch) return undefined;
    const out = this.#spaces;
    let named = 0;
    for (let i = from; i < to; i++) {
      const own = space === undefined ? NaN : space[i];
      if (own === own) {
        out[i] = own;
        named++;
      } else out[i] = bySwitch ? vm.loadedSpace[vcpu[i]] : 0;
    }
    vm.spaceRows += named;
    if (bySwitch) vm.switchRows += to - from - named;
    return out;
  }

  #number(vm: VmFold, raw: RawAccesses, from: number, to: number, refuse: (row: number) => void): void {
    const out = this.#out;
    for (let at = from; at < to;) {
      if (out.length === BATCH_ROWS) this.#flush();
      const n = out.length;
      const end = Math.min(to, at + BATCH_ROWS - n);
      const stopped = vm.number(raw, at, end, out, n);
      out.timeNs.set(raw.timeNs.subarray(at, stopped), n);
      out.vcpu.set(raw.vcpu.subarray(at, stopped), n);
      out.kind.set(raw.kind.subarray(at, stopped), n);
      out.count.set(raw.count.subarray(at, stopped), n);
      out.vm.fill(vm.index, n, n + stopped - at);
      out.length += stopped - at;
      if (stopped > at) {
        this.originNs ??= raw.timeNs[at];
        this.endNs = raw.timeNs[stopped - 1];
      }
      if (stopped < end) {
        refuse(stopped);
        at = stopped + 1;
      } else at = stopped;
    }
  }

  #flush(): void {
    if (this.#out.length === 0) return;
    this.#output.accesses(this.#out);
    this.#out.length = 0;
  }
}

/** What to do should the trace have no place for a row. Keeps the row's text, since its batch will be gone by then. */
function refusalOf(source: Source, vm: VmFold, { origin, row }: RawAccesses, at: number): () => void {
  const line = origin.lineOf(row[at]);
  const text = origin.textOf(row[at]);
  return () => source.reject(line, text, refusal(vm));
}

const refusal = (vm: VmFold): string =>
  vm.captured === true
    ? `has no guest-physical address, and no row before it says where its page lies; VM ${vm.name} is captured with them`
    : `has a guest-physical address, and the first access of VM ${vm.name} has none; a VM has them from its first row on or not at all`;

const spacesFrom = (vm: VmFold): TracedVm["spacesFrom"] => (vm.spaceRows > 0 ? "rows" : vm.switchRows > 0 ? "switches" : "unknown");
