import { KERNEL_HALF_VPN } from "./page-size.ts";
import { GLOBAL } from "./table-tree.ts";
import type { GuestTables } from "./guest-tables.ts";

/** Finds pages by their address. Made when an event first names one: traces without such events never pay for it. */
export class EntryIndex {
  readonly #pages = new Map<number, Map<number, number>>();

  constructor({ pages, kernel, spaceOfPage, entryOf, vpnOf }: GuestTables) {
    for (let page = 0; page < pages; page++) {
      if (entryOf[page] !== page) continue;
      const space = kernel[page] === 1 ? GLOBAL : spaceOfPage[page];
      const ofSpace = this.#pages.get(space) ?? new Map<number, number>();
      ofSpace.set(vpnOf[page], page);
      this.#pages.set(space, ofSpace);
    }
  }

  /** The page with an address in a space; −1 where the trace never accesses it. */
  find(space: number, vpn: number): number {
    return this.#pages.get(vpn >= KERNEL_HALF_VPN ? GLOBAL : space)?.get(vpn) ?? -1;
  }
}
