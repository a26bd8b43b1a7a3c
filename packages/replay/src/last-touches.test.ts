import { expect, test } from "vitest";
import { lastTouchesUntil } from "./last-touches.ts";
import { traceOf } from "./testing.ts";

test("the last access of each page of one VM, up to a time, that time included", async () => {
  const touches = [
    { s: 0, ppn: 3, op: "W" as const },
    { s: 1, ppn: 0, op: "R" as const },
    { s: 1, ppn: 3, op: "R" as const, vm: 1 },
    { s: 2, ppn: 3, op: "R" as const },
    { s: 2, ppn: 9, op: "R" as const }, // beyond the configured size
    { s: 3, ppn: 0, op: "R" as const },
    { s: 3, ppn: 1, op: "R" as const },
  ];
  for (const batchRows of [1, 2, 100]) {
    const { ppn, lastNs } = await lastTouchesUntil(traceOf({ vms: ["a", "b"], touches, batchRows }), 0, 8, 2e9);
    expect([...ppn].map((each, i) => [each, lastNs[i]])).toEqual([
      [0, 1e9],
      [3, 2e9],
    ]);
  }
});
