import { INVLPG, MAP, UNKNOWN, type Trace } from "@tidemark/data";
import { KERNEL_HALF_VPN, LEVEL_BITS, prefixAt } from "./page-size.ts";

/** What must be known of a VM's guest events before the first of them is played. */
export interface EventSurvey {
  readonly hasInvlpgs: boolean;
  /** Level at which the guest maps a page, as its map events say. */
  readonly levelOf: (space: number, vpn: number) => number;
}

/** Looks through the guest events of a trace, once for all of its VMs. */
export async function surveyEvents(trace: Trace): Promise<readonly EventSurvey[]> {
  const vms = trace.manifest.vms.map(() => ({ hasInvlpgs: false, levels: new Map<string, number>() }));
  const keyOf = (space: number, vpn: number): string => `${vpn >= KERNEL_HALF_VPN ? "kernel" : space} ${prefixAt(vpn, 1)}`;
  for await (const { length, vm, kind, space, vpn, count, level } of trace.guestEvents()) {
    for (let i = 0; i < length; i++) {
      const of = vms[vm[i]];
      if (kind[i] === INVLPG) of.hasInvlpgs = true;
      if (kind[i] !== MAP || level[i] === UNKNOWN) continue;
      // A region mapped at several levels counts as the smallest of them throughout.
      const last = prefixAt(vpn[i] + count[i] - 1, 1);
      for (let region = prefixAt(vpn[i], 1); region <= last; region++) {
        const key = keyOf(space[i], region * 2 ** LEVEL_BITS);
        of.levels.set(key, Math.min(of.levels.get(key) ?? level[i], level[i]));
      }
    }
  }
  return vms.map(({ hasInvlpgs, levels }) => ({
    hasInvlpgs,
    levelOf: levels.size === 0 ? () => 1 : (space, vpn) => levels.get(keyOf(space, vpn)) ?? levels.get(keyOf(0, vpn)) ?? 1,
  }));
}
