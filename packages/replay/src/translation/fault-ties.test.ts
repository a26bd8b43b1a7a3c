import { expect, test } from "vitest";
import { none } from "../cores/none.ts";
import { shadow } from "../modes/shadow.ts";
import { counted, event, row } from "./testing.ts";

test("a row of the instant of a fault was before it: it does not show where the fault was", () => {
  const steps = [
    row(9, 9),
    event("fault", { ns: 10 }),
    row(1, 11, { ns: 10 }),
    event("wp", { ns: 955 }),
    row(2, 12, { ns: 1200, kind: 1 }),
  ];
  expect(counted(steps, none, shadow)).toMatchObject({ "exits reflected fault": 1, "exits page-table write": 1 });
});
