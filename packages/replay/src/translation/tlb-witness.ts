import { assert } from "@tidemark/data";
import type { GuestTables } from "./guest-tables.ts";
import type { Hardware } from "./hardware.ts";
import type { HostTables } from "./host-tables.ts";
import { GLOBAL } from "./table-tree.ts";
import type { Units } from "./units.ts";

/** Remembers what every translation was when the hardware fetched it, so that a stale one can be found. For checks: it costs a map entry per walk. */
export class TlbWitness {
  readonly #units: Units;
  /** How often the tables changed what they say of a slot and of a unit. */
  readonly #slotVersion: Float64Array;
  readonly #unitVersion: Float64Array;
  /** By key. */
  readonly #unitOf: Map<number, number>;
  /** By hardware and key. */
  readonly #fetched = new Map<Hardware, Map<number, number>>();

  constructor(units: Units) {
    this.#units = units;
    this.#slotVersion = new Float64Array(units.firstOf.length);
    this.#unitVersion = new Float64Array(units.units);
    this.#unitOf = new Map(Array.from(units.unitOf, (unit) => [units.keyOf[unit], unit]));
  }

  slotChanged(slot: number): void {
    this.#slotVersion[slot]++;
  }

  unitChanged(unit: number): void {
    this.#unitVersion[unit]++;
  }

  walked(hardware: Hardware, key: number): void {
    const fetched = this.#fetched.get(hardware) ?? new Map<number, number>();
    this.#fetched.set(hardware, fetched.set(key, this.#version(this.#unit(key))));
  }

  /** Looks at every entry of a vCPU's caches: none may disagree with the tables, or outlive the address space it belongs to. */
  check(hardware: Hardware, host: HostTables, tagged: boolean, tables: GuestTables): void {
    const { spaceOf } = this.#units;
    const fetched = this.#fetched.get(hardware);
    // Rows that do not know their space come in any.
    const isLoaded = (space: number): boolean => tagged || space === hardware.space || space === GLOBAL || tables.spaceValues[space] === 0;
    const ownNode = (node: number): boolean => isLoaded(tables.spaceOf[node]);
    for (const cache of [...hardware.l1, ...hardware.l1Fetch, ...hardware.l2]) {
      for (const key of cache?.keys() ?? []) {
        const node = hardware.nodeOfKey(key);
        if (node !== undefined) assert(ownNode(node), `paging-structure entry ${node} outlives its address space`);
        else {
          const unit = this.#unit(key);
          assert(fetched?.get(key) === this.#version(unit), `TLB entry ${key} is stale`);
          assert(isLoaded(spaceOf[unit]), `TLB entry ${key} outlives its address space`);
        }
      }
    }
    for (const cache of hardware.paging) {
      for (const node of cache?.keys() ?? []) assert(ownNode(node), `paging-structure entry ${node} outlives its address space`);
    }
    for (const page of hardware.nestedTlb?.keys() ?? [])
      assert(host.isPresent((page << host.shift) >>> 0), `nested TLB entry of host page ${page} is stale`);
  }

  #unit(key: number): number {
    const unit = this.#unitOf.get(key);
    assert(unit !== undefined, `TLB entry ${key} is of no page`);
    return unit;
  }

  #version(unit: number): number {
    return this.#slotVersion[this.#units.slotOf[unit]] + this.#unitVersion[unit];
  }
}
