import { mode } from "../mode.ts";
import { nestedPaging } from "../translation/nested-paging.ts";

export const nested = mode({
  name: "nested",
  about: "hardware walks the guest's and the host's tables (EPT, NPT): long walks, no exits for the guest's page-table work",
  source: "Bhargava 2008, ASPLOS",
  params: {},
  hasHost: true,
  isBuilt: true,
  isFlat: false,
  tickNs: () => 0,
  create: nestedPaging,
});
