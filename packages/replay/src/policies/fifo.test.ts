import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { missesIn, policyLaws, victimsOf } from "../policy-laws.ts";
import { fifo } from "./fifo.ts";

policyLaws(fifo, () => {
  const queue: number[] = [];
  return {
    admitted: (page) => queue.push(page),
    removed: (page) => queue.splice(queue.indexOf(page), 1),
    victim: () => queue[0] ?? NO_PAGE,
  };
});

test("misses more with more memory on the string of Belady 1969", () => {
  const string = "1 2 3 4 1 2 5 1 2 3 4 5";
  expect(missesIn(victimsOf(fifo, 3, string))).toBe(9);
  expect(missesIn(victimsOf(fifo, 4, string))).toBe(10);
});
