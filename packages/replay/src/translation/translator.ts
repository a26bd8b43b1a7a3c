import { FETCH, type AccessBatch, type Params, type Values } from "@tidemark/data";
import type { Core } from "../core.ts";
import type { Mode, Paging } from "../mode.ts";
import { createCounters, type Counters } from "./counters.ts";
import type { GuestListener } from "./guest-listener.ts";
import type { GuestTables } from "./guest-tables.ts";
import { Hardware } from "./hardware.ts";
import { HostTables } from "./host-tables.ts";
import type { LruSets } from "./lru-sets.ts";
import { TlbWitness } from "./tlb-witness.ts";
import { NODE, PLACE, RECORD, UNIT, type Units } from "./units.ts";

export interface TranslatorPlan {
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

/** One VM in one mode on one core: looks every access up in the TLBs, lets the mode walk what they lack, and counts. */
export class Translator implements GuestListener {
  readonly counters: Counters = createCounters();
  /** vCPU → its hardware, from its first row or event on. */
  readonly vcpus = new Map<number, Hardware>();
  readonly host: HostTables;
  readonly plan: TranslatorPlan;
  readonly #paging: Paging;
  readonly #witness: TlbWitness | undefined;

  constructor(plan: TranslatorPlan) {
    const { mode, params, tables, units, hostLevels, configuredPages } = plan;
    this.plan = plan;
    this.#witness = plan.checked ? new TlbWitness(units) : undefined;
    this.host = new HostTables(hostLevels, tables.hostLevel, mode.isFlat, tables.ppnEnd, this.counters);
    this.#paging = mode.create(
      { tables, units, host: this.host, counters: this.counters, vcpus: () => this.vcpus.values(), configuredPages },
      params,
    );
  }

  rows(vcpu: number, batch: AccessBatch, from: number, to: number): void {
    const hardware = this.#hardwareOf(vcpu);
    const { onlySize } = this.plan.units;
    const first = onlySize === -1 || hardware.l1 !== hardware.l1Fetch ? undefined : hardware.l1[onlySize];
    if (first === undefined) this.#anyRows(hardware, batch, from, to);
    else this.#rowsOfOneSize(hardware, first, onlySize, batch, from, to);
  }

  /** Where one array of the first-level TLB answers for every row. */
  #rowsOfOneSize(hardware: Hardware, first: LruSets, size: number, { page, ppn, count }: AccessBatch, from: number, to: number): void {
    const { records } = this.plan.units;
    const { madeUpPpnOf } = this.plan.tables;
    const isMadeUp = madeUpPpnOf.length > 0;
    let accesses = 0;
    let misses = 0;
    for (let i = from; i < to; i++) {
      const at = RECORD * page[i];
      const unit = records[at + UNIT];
      const index = records[at + PLACE] >> 2;
      accesses += count[i];
      if (first.find(unit, index)) continue;
      misses++;
      this.#lookUpSecond(hardware, page[i], records[at + NODE], unit, index, size, isMadeUp ? madeUpPpnOf[page[i]] : ppn[i] | 0, 1);
      first.insert(unit, index);
    }
    this.counters.accesses += accesses;
    this.counters.l1Hits[size] += accesses - misses;
  }

  #anyRows(hardware: Hardware, { page, ppn, count, kind }: AccessBatch, from: number, to: number): void {
    const { records } = this.plan.units;
    const { l1, l1Fetch } = hardware;
    const { l1Hits } = this.counters;
    const { madeUpPpnOf } = this.plan.tables;
    const isMadeUp = madeUpPpnOf.length > 0;
    for (let i = from; i < to; i++) {
      const p = page[i];
      const unit = records[RECORD * p + UNIT];
      const place = records[RECORD * p + PLACE];
      const size = place & 3;
      const index = place >> 2;
      const n = count[i];
      const frame = isMadeUp ? madeUpPpnOf[p] : ppn[i] | 0;
      this.counters.accesses += n;
      const first = (kind[i] === FETCH ? l1Fetch : l1)[size];
      if (first === undefined) {
        // Nothing remembers the access: the others of the row are looked up again.
        this.#lookUpSecond(hardware, p, records[RECORD * p + NODE], unit, index, size, frame, 1);
        if (n > 1) this.#lookUpSecond(hardware, p, records[RECORD * p + NODE], unit, index, size, frame, n - 1);
      } else if (first.find(unit, index)) l1Hits[size] += n;
      else {
        l1Hits[size] += n - 1;
        this.#lookUpSecond(hardware, p, records[RECORD * p + NODE], unit, index, size, frame, 1);
        first.insert(unit, index);
      }
    }
  }

  /** `times` equal lookups that the first level does not answer. */
  #lookUpSecond(
    hardware: Hardware,
    page: number,
    node: number,
    unit: number,
    index: number,
    size: number,
    ppn: number,
    times: number,
  ): void {
    const { counters } = this;
    const second = hardware.l2[size];
    if (second !== undefined && second.find(unit, index)) {
      counters.l2Hits[size] += times;
      return;
    }
    counters.misses[size] += times;
    counters.walks[this.#paging.walk(hardware, page, node, ppn)] += times;
    counters.hostReferences += times * hardware.hostReferences;
    second?.insert(unit, index);
    this.#witness?.walked(hardware, unit);
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
    this.#paging.found(page, units.records[RECORD * page + NODE], madeUpPpnOf.length > 0 ? madeUpPpnOf[page] : ppn);
  }

  changed(page: number): void {
    this.#witness?.slotChanged(this.plan.tables.slotOf[page]);
  }

  written(page: number, level: number, timeNs: number): void {
    this.#paging.written(page, level, timeNs);
  }

  invalidated(vcpu: number, page: number, hasChanged: boolean, isShown: boolean): void {
    const slot = page === -1 ? -1 : this.plan.tables.slotOf[page];
    if (vcpu !== -1) this.#hardwareOf(vcpu).invlpg(slot);
    else for (const hardware of this.vcpus.values()) hardware.invlpg(slot);
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
    for (const page of entries) this.#witness.unitChanged(this.plan.units.records[RECORD * page + UNIT]);
  }

  /** Throws where a cache holds what the tables no longer say. Needs `checked`. */
  check(): void {
    const { tables, tagged } = this.plan;
    for (const hardware of this.vcpus.values()) this.#witness?.check(hardware, this.host, tagged, tables);
  }

  #hardwareOf(vcpu: number): Hardware {
    const known = this.vcpus.get(vcpu);
    if (known !== undefined) return known;
    const { core, tables, units } = this.plan;
    const hardware = new Hardware(core, tables, units, this.host);
    this.vcpus.set(vcpu, hardware);
    return hardware;
  }
}
