import { seededRandom } from "@tidemark/data";
import { expect, test } from "vitest";
import { NOT_SAMPLED, samplePages, sampleTouches } from "./page-sample.ts";

const pages = Uint32Array.from({ length: 200 }, (_, i) => 3 * i);

test("as many are drawn as asked for, rounded up, each once", () => {
  const { size, slotOf, groupOf } = samplePages(pages, 600, 0.104, 4, seededRandom(1, "", "test"));
  expect(size).toBe(21);
  const drawn = pages.filter((page) => slotOf[page] !== NOT_SAMPLED);
  expect([...drawn].map((page) => slotOf[page])).toEqual([...Array(21).keys()]);
  expect([0, 1, 2, 3].map((group) => groupOf.filter((each) => each === group).length)).toEqual([6, 5, 5, 5]);
});

test("every page is drawn as often as any other, and falls into every group alike", () => {
  const often = new Float64Array(200);
  const inFirst = new Float64Array(200);
  const runs = 4000;
  for (let seed = 0; seed < runs; seed++) {
    const { slotOf, groupOf } = samplePages(pages, 600, 0.1, 4, seededRandom(seed, "", "test"));
    pages.forEach((page, i) => {
      if (slotOf[page] === NOT_SAMPLED) return;
      often[i]++;
      if (groupOf[slotOf[page]] === 0) inFirst[i]++;
    });
  }
  // 400 of 4,000, give or take five standard deviations.
  for (const n of often) expect(Math.abs(n - 400)).toBeLessThan(5 * Math.sqrt(400 * 0.9));
  for (const n of inFirst) expect(Math.abs(n - 100)).toBeLessThan(5 * 10);
});

test("all pages are drawn where all are wanted", () => {
  expect(samplePages(pages, 600, 1, 4, seededRandom(1, "", "test")).size).toBe(200);
});

test("touches of sampled pages are told from the others, in their order, whatever the pieces", () => {
  const sample = samplePages(pages, 600, 0.3, 4, seededRandom(1, "", "test"));
  const random = seededRandom(2, "", "test");
  const touched = Uint32Array.from({ length: 150_000 }, () => pages[Math.floor(random() * pages.length)]);
  const slots = new Uint32Array(touched.length);
  const length = touched.length - 7;
  const sampled = sampleTouches(sample)(touched, length, slots);
  const expected = touched.subarray(0, length).filter((page) => sample.slotOf[page] !== NOT_SAMPLED);
  expect(sampled).toBeGreaterThan(length / 4);
  expect(slots.subarray(0, sampled)).toEqual(expected.map((page) => sample.slotOf[page]));
});
