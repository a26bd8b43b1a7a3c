import type { TableSpec } from "./table.ts";
import { agesTable } from "./tables/ages.ts";
import { estimatesTable } from "./tables/estimates.ts";
import { gapTable, ledgerTable } from "./tables/gap.ts";
import { guestTable } from "./tables/guest.ts";
import { heatTable } from "./tables/heat.ts";
import { instantsTable } from "./tables/instants.ts";
import { spacesTable } from "./tables/spaces.ts";
import { timelineTable } from "./tables/timeline.ts";

/** Every table a run can have. To add one: a file in tables/, and its line here. */
export const tables: readonly TableSpec[] = [
  timelineTable,
  instantsTable,
  gapTable,
  ledgerTable,
  estimatesTable,
  agesTable,
  heatTable,
  spacesTable,
  guestTable,
];
