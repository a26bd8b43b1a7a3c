import { count } from "@tidemark/data/shapes";
import { mode } from "../mode.ts";
import { tablePagesParam } from "../translation/shadow-bound.ts";
import { shadowPaging } from "../translation/shadow-paging.ts";

/**
 * A leaf table that is written becomes *unsynchronised*: writable, until the guest loads CR3 and the tables it then reaches are
 * brought up to date and protected again. Tables above the leaves stay protected, and are unshadowed when writes to them flood.
 */
export const shadowLazy = mode({
  name: "shadow-lazy",
  about: "shadow tables of leaf tables may lag behind until INVLPG or a CR3 load; the first write to one is trapped",
  source: "KVM MMU doc, Synchronized and unsynchronized pages",
  params: {
    tablePages: tablePagesParam,
    flood: count({ default: 3, min: 1, max: 1e6, about: "trapped writes without use after which a table is unshadowed" }),
  },
  hasHost: true,
  isBuilt: true,
  isFlat: false,
  tickNs: () => 0,
  create: (context, { tablePages, flood }) =>
    shadowPaging(context, tablePages, ({ tables, counters, vcpus }, shadow) => {
      const { tableOf, parentOf, leafNodeOf, leafLevelOf, spaceOf, isShared } = tables;
      const writes = new Float64Array(tableOf.length);
      let lagging = new Set<number>();
      const dropped = (): void => {
        lagging = new Set([...lagging].filter((table) => shadow.isHeld(table)));
      };
      return {
        written(page, level, table) {
          if (level === leafLevelOf[page]) {
            if (lagging.has(table)) return false;
            lagging.add(table);
            return true;
          }
          if (++writes[table] >= flood) {
            const before = counters.tablePages;
            shadow.dropTable(table);
            counters.unshadows += before - counters.tablePages;
            writes[table] = 0;
            for (const hardware of vcpus()) hardware.flush();
            dropped();
          }
          return true;
        },
        loaded(space) {
          for (const table of lagging) {
            if (isShared[table] === 0 && spaceOf[table] !== space) continue;
            lagging.delete(table);
            counters.resyncs++;
          }
        },
        filled(page) {
          for (let node = leafNodeOf[page]; node !== -1; node = parentOf[node]) writes[tableOf[node]] = 0;
        },
        dropped,
      };
    }),
});
