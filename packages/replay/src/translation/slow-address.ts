import { KERNEL_HALF_VPN, PAGE_SIZES } from "./page-size.ts";
import type { Setting } from "./testing.ts";

/** Everything a slow model wants to name about an address: names are text, equal where the thing is one. */
export interface SlowAddress {
  readonly space: number;
  readonly vpn: number;
  readonly kernel: boolean;
  readonly entry: string;
  readonly slot: string;
  readonly leafLevel: number;
}

/** How addresses are cut under a setting. `top` is the number of levels. */
export function slowAddresses(setting: Setting) {
  const top = setting.levels ?? 4;
  const { guestPages = "4k", tracedLevel = () => 1 } = setting;
  const hostLevel = PAGE_SIZES.indexOf(setting.hostPages ?? "4k") + 1;
  const of = (space: number, vpn: number): SlowAddress => {
    const kernel = vpn >= KERNEL_HALF_VPN;
    const owner = kernel ? "kernel" : `space ${space}`;
    const leafLevel = guestPages === "trace" ? tracedLevel(space, vpn) : PAGE_SIZES.indexOf(guestPages) + 1;
    const slot = `${owner}: ${leafLevel} ${Math.floor(vpn / 512 ** (leafLevel - 1))}`;
    return { space, vpn, kernel, leafLevel, entry: `${owner} ${vpn}`, slot };
  };
  const prefix = (a: SlowAddress, level: number): number => Math.floor(a.vpn / 512 ** level);
  return {
    top,
    hostLevel,
    of,
    prefix,
    /** A table as one space sees it. */
    node: (a: SlowAddress, level: number): string => (level === top ? `root of ${a.space}` : `${a.space}: ${level} ${prefix(a, level)}`),
    /** The page that holds a table. */
    table: (a: SlowAddress, level: number): string =>
      level === top ? `root of ${a.space}` : `${a.kernel ? "kernel" : a.space}: ${level} ${prefix(a, level)}`,
    /** The entry that points to a table. */
    link: (a: SlowAddress, level: number): string =>
      level === top - 1 ? `in root of ${a.space}: ${prefix(a, level)}` : `${a.kernel ? "kernel" : a.space}: ${level} ${prefix(a, level)}`,
  };
}
export type SlowAddresses = ReturnType<typeof slowAddresses>;
