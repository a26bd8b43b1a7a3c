import { InputError, INVLPG, MAP, UNKNOWN, type Trace } from "@tidemark/data";
import { KERNEL_HALF_VPN, leafLevelOf, prefixAt, TABLE_ENTRIES } from "./page-size.ts";

const GIGABYTE = leafLevelOf("1g");

/** What must be known of a VM's guest events before the first of them is played. */
export interface EventSurvey {
  readonly hasInvlpgs: boolean;
  /** Level at which the guest maps a page, as its map events say: the same for all pages of one mapping. */
  readonly levelOf: (space: number, vpn: number) => number;
}

/** By region of 2 MB (level 1) and of 1 GB (level 2): the smallest level of the map events in it. */
type Levels = ReadonlyMap<string, number>;

const keyOf = (space: number, vpn: number, level: number): string =>
  `${vpn >= KERNEL_HALF_VPN ? "kernel" : space} ${level} ${prefixAt(vpn, level)}`;

/**
 * A 2 MB region mapped at several levels counts as the smallest of them throughout. A 1 GB mapping is all of its region, unless some
 * of that is mapped in smaller pages: the others are of 2 MB then, for one entry cannot be both.
 */
function levelAt(levels: Levels, space: number, vpn: number): number {
  const level = levels.get(keyOf(space, vpn, 1)) ?? levels.get(keyOf(0, vpn, 1)) ?? 1;
  if (level < GIGABYTE) return level;
  const isWhole = [space, 0].every((of) => (levels.get(keyOf(of, vpn, 2)) ?? GIGABYTE) === GIGABYTE);
  return isWhole ? GIGABYTE : GIGABYTE - 1;
}

/** Looks through the guest events of a trace, once for all of its VMs. */
export async function surveyEvents(trace: Trace): Promise<readonly EventSurvey[]> {
  const vms = trace.manifest.vms.map(() => ({ hasInvlpgs: false, levels: new Map<string, number>() }));
  for await (const { length, timeNs, vm, kind, space, vpn, count, level } of trace.guestEvents()) {
    for (let i = 0; i < length; i++) {
      const of = vms[vm[i]];
      if (kind[i] === INVLPG) of.hasInvlpgs = true;
      if (kind[i] !== MAP || level[i] === UNKNOWN) continue;
      if (level[i] < 1 || level[i] > GIGABYTE)
        throw new InputError(
          `${trace.name}: the map event at ${timeNs[i]} ns is of level ${level[i]}; it must be 1 (4 KB), 2 (2 MB), 3 (1 GB), or null where it is not known`,
        );
      const size = TABLE_ENTRIES ** (level[i] - 1);
      const begin = vpn[i] - (vpn[i] % size);
      const end = Math.ceil((vpn[i] + count[i]) / size) * size;
      for (const above of [1, 2]) {
        const last = prefixAt(end - 1, above);
        for (let region = prefixAt(begin, above); region <= last; region++) {
          const key = keyOf(space[i], region * TABLE_ENTRIES ** above, above);
          of.levels.set(key, Math.min(of.levels.get(key) ?? level[i], level[i]));
        }
      }
    }
  }
  return vms.map(({ hasInvlpgs, levels }) => ({
    hasInvlpgs,
    levelOf: levels.size === 0 ? () => 1 : (space, vpn) => levelAt(levels, space, vpn),
  }));
}
