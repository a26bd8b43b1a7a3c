import { mode } from "../mode.ts";
import { tablePagesParam } from "../translation/shadow-bound.ts";
import { shadowPaging } from "../translation/shadow-paging.ts";

export const shadow = mode({
  name: "shadow",
  about: "hardware walks shadow tables; every guest write to a shadowed table is trapped",
  source: "Waldspurger 2002; KVM MMU doc",
  params: { tablePages: tablePagesParam },
  hasHost: true,
  isBuilt: true,
  isFlat: false,
  tickNs: () => 0,
  create: (context, { tablePages }) =>
    shadowPaging(context, tablePages, ({ tables, vcpus }, shadow) => ({
      written(page, level) {
        if (level === tables.leafLevelOf[page]) {
          shadow.zapSlot(tables.slotOf[page]);
          for (const hardware of vcpus()) hardware.dropMapping(page);
        }
        return true;
      },
      loaded() {},
      filled() {},
      dropped() {},
    })),
});
