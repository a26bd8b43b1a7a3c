import { actionsTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { lines, replayOf, textOf, touchesOf } from "../testing.ts";

test("has every change of the state, with what was free and which threshold was crossed", async () => {
  const touches = touchesOf([...Array(9).keys()].map((ppn) => `${ppn} ${ppn} W`).join(" · "));
  const run = await replayOf(
    { touches, configuredPages: 16 },
    {
      host: { memory: "64KiB", overheadPerVm: 0, minFree: "40KiB" },
      window: "2s",
      balloon: "off",
      compress: "off",
      share: "off",
      swap: "off",
    },
  );
  expect(textOf(run, actionsTable, ["time", "vm", "action", "pages"])).toBe(
    lines(`
      0 "" balance 0
      6 "" state 9
      6 "" balance 0
    `),
  );
});

test("is not there where memory is never scarce", async () => {
  expect(textOf(await replayOf({ touches: touchesOf("0 0 W"), configuredPages: 1 }, {}), actionsTable, ["time"])).toBe("no table");
});
