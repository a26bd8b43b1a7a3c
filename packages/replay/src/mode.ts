import type { Named, Params, Values } from "@tidemark/data/shapes";
import type { Counters } from "./translation/counters.ts";
import type { GuestTables } from "./translation/guest-tables.ts";
import type { Hardware } from "./translation/hardware.ts";
import type { HostTables } from "./translation/host-tables.ts";
import type { Units } from "./translation/units.ts";

/** What a mode works on: one VM on one core. */
export interface ModeContext {
  readonly tables: GuestTables;
  readonly units: Units;
  readonly host: HostTables;
  readonly counters: Counters;
  /** The vCPUs seen so far. */
  readonly vcpus: () => Iterable<Hardware>;
  readonly configuredPages: number;
}

/**
 * How a VM's addresses are translated. It counts; it decides nothing about memory: no residency, victim or ledger figure depends on it.
 * What the guest does to its own hardware (INVLPG, CR3) is done before it is told.
 */
export interface Paging {
  /** Where every walk is Hardware.walk of the given node with one and the same guest level, and nothing else: that level. */
  readonly guestLevel?: number;
  /** The TLB has nothing for a page: find its frame and return the memory references of the walk. `node`: of the table at the level of the page's unit. */
  walk(hardware: Hardware, page: number, node: number, ppn: number): number;
  /** A mapping is first seen, without a fault that made it: it was there from the start. Only told where the hypervisor's tables start warm. */
  found(page: number, node: number, ppn: number): void;
  /** CR3 was loaded. */
  loaded(space: number): void;
  /** The guest wrote the entry for `page` in its table of `level`. */
  written(page: number, level: number, timeNs: number): void;
  /** INVLPG of a page, −1 if nobody knows which. `hasChanged`: its leaf entry is not what it was. `isShown`: the trace has it, or must have lost it. */
  invalidated(page: number, hasChanged: boolean, isShown: boolean): void;
  /** A page fault of the guest's own, at `page` or −1 if nobody knows where. */
  faulted(page: number): void;
  /** The pmap entry of a PPN changed: what was derived from it goes. `entries`: the pages that map it now, one per 4 KB mapping. */
  forget(ppn: number, entries: readonly number[]): void;
  /** A whole `tickNs` of the trace has passed. */
  tick?(timeNs: number): void;
}

export interface Mode<P extends Params = Params> extends Named {
  readonly source: string;
  readonly params: P;
  /** Whether there is a host under the guest: its page size then bounds what the TLB holds. */
  readonly hasHost: boolean;
  /** Whether there are processors or hypervisors that do it; else it is a proposal. */
  readonly isBuilt: boolean;
  /** A flat nested table instead of a tree. */
  readonly isFlat: boolean;
  /** Trace time between ticks; 0 for none. */
  tickNs(params: Values<P>): number;
  create(context: ModeContext, params: Values<P>): Paging;
}

export const mode = <const P extends Params>(m: Mode<P>): Mode<P> => m;
