import { choice, number } from "@tidemark/data/shapes";
import { mode } from "../mode.ts";
import { agilePaging } from "../translation/agile-paging.ts";

export const agile = mode({
  name: "agile",
  about: "starts each walk in shadow tables and switches to nested below guest tables that are written often",
  source: "Gandhi 2016, ISCA",
  params: {
    interval: number({
      default: 1e9,
      min: 1,
      max: 2 ** 53,
      unit: "ns",
      about: "two writes within it move a table to nested; as long without one, back",
    }),
    start: choice({ default: "shadow", choices: ["shadow", "nested"], about: "how an address space begins" }),
  },
  hasHost: true,
  isBuilt: false,
  isFlat: false,
  tickNs: ({ interval }) => interval,
  create: agilePaging,
});
