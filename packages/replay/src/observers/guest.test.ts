import { guestTable, type MeminfoRow } from "@tidemark/data";
import { expect, test } from "vitest";
import { observerLaws } from "../observer-laws.ts";
import { lines, replayOf, textOf, touchesOf } from "../testing.ts";
import { guest } from "./guest.ts";

observerLaws(guest, guestTable);

/** `counter value` pairs of one sample, kB. */
const sample = (s: number, vm: number, text: string): MeminfoRow[] =>
  text.split(",").map((pair) => {
    const [counter, value] = pair.trim().split(" ");
    return { timeNs: s * 1e9, vm, counter, value: Number(value), unit: "kB" };
  });

test("the guest's samples in pages, up to the end of the trace", async () => {
  const meminfo = [
    ...sample(1, 0, "MemTotal 4000, MemFree 3000, MemAvailable 3200, Buffers 40, Cached 400, AnonPages 80, Slab 20"),
    ...sample(2, 1, "MemTotal 2000, MemFree 1996"),
    ...sample(9, 0, "MemTotal 4000, MemFree 2000, MemAvailable 3200, Cached 400, AnonPages 80, Slab 20"),
    ...sample(10, 0, "MemTotal 4000, MemFree 1000"),
  ];
  const touches = touchesOf("3 0 W · 9 1 W").flatMap((t) => [t, { ...t, vm: 1 }]);
  const run = await replayOf({ vms: ["a", "b"], touches, meminfo, configuredPages: 1024 }, { window: "1s" });
  expect(textOf(run, guestTable, ["time", "vm", "total", "free", "used", "available", "cached", "anonymous", "slab", "outside"])).toBe(
    lines(`
      1 a 1000 750 250 800 110 20 5 24
      9 a 1000 500 500 800 100 20 5 24
      2 b 500  499 1   -   -   -  - 524
    `),
  );
});

test("without samples there is no table", async () => {
  const run = await replayOf({ touches: touchesOf("3 0 W · 9 1 W"), configuredPages: 256 }, { window: "1s" });
  expect(textOf(run, guestTable, ["time"])).toBe("no table");
});
