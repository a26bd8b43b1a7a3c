import { mode } from "../mode.ts";
import { nestedPaging } from "../translation/nested-paging.ts";

export const nestedFlat = mode({
  name: "nested-flat",
  about: "nested paging with one flat host table: one reference per nested walk",
  source: "Ahn 2012, ISCA",
  params: {},
  hasHost: true,
  isBuilt: false,
  isFlat: true,
  tickNs: () => 0,
  create: nestedPaging,
});
