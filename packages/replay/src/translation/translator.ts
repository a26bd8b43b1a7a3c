import { FETCH, type AccessBatch, type Params, type Values } from "@tidemark/data";
import type { Core } from "../core.ts";
import type { Mode, Paging } from "../mode.ts";
import { createCounters, KERNEL_COUNTERS, type Counters } from "./counters.ts";
import type { GuestListener } from "./guest-listener.ts";
import type { GuestTables } from "./guest-tables.ts";
import { Hardware } from "./hardware.ts";
import { HostTables } from "./host-tables.ts";
import type { Kernel } from "./kernel.ts";
import { layMachine, type LaidNodes } from "./machine-layout.ts";
import { TlbWitness } from "./tlb-witness.ts";
import { nodeAtPlace, PLACE, RECORD, type Units } from "./units.ts";

export interface TranslatorPlan {
  readonly kernel: Kernel;
  /** The guest's tables, as the kernel has them. */
  readonly nodes: LaidNodes;
  readonly core: Core;
  readonly mode: Mode;
  readonly params: Values<Params>;
  readonly tables: GuestTables;
  readonly units: Units;
  /** TLB and paging-structure entries carry an address-space tag (PCID, ASID), so that CR3 loads drop nothing. */
  readonly tagged: boolean;
  readonly hostLevels: number;
  readonly configuredPages: number;
  /** Remember what was translated, for `check`. */
  readonly checked: boolean;
}

/** One VM in one mode on one core: the kernel looks every access up in the TLBs, the mode walks what they lack; both count. */
export class Translator implements GuestListener {
  readonly counters: Counters;
  /** vCPU → its hardware, from its first row or event on. */
  readonly vcpus = new Map<number, Hardware>();
  readonly host: HostTables;
  readonly plan: TranslatorPlan;
  readonly #paging: Paging;
  readonly #witness: TlbWitness | undefined;
  readonly #machine: number;
  /** What every walk of the mode gives Hardware.walk, so that the kernel can walk by itself; −1 where the mode or the witness is to see each. */
  readonly #guestLevel: number;

  constructor(plan: TranslatorPlan) {
    const { kernel, mode, params, tables, units, hostLevels, configuredPages } = plan;
    this.plan = plan;
    const counters = kernel.floats(KERNEL_COUNTERS);
    this.counters = createCounters(counters);
    this.#witness = plan.checked ? new TlbWitness(units) : undefined;
    this.host = new HostTables(kernel, hostLevels, tables.hostLevel, mode.isFlat, tables.ppnEnd, this.counters);
    this.#paging = mode.create(
      { tables, units, host: this.host, counters: this.counters, vcpus: () => this.vcpus.values(), configuredPages },
      params,
    );
    const { guestLevel = -1 } = this.#paging;
    this.#guestLevel = plan.checked || tables.madeUpPpnOf.length > 0 ? -1 : guestLevel;
    this.#machine = layMachine(kernel, plan.nodes, tables, units, this.host, counters);
  }

  /** Rows of the kernel's batch. `base`: the row of `batch` that is its first. */
  rows(vcpu: number, batch: AccessBatch, from: number, to: number, base: number): void {
    const hardware = this.#hardwareOf(vcpu);
    const { kernel, units, tables } = this.plan;
    const { records, unitOf, keyOf } = units;
    const { madeUpPpnOf } = tables;
    const isMadeUp = madeUpPpnOf.length > 0;
    for (let i = from; i < to; i++) {
      i = base + kernel.run.rows(hardware.at, i - base, to - base, this.#guestLevel);
      if (i === to) return;
      const page = batch.page[i];
      const key = keyOf[unitOf[page]];
      const size = hardware.sizeOf(key);
      const index = hardware.indexOf(key);
      const ppn = isMadeUp ? madeUpPpnOf[page] : batch.ppn[i] | 0;
      const first = (batch.kind[i] === FETCH ? hardware.l1Fetch : hardware.l1)[size];
      // Without a first level nothing remembers the access: the others of the row are looked up again.
      const node = nodeAtPlace(records[RECORD * page + PLACE]);
      this.#lookUpSecond(hardware, page, node, key, index, size, ppn, first === undefined ? batch.count[i] : 1);
      first?.insert(key, index);
    }
  }

  /** `times` lookups of a page that the first level does not answer. Walk caches may answer each of them in another way. */
  #lookUpSecond(
    hardware: Hardware,
    page: number,
    node: number,
    key: number,
    index: number,
    size: number,
    ppn: number,
    times: number,
  ): void {
    const { counters } = this;
    const second = hardware.l2[size];
    const areAlike = second === undefined && !hardware.hasWalkCaches;
    for (let left = times; left > 0;) {
      if (second !== undefined && second.find(key, index)) {
        counters.l2Hits[size] += left;
        return;
      }
      const walks = areAlike ? left : 1;
      counters.misses[size] += walks;
      counters.walks[this.#paging.walk(hardware, page, node, ppn)] += walks;
      counters.hostReferences += walks * hardware.hostReferences;
      second?.insert(key, index);
      this.#witness?.walked(hardware, key);
      left -= walks;
    }
  }

  entered(vcpu: number, space: number): void {
    this.#hardwareOf(vcpu).space = space;
  }

  loaded(vcpu: number, space: number): void {
    const hardware = this.#hardwareOf(vcpu);
    hardware.space = space;
    if (!this.plan.tagged) hardware.dropUntagged();
    this.#paging.loaded(space);
  }

  found(page: number, ppn: number): void {
    const { tables, units } = this.plan;
    const { madeUpPpnOf } = tables;
    this.#paging.found(page, nodeAtPlace(units.records[RECORD * page + PLACE]), madeUpPpnOf.length > 0 ? madeUpPpnOf[page] : ppn);
  }

  changed(page: number): void {
    this.#witness?.slotChanged(this.plan.tables.slotOf[page]);
  }

  written(page: number, level: number, timeNs: number): void {
    this.#paging.written(page, level, timeNs);
  }

  invalidated(vcpu: number, page: number, hasChanged: boolean, isShown: boolean): void {
    if (vcpu !== -1) this.#hardwareOf(vcpu).invlpg(page);
    else for (const hardware of this.vcpus.values()) hardware.invlpg(page);
    this.#paging.invalidated(page, hasChanged, isShown);
  }

  faulted(page: number): void {
    this.#paging.faulted(page);
  }

  tick(timeNs: number): void {
    this.#paging.tick?.(timeNs);
  }

  forget(ppn: number, entries: readonly number[]): void {
    this.#paging.forget(ppn, entries);
    if (this.#witness === undefined || !this.plan.mode.hasHost) return;
    for (const page of entries) this.#witness.unitChanged(this.plan.units.unitOf[page]);
  }

  /** Throws where a cache holds what the tables no longer say. Needs `checked`. */
  check(): void {
    const { tables, tagged } = this.plan;
    for (const hardware of this.vcpus.values()) this.#witness?.check(hardware, this.host, tagged, tables);
  }

  #hardwareOf(vcpu: number): Hardware {
    const known = this.vcpus.get(vcpu);
    if (known !== undefined) return known;
    const { kernel, core, tables, units } = this.plan;
    const hardware = new Hardware(kernel, core, tables, units, this.#machine);
    this.vcpus.set(vcpu, hardware);
    return hardware;
  }
}
