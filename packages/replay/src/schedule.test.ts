import { InputError } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSchedule, epochAfter, epochOf } from "./schedule.ts";

test("every sample and every age boundary behind it ends an epoch", () => {
  const schedule = createSchedule(33, 999, 10, 7, [902], [250]);
  const ends = new Set(schedule.ends);
  const boundaries = (t: number) => [0, 10, 50, 300].map((back) => t - back).filter((at) => at >= 33);
  for (let t = 33; t <= 999; t += 7) for (const at of boundaries(t)) expect(ends.has(at)).toBe(true);
  for (const at of boundaries(902)) expect(ends.has(at)).toBe(true);
  for (const at of [33, 283, 533, 783, 999]) expect(ends.has(at)).toBe(true);
});

test("an epoch holds the times after the previous end up to its own", () => {
  fc.assert(
    fc.property(
      fc.nat(500),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(500),
      (span, windowNs, sampleNs, offset) => {
        const schedule = createSchedule(7, 7 + span, windowNs, sampleNs, [], []);
        const timeNs = 7 + Math.min(offset, span);
        const epoch = epochOf(schedule, timeNs);
        expect(timeNs).toBeLessThanOrEqual(schedule.ends[epoch - 1]);
        if (epoch > 1) expect(timeNs).toBeGreaterThan(schedule.ends[epoch - 2]);
        for (const end of schedule.ends) expect(epochAfter(schedule, end)).toBe(epochOf(schedule, end) + 1);
        expect(epochAfter(schedule, 6)).toBe(1);
        const longest = Math.max(...schedule.ends.map((end) => schedule.ends.filter((t) => t <= end && t >= end - 30 * windowNs).length));
        expect(schedule.lookBackEpochs).toBe(longest);
      },
    ),
    { seed: 1 },
  );
});

test("a sample or estimator period that is off by a unit is refused before it fills the memory", () => {
  expect(() => createSchedule(0, 1800e9, 60e9, 1000, [], [])).toThrow(
    new InputError("sample: every 1 µs is more than 100,000 times in a trace of 1800 s; take a longer one"),
  );
  expect(() => createSchedule(0, 1800e9, 60e9, 60e9, [], [60e9, 60])).toThrow(
    new InputError("estimator period: every 60 ns is more than 1,000,000 times in a trace of 1800 s; take a longer one"),
  );
  expect(createSchedule(0, 100_000, 1, 1, [], []).ends).toHaveLength(100_001);
});
