import {
  accessBatch,
  FAULT,
  guestBatch,
  INVLPG,
  MAP,
  NONE,
  SWITCH,
  UNKNOWN,
  UNMAP,
  WP,
  type AccessBatch,
  type GuestBatch,
} from "@tidemark/data";
import type { Core } from "../core.ts";
import { cores as allCores } from "../cores.ts";
import type { Mode } from "../mode.ts";
import { modes as allModes } from "../modes.ts";
import { listCounters, type Counted } from "./counters.ts";
import { listGuestCounters } from "./guest-counters.ts";
import { KERNEL_HALF_VPN, type PageSize } from "./page-size.ts";
import { VmTranslation, type VmTranslationPlan } from "./vm-translation.ts";

/** One access row, guest event or change of the pmap in a trace written by hand. */
export type Step =
  | {
      readonly is: "row";
      readonly ns: number;
      readonly vcpu: number;
      readonly space: number;
      readonly vpn: number;
      readonly ppn: number;
      readonly kind: number;
      readonly count: number;
    }
  | {
      readonly is: "switch" | "invlpg" | "fault" | "wp" | "map" | "unmap";
      readonly ns: number;
      readonly vcpu: number;
      readonly space: number;
      readonly vpn: number;
      readonly ppn: number;
      readonly count: number;
    }
  | { readonly is: "forget"; readonly ppn: number };

export const EVENT_KIND = { switch: SWITCH, invlpg: INVLPG, fault: FAULT, wp: WP, map: MAP, unmap: UNMAP } as const;

/** What a test wants to vary; the rest is a small exact machine. */
export interface Setting {
  readonly cores?: readonly Core[];
  readonly modes?: readonly Mode[];
  readonly given?: { readonly [mode: string]: { readonly [name: string]: string | number } };
  readonly guestPages?: PageSize | "trace";
  /** Where `guestPages` is `trace`: level of the leaf entry of a page, the same for all pages of a mapping and all spaces of the kernel half. */
  readonly tracedLevel?: (space: number, vpn: number) => number;
  readonly hostPages?: PageSize;
  readonly levels?: number;
  readonly hostLevels?: number;
  readonly tagged?: boolean;
  readonly isExact?: boolean;
  readonly warm?: boolean;
  readonly hasInvlpgs?: boolean;
  readonly spacesAreRoots?: boolean;
  readonly configuredPages?: number;
  readonly batchRows?: number;
  /** Look for stale entries after every step. */
  readonly checked?: boolean;
}

export const row = (vpn: number, ppn: number, more: Partial<Extract<Step, { is: "row" }>> = {}): Step => ({
  is: "row",
  ns: 0,
  vcpu: 0,
  space: 1,
  vpn,
  ppn,
  kind: 0,
  count: 1,
  ...more,
});

/** Unless it has a time of its own it comes just before the rows that have none: those answer it. */
export const event = (is: keyof typeof EVENT_KIND, more: Partial<Exclude<Step, { is: "row" } | { is: "forget" }>> = {}): Step => ({
  ns: -1,
  vcpu: 0,
  space: 0,
  vpn: NaN,
  ppn: NONE,
  count: 1,
  ...more,
  is,
});

function planOf(setting: Setting): VmTranslationPlan {
  const { modes = allModes, given = {} } = setting;
  return {
    name: "vm",
    cores: setting.cores ?? allCores,
    modes: modes.map((mode) => ({ mode, given: given[mode.name] ?? {} })),
    guestPages: setting.guestPages ?? "4k",
    hostPages: setting.hostPages ?? "4k",
    tracedLevel: setting.tracedLevel ?? (() => 1),
    levels: setting.levels ?? 4,
    hostLevels: setting.hostLevels ?? 4,
    tagged: setting.tagged ?? true,
    isExact: setting.isExact ?? true,
    warm: setting.warm ?? false,
    hasInvlpgs: setting.hasInvlpgs ?? false,
    spacesAreRoots: setting.spacesAreRoots ?? false,
    configuredPages: setting.configuredPages ?? 2 ** 20,
    originNs: 0,
    checked: setting.checked ?? false,
  };
}

/** Plays steps, in batches of rows as long as `batchRows` allows. */
export function translate(steps: readonly Step[], setting: Setting): VmTranslation {
  const pageOf = new Map<string, number>();
  const spaces: number[] = [];
  const vpns: number[] = [];
  for (const step of steps) {
    if (step.is !== "row" || pageOf.has(`${step.space} ${step.vpn}`)) continue;
    pageOf.set(`${step.space} ${step.vpn}`, pageOf.size);
    spaces.push(step.space);
    vpns.push(step.vpn);
  }
  const vm = new VmTranslation({ space: Float64Array.from(spaces), vpn: Float64Array.from(vpns) }, planOf(setting));
  const rowsMax = setting.batchRows ?? 65_536;
  for (let at = 0; at < steps.length;) {
    const step = steps[at];
    if (step.is === "forget") {
      vm.watch.forget(step.ppn);
      at++;
    } else if (step.is === "row") {
      let end = at;
      while (end < steps.length && steps[end].is === "row" && end - at < rowsMax) end++;
      vm.accesses(rowsOf(steps.slice(at, end), pageOf), 0, end - at);
      at = end;
    } else {
      vm.guestEvents(eventOf(step), 0, 1);
      at++;
    }
    vm.check();
  }
  vm.watch.finish();
  return vm;
}

function rowsOf(steps: readonly Step[], pageOf: ReadonlyMap<string, number>): AccessBatch {
  const batch = accessBatch(steps.length);
  batch.length = steps.length;
  steps.forEach((step, i) => {
    if (step.is !== "row") throw new Error("not a row");
    batch.timeNs[i] = step.ns;
    batch.vcpu[i] = step.vcpu;
    batch.kind[i] = step.kind;
    batch.page[i] = pageOf.get(`${step.space} ${step.vpn}`) ?? -1;
    batch.ppn[i] = step.ppn;
    batch.count[i] = step.count;
  });
  return batch;
}

function eventOf(step: Exclude<Step, { is: "row" } | { is: "forget" }>): GuestBatch {
  const batch = guestBatch(1);
  batch.length = 1;
  batch.kind[0] = EVENT_KIND[step.is];
  batch.timeNs[0] = step.ns;
  batch.vcpu[0] = step.vcpu;
  batch.space[0] = step.space;
  batch.vpn[0] = step.vpn;
  batch.ppn[0] = step.ppn;
  batch.count[0] = step.count;
  batch.level[0] = UNKNOWN;
  return batch;
}

/**
 * Mappings of three sizes side by side, for tests: of every 1 GB region (of a space, or the kernel half) `pick` says whether it is one
 * mapping (level 3), and else of every 2 MB region in it whether that is one (2) or 4 KB pages (1).
 */
export function mixedLevels(pick: number): (space: number, vpn: number) => number {
  return (space, vpn) => {
    const owner = vpn >= KERNEL_HALF_VPN ? -1 : space;
    if (scattered([pick, owner, 3, Math.floor(vpn / 512 ** 2)]) % 3 === 0) return 3;
    return scattered([pick, owner, 2, Math.floor(vpn / 512)]) % 2 === 0 ? 2 : 1;
  };
}

/** A whole number that looks drawn: FNV-1a over the halves of the given ones. */
function scattered(numbers: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const number of numbers)
    for (const half of [number % 2 ** 32, Math.floor(number / 2 ** 32)]) {
      hash = Math.imul(hash ^ half, 0x01000193);
      hash ^= hash >>> 15;
    }
  return hash >>> 8;
}

/** All counters by name: `skylake nested: walks 24 references` → value; the guest's own under `guest`. */
export function countersOf(vm: VmTranslation): Record<string, number> {
  const all: [string, number][] = [];
  const note = (of: string, counted: readonly Counted[]): void => {
    for (const { group, counter, value } of counted) all.push([`${of}: ${group} ${counter}`, value]);
  };
  note("guest", listGuestCounters(vm.watch.counters));
  for (const { plan, counters } of vm.translators) note(`${plan.core.name} ${plan.mode.name}`, listCounters(counters));
  return Object.fromEntries(all);
}

/** One mode on one core: its counters by name, zeros left out. */
export function counted(steps: readonly Step[], core: Core, mode: Mode, setting: Setting = {}): Record<string, number> {
  const vm = translate(steps, { ...setting, cores: [core], modes: [mode] });
  return Object.fromEntries(
    listCounters(vm.translators[0].counters)
      .filter(({ value }) => value > 0)
      .map(({ group, counter, value }) => [`${group} ${counter}`, value]),
  );
}
