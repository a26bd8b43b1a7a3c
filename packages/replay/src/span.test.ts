import { InputError } from "@tidemark/data";
import { expect, test } from "vitest";
import { replayOf, type HandWritten } from "./testing.ts";

const DAY_S = 86_400;
const written: HandWritten = {
  touches: [
    { s: 0, ppn: 0, op: "R" },
    { s: DAY_S, ppn: 0, op: "R" },
  ],
};
const startingAt = (start: string) => replayOf(written, { vms: [{ start }], window: "1d", sample: "1d" });

test("a VM whose trace would be moved to times that are not exact is refused", async () => {
  await startingAt("103d");
  await expect(startingAt("104d")).rejects.toThrow(
    new InputError("vm: its last access would be 2^53 ns (104 days) or later; let it start earlier"),
  );
});
