import { number } from "@tidemark/data/shapes";
import type { ModeContext } from "../mode.ts";
import type { ShadowTables } from "./shadow-tables.ts";

export const tablePagesParam = number({
  default: 0,
  min: 0,
  max: 2 ** 32,
  unit: "pages",
  about: "most shadow tables held; 0: a fiftieth of the VM's memory, at least 64, as KVM does",
});

/** Least and share of memory of KVM's default (arch/x86/kvm/mmu.h: KVM_MIN_ALLOC_MMU_PAGES, KVM_PERMILLE_MMU_PAGES). */
const KVM_TABLES_MIN = 64,
  KVM_TABLES_SHARE = 0.02;

/** Keeps shadow tables within a bound: the space that was loaded least recently loses its own, never one that is loaded. */
export class ShadowBound {
  readonly #context: ModeContext;
  readonly #shadow: ShadowTables;
  readonly #tablesMax: number;
  readonly #loadedAt: number[] = [];
  #loads = 0;

  constructor(context: ModeContext, shadow: ShadowTables, tablePages: number) {
    this.#context = context;
    this.#shadow = shadow;
    this.#tablesMax = tablePages > 0 ? tablePages : Math.max(KVM_TABLES_MIN, Math.floor(context.configuredPages * KVM_TABLES_SHARE));
  }

  loaded(space: number): void {
    this.#loadedAt[space] = ++this.#loads;
  }

  /** After a fill for `space`. Returns whether anything was given up. */
  enforce(space: number): boolean {
    const { counters, vcpus } = this.#context;
    let hasDropped = false;
    while (counters.tablePages > this.#tablesMax) {
      const victim = this.#victim(space);
      if (victim === -1) break;
      const before = counters.tablePages;
      this.#shadow.dropSpace(victim);
      counters.unshadows += before - counters.tablePages;
      for (const hardware of vcpus()) hardware.dropSpace(victim);
      hasDropped = true;
    }
    return hasDropped;
  }

  #victim(space: number): number {
    const { rootOf } = this.#context.tables;
    const loaded = new Set([space, ...[...this.#context.vcpus()].map((hardware) => hardware.space)]);
    let victim = -1;
    for (let s = 0; s < rootOf.length; s++) {
      if (loaded.has(s) || !this.#shadow.isHeld(rootOf[s])) continue;
      if (victim === -1 || (this.#loadedAt[s] ?? 0) < (this.#loadedAt[victim] ?? 0)) victim = s;
    }
    return victim;
  }
}
