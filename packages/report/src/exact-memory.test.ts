import { expect, test } from "vitest";
import { exactMemory } from "./exact-memory.ts";

test("bytes are whole, of tenths of pages too", () => {
  expect([exactMemory(33_063), exactMemory(100.3), exactMemory(NaN)]).toEqual([
    "33,063 pages, 135,426,048 bytes (129.2 MiB)",
    "100.3 pages, 410,829 bytes (401.2 KiB)",
    "unknown",
  ]);
});
