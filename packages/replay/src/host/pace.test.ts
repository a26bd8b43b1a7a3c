import { describe, expect, test } from "vitest";
import { replayOf, type HandWritten } from "../testing.ts";

const PAGE = 4096;
const trace: HandWritten = {
  vms: ["vm"],
  touches: [
    { s: 0, ppn: 0, op: "R" },
    { s: 20, ppn: 1, op: "R" },
  ],
  configuredPages: 256,
};
const run = (scenario: object) =>
  replayOf(trace, { host: { memory: 64 * PAGE, minFree: 0, overheadPerVm: 0 }, window: "10s", sample: "10s", ...scenario });

describe("what would take for ever is refused", () => {
  const refused: readonly [string, object][] = [
    [
      "allocation.period: every 1 µs is more than 10,000,000 times in a trace of 20 s; take a longer one",
      { allocation: { period: "1us" } },
    ],
    ["balloon.poll: every 1 ns is more than", { balloon: { poll: "1ns" } }],
    ["swap.scan: every 1 µs is more than", { swap: { policy: "lru", scan: "1us" } }],
    ["swap.policy mglru: every 1 µs is more than", { swap: { policy: { name: "mglru", period: "1us" } } }],
    ["proactive.scan: every 1 µs is more than", { proactive: { scan: "1us" } }],
    // In hypervisor time.
    ["share.period: every 1 ms is more than", { share: { period: "1ms" }, timeScale: 1000 }],
    [
      "share: 10,010,000 pages to scan per second are more than 10,000,000; take fewer pagesToScan, or a longer sleep",
      { share: { scanner: "ksm", pagesToScan: 1001, sleep: "100us" } },
    ],
    [
      "share: 256,000,000 pages to scan per second are more than 10,000,000; take a longer scanTime, or a lower hostRate",
      { share: { scanTime: "1us", hostRate: 1e9 } },
    ],
  ];
  for (const [message, scenario] of refused)
    test(message, async () => {
      await expect(run(scenario)).rejects.toThrow(message);
    });
});

test("what acts rarely enough is not, nor what does not act", async () => {
  await run({ swap: { scan: "1us" }, share: { scanTime: "1ns" } }); // random is told of no bits, and the host's rate is the lower
  await run({ balloon: "off", share: { scanner: "ksm", pagesToScan: 1000, sleep: "100us", period: "20s" } });
});
