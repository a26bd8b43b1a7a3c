import { WRITE } from "@tidemark/data";
import { noGuestCounters, type GuestCounters } from "./guest-counters.ts";
import { slowAddresses, type SlowAddress } from "./slow-address.ts";
import type { Setting, Step } from "./testing.ts";

/** What a machine is told, in order. `at` undefined: nobody knows where; `vcpu` −1: every one. */
export type SlowAct =
  | {
      readonly act: "access";
      readonly vcpu: number;
      readonly at: SlowAddress;
      readonly ppn: number;
      readonly kind: number;
      readonly count: number;
    }
  | { readonly act: "entered" | "loaded"; readonly vcpu: number; readonly space: number }
  | { readonly act: "written"; readonly at: SlowAddress; readonly level: number; readonly ns: number }
  | {
      readonly act: "invalidated";
      readonly vcpu: number;
      readonly at: SlowAddress | undefined;
      readonly hasChanged: boolean;
      readonly isShown: boolean;
    }
  | { readonly act: "faulted"; readonly at: SlowAddress | undefined }
  | { readonly act: "found"; readonly at: SlowAddress; readonly ppn: number }
  | { readonly act: "forget"; readonly ppn: number; readonly entries: readonly SlowAddress[] }
  | { readonly act: "time"; readonly ns: number };

/** What the guest did, told from a trace: the rules of docs/translation.md, row by row. */
export function slowGuest(
  steps: readonly Step[],
  setting: Setting,
): { readonly acts: readonly SlowAct[]; readonly counters: GuestCounters } {
  const { isExact = true, hasInvlpgs = false, configuredPages = 2 ** 20 } = setting;
  const cut = slowAddresses(setting);
  const acts: SlowAct[] = [];
  const counters = noGuestCounters();
  const ppnOf = new Map<string, number>();
  const changes = new Map<string, number>();
  const seenSlots = new Set<string>();
  const seenTables = new Set<string>();
  const firstOf = new Map<string, SlowAddress>();
  for (const step of steps) {
    if (step.is !== "row") continue;
    const a = cut.of(step.space, step.vpn);
    if (!firstOf.has(a.entry)) firstOf.set(a.entry, a);
  }
  const vcpus = new Map<number, { number: number; space: number; pending: string; pendingSpace: number; pendingNs: number }>();
  type Vcpu = { number: number; space: number; pending: string; pendingSpace: number; pendingNs: number };

  const answer = (v: Vcpu, at: SlowAddress | undefined): void => {
    v.pending = "";
    acts.push({ act: "faulted", at });
  };
  const giveUp = (v: Vcpu): void => {
    if (v.pending === "") return;
    counters.writesNotLocated++;
    answer(v, undefined);
  };
  const load = (v: Vcpu, space: number): void => {
    v.space = space;
    acts.push({ act: "loaded", vcpu: v.number, space });
  };
  const write = (at: SlowAddress, ns: number): void => {
    for (let level = cut.top; level >= at.leafLevel; level--) {
      if (level > at.leafLevel && seenTables.has(cut.table(at, level - 1))) continue;
      counters.tableWrites++;
      acts.push({ act: "written", at, level, ns });
    }
  };
  const invalidate = (at: SlowAddress, isInstruction: boolean): void => {
    const isShown = isInstruction && !hasInvlpgs;
    if (isShown) counters.invlpgs++;
    if (isShown) counters.invlpgsImplied++;
    acts.push({ act: "invalidated", vcpu: -1, at, hasChanged: true, isShown });
  };
  const see = (at: SlowAddress): void => {
    seenSlots.add(at.slot);
    for (let level = at.leafLevel; level <= cut.top; level++) seenTables.add(cut.table(at, level));
  };
  const find = (v: Vcpu, space: number, vpn: number): SlowAddress | undefined =>
    firstOf.get(cut.of(space === 0 ? v.space : space, vpn).entry);

  for (const step of steps) {
    if (step.is === "forget") {
      const entries = [...ppnOf].filter(([, ppn]) => ppn === step.ppn).map(([entry]) => firstOf.get(entry));
      acts.push({ act: "forget", ppn: step.ppn, entries: entries.filter((a) => a !== undefined) });
      continue;
    }
    acts.push({ act: "time", ns: step.ns });
    let v = vcpus.get(step.vcpu);
    if (v === undefined) {
      v = { number: step.vcpu, space: 0, pending: "", pendingSpace: 0, pendingNs: 0 };
      vcpus.set(step.vcpu, v);
      acts.push({ act: "entered", vcpu: v.number, space: 0 });
    }
    if (step.is === "row") {
      const { vpn, ppn, kind, count, ns } = step;
      const a = cut.of(step.space, vpn);
      if (ppn >= configuredPages) {
        counters.outsideMemory += count;
        continue;
      }
      if (a.space !== 0 && a.space !== v.space) {
        if (v.space === 0) {
          acts.push({ act: "entered", vcpu: v.number, space: a.space });
          v.space = a.space;
        } else {
          counters.cr3Loads++;
          counters.cr3LoadsImplied++;
          load(v, a.space);
        }
      }
      const before = ppnOf.get(a.entry);
      ppnOf.set(a.entry, ppn);
      let hasChanged = false;
      if (before !== undefined && before !== ppn) {
        const times = (changes.get(`entry ${a.entry}`) ?? 0) + 1;
        changes.set(`entry ${a.entry}`, times);
        hasChanged = times > (changes.get(`slot ${a.slot}`) ?? 0);
        if (hasChanged) changes.set(`slot ${a.slot}`, times);
      }
      const isLocatable = a.kernel || (isExact && a.space !== 0);
      const isNew = !seenSlots.has(a.slot);
      const isFaults = v.pending === "wp" ? kind === WRITE : v.pending === "fault" && (isNew || hasChanged);
      const answers = isFaults && ns > v.pendingNs && !a.kernel && isLocatable && a.space === v.pendingSpace;
      if (answers) answer(v, a);
      if (answers || hasChanged) {
        if (isLocatable) write(a, ns);
        else counters.ambiguousChanges++;
      }
      if (hasChanged || (answers && !isNew)) invalidate(a, isLocatable && hasChanged);
      if (before === undefined && !answers) acts.push({ act: "found", at: a, ppn });
      see(a);
      acts.push({ act: "access", vcpu: v.number, at: a, ppn, kind, count });
      continue;
    }
    const { ns, vpn, ppn, count } = step;
    if (step.is === "switch") {
      counters.cr3Loads++;
      load(v, step.space);
    } else if (step.is === "invlpg") {
      counters.invlpgs++;
      acts.push({ act: "invalidated", vcpu: v.number, at: find(v, step.space, vpn), hasChanged: false, isShown: true });
    } else if (step.is === "fault" || (step.is === "wp" && v.pending !== "fault")) {
      counters.faults++;
      giveUp(v);
      v.pending = step.is;
      v.pendingSpace = v.space;
      v.pendingNs = ns;
      if (!isExact || v.space === 0) giveUp(v);
    } else if (step.is === "wp") v.pending = "wp";
    else {
      const written = new Set<string>();
      const missed = new Set<string>();
      const invalidated = new Set<string>();
      for (let k = 0; k < count; k++) {
        const a = find(v, step.space, vpn + k);
        if (a === undefined) {
          missed.add(Number.isNaN(vpn) ? `nowhere ${k}` : cut.of(step.space === 0 ? v.space : step.space, vpn + k).slot);
          continue;
        }
        const before = ppnOf.get(a.entry);
        const after = step.is === "map" && ppn + k < configuredPages ? ppn + k : undefined;
        if (v.pending !== "" && !a.kernel) answer(v, a);
        if (!written.has(a.slot)) write(a, ns);
        written.add(a.slot);
        if (after === undefined) ppnOf.delete(a.entry);
        else ppnOf.set(a.entry, after);
        if (before !== undefined && before !== after && !invalidated.has(a.slot)) {
          invalidated.add(a.slot);
          invalidate(a, true);
        }
        see(a);
      }
      for (const slot of missed) if (!written.has(slot)) counters.writesNotLocated++;
    }
  }
  for (const v of vcpus.values()) giveUp(v);
  return { acts, counters };
}
