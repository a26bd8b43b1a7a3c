import type { ModeContext, Paging } from "../mode.ts";

/** Paging by two dimensions: the guest owns its tables and its faults; the hypervisor hears only of PPNs that its own tables lack. */
export function nestedPaging({ tables, units, host, vcpus }: ModeContext): Paging {
  const allGuest = tables.levels + 1;
  const { leafNodeOf } = tables;
  const { isSplintered } = units;
  return {
    ...(isSplintered ? {} : { guestLevel: allGuest }),
    walk: (hardware, page, node, ppn) => hardware.walk(isSplintered ? leafNodeOf[page] : node, allGuest, ppn),
    found: (page, _node, ppn) => holdInHost(tables, host, page, ppn),
    loaded() {},
    written() {},
    invalidated() {},
    faulted() {},
    forget(ppn, entries) {
      forgetInHost(host, tables.madeUpPpnOf, ppn, entries);
      // INVEPT knows no single page (Intel SDM vol. 3C, "Invalidating cached EPT translation information").
      for (const hardware of vcpus()) hardware.flush();
    },
  };
}

/** Enters a page and the guest tables on its path into the nested tables, as if the guest had touched them before. */
export function holdInHost(
  { leafNodeOf, parentOf, tablePpnOf }: ModeContext["tables"],
  host: ModeContext["host"],
  page: number,
  ppn: number,
): void {
  host.hold(ppn);
  for (let node = leafNodeOf[page]; node !== -1; node = parentOf[node]) host.hold(tablePpnOf[node]);
}

/** Clears the nested entry of a PPN; where PPNs are made up, of every page that stands for it. */
export function forgetInHost(host: ModeContext["host"], madeUpPpnOf: Int32Array, ppn: number, entries: readonly number[]): void {
  if (madeUpPpnOf.length === 0) host.forget(ppn);
  else for (const page of entries) host.forget(madeUpPpnOf[page]);
}
