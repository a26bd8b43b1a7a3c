import { expect, test } from "vitest";
import { none } from "../cores/none.ts";
import { modeLaws } from "../translation/mode-laws.ts";
import { counted, row } from "../translation/testing.ts";
import { nestedFlat } from "./nested-flat.ts";

modeLaws(nestedFlat, ["exits ept violation", "references host tables"]);

test("each nested walk is one reference, and the table is as long as memory", () => {
  const counters = counted([row(0, 1), row(1, 2)], none, nestedFlat, { configuredPages: 2 ** 20 });
  // Four guest references, five nested walks: 4 + 5.
  expect(counters).toMatchObject({ "walks 9 references": 2, "references host tables": 10 });
  // 8 bytes for each PPN and for the four pages of guest tables above them.
  expect(counters["hypervisor table pages at the end"]).toBe(Math.ceil(((2 ** 20 + 4) * 8) / 4096));
});
