import type { SlowAddress, SlowAddresses } from "./slow-address.ts";
import type { Setting, Step } from "./testing.ts";

/** PPNs that the trace does not give: of tables, and of pages where mappings are larger than the trace's. In order of first sight, above memory. */
export function slowMemory(steps: readonly Step[], setting: Setting, cut: SlowAddresses) {
  const { configuredPages = 2 ** 20, spacesAreRoots = false, guestPages = "4k" } = setting;
  /** 4 KB pages in each mapping of a what-if; 1 where PPNs are the trace's. */
  const size = guestPages === "2m" ? 512 : guestPages === "1g" ? 512 ** 2 : 1;
  const base = Math.ceil(configuredPages / size) * size;
  const slots = new Map<string, number>();
  const nodes = new Set<string>();
  const tables: string[] = [];
  const spaceOf = new Map<string, number>();
  for (const step of steps) {
    if (step.is !== "row") continue;
    const a = cut.of(step.space, step.vpn);
    if (!slots.has(a.slot)) slots.set(a.slot, slots.size);
    for (let level = cut.top; level >= Math.min(a.leafLevel, cut.hostLevel); level--) {
      nodes.add(cut.node(a, level));
      spaceOf.set(cut.node(a, level), a.space);
      if (!tables.includes(cut.table(a, level))) tables.push(cut.table(a, level));
    }
  }
  const ppnOfTable = new Map<string, number>();
  let next = size > 1 ? base + slots.size * size : configuredPages;
  for (const table of tables) {
    const root = table.startsWith("root of ") && spacesAreRoots ? Number(table.slice(8)) / 4096 : 0;
    ppnOfTable.set(table, Number.isInteger(root) && root > 0 && root < configuredPages ? root : next++);
  }
  return {
    tables,
    nodes,
    spaceOf,
    ppnOfTable: (name: string): number => ppnOfTable.get(name) ?? NaN,
    /** The PPN of a page as the guest's tables have it. */
    ppnOf: (a: SlowAddress, traced: number): number => (size === 1 ? traced : base + (slots.get(a.slot) ?? NaN) * size + (a.vpn % size)),
    areTraced: size === 1,
    end: next,
  };
}
export type SlowMemory = ReturnType<typeof slowMemory>;
