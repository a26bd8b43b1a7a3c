import { expect, test } from "vitest";
import { historyAt } from "./history.ts";
import type { VmSamples } from "./sampled-instant.ts";

const none = [null, null, null, null];
const counters = {
  configured: none,
  granted: none,
  consumed: none,
  active: [1, 5, 5, 9],
  activewrite: none,
  activeReported: none,
  guestUsed: [null, 4, 3, 2],
  guestOutside: none,
  guestAllocated: none,
  allocatorUnknown: none,
};
const classes = {
  idle1: { pages: [10, 20, 30, 40], returns: [1, 2, null, null] },
  idle30: { pages: [0, 5, 0, 0], returns: [0, 3, null, null] },
  freed: { pages: [7, 7, 7, 7] },
};
const samples: VmSamples = { vm: "a", timesNs: [3, 10, 20, 30], offNs: null, counters, classes };

test("the most up to an instant is the first of the most", () => {
  expect(historyAt(samples, 25, 15, 30)).toMatchObject({
    beganNs: 3,
    mostActive: { timeNs: 10, pages: 5 },
    mostUsed: { timeNs: 10, pages: 4 },
  });
  expect(historyAt(samples, 30, 15, 30).mostActive).toEqual({ timeNs: 30, pages: 9 });
  expect(historyAt(samples, 5, 15, 30).mostUsed).toBeUndefined();
});

test("the last sample that a window follows tells what idle memory was touched again, of every idle class", () => {
  expect(historyAt(samples, 30, 15, 30).lastFuture).toEqual({ timeNs: 10, pages: 25, returns: 5 });
  expect(historyAt(samples, 30, 20, 30).lastFuture).toEqual({ timeNs: 10, pages: 25, returns: 5 });
  expect(historyAt(samples, 30, 40, 30).lastFuture).toBeUndefined();
});
