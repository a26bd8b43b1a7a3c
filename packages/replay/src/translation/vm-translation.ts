import { readParams, type AccessBatch, type GuestBatch, type Params, type TracedPages, type Values } from "@tidemark/data";
import type { Core } from "../core.ts";
import { countUpTo } from "../schedule.ts";
import type { Mode } from "../mode.ts";
import { createGuestTables, type GuestTables, type GuestTablesPlan } from "./guest-tables.ts";
import { GuestWatch } from "./guest-watch.ts";
import { Kernel } from "./kernel.ts";
import { Translator } from "./translator.ts";
import { layNodes } from "./machine-layout.ts";
import { createUnits } from "./units.ts";

interface WantedMode {
  readonly mode: Mode;
  readonly given: { readonly [name: string]: string | number };
}

export interface VmTranslationPlan extends GuestTablesPlan {
  readonly cores: readonly Core[];
  readonly modes: readonly WantedMode[];
  readonly tagged: boolean;
  readonly hostLevels: number;
  readonly isExact: boolean;
  readonly hasInvlpgs: boolean;
  readonly warm: boolean;
  readonly originNs: number;
  /** Remember what was translated, for `check`. */
  readonly checked?: boolean;
}

interface Ticking {
  readonly translator: Translator;
  readonly periodNs: number;
  nextNs: number;
}

/** One VM's trace, translated in every wanted mode on every wanted core at once. */
export class VmTranslation {
  readonly tables: GuestTables;
  readonly translators: readonly Translator[];
  readonly watch: GuestWatch;
  readonly #ticking: Ticking[];

  constructor(pages: TracedPages, plan: VmTranslationPlan) {
    this.tables = createGuestTables(pages, plan);
    const kernel = new Kernel();
    const withHost = createUnits(kernel, this.tables, true);
    const alone = withHost.isSplintered ? createUnits(kernel, this.tables, false) : withHost;
    const nodes = layNodes(kernel, this.tables);
    this.#ticking = [];
    this.translators = plan.cores.flatMap((core) =>
      plan.modes.map(({ mode, given }) => {
        const params: Values<Params> = readParams(mode.name, mode.params, given);
        const translator = new Translator({
          ...plan,
          kernel,
          nodes,
          checked: plan.checked ?? false,
          core,
          mode,
          params,
          tables: this.tables,
          units: mode.hasHost ? withHost : alone,
        });
        const periodNs = mode.tickNs(params);
        if (periodNs > 0) this.#ticking.push({ translator, periodNs, nextNs: plan.originNs + periodNs });
        return translator;
      }),
    );
    this.watch = new GuestWatch({ ...plan, kernel, tables: this.tables, records: withHost.records }, this.translators);
  }

  /** Rows of this VM, in order with its guest events. */
  accesses(batch: AccessBatch, from: number, to: number): void {
    for (let at = from; at < to;) {
      const end = countUpTo(batch.timeNs, this.#nextTick(), at, to);
      if (end > at) this.watch.accesses(batch, at, end);
      if (end < to) this.#tick(batch.timeNs[end]);
      at = end;
    }
  }

  guestEvents(batch: GuestBatch, from: number, to: number): void {
    for (let at = from; at < to;) {
      const end = countUpTo(batch.timeNs, this.#nextTick(), at, to);
      if (end > at) this.watch.guestEvents(batch, at, end);
      if (end < to) this.#tick(batch.timeNs[end]);
      at = end;
    }
  }

  /** Throws where a TLB or walk cache holds what the tables no longer say. Needs `checked`. */
  check(): void {
    for (const translator of this.translators) translator.check();
  }

  #nextTick(): number {
    return this.#ticking.reduce((next, { nextNs }) => Math.min(next, nextNs), Infinity);
  }

  /** Ticks that lie before `timeNs`, of which only the last of each can matter: nothing happens between them. */
  #tick(timeNs: number): void {
    for (const ticking of this.#ticking) {
      const { translator, periodNs, nextNs } = ticking;
      if (nextNs >= timeNs) continue;
      const last = nextNs + Math.floor((timeNs - nextNs - 1) / periodNs) * periodNs;
      ticking.nextNs = last + periodNs;
      translator.tick(last);
    }
  }
}
