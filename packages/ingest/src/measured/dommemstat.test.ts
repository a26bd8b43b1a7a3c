import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf } from "../measured-laws.ts";
import { dommemstat } from "./dommemstat.ts";

const block = (update: number, rss: number): string =>
  `actual 1048576\nswap_in 0\nswap_out 0\nmajor_fault 215\nminor_fault 156760\nunused 800000\navailable 1000000\nusable 820000\nlast_update ${update}\nrss ${rss}\n\n`;
const EXAMPLE = block(1700000000, 400000) + block(1700000010, 400004) + block(1700000020, 400008);

measuredLaws(dommemstat, EXAMPLE);

const SAME = [
  "0s web configured=262144 consumed=100000 guestUsed=50000",
  "10s web configured=262144 consumed=100001 guestUsed=50000",
  "20s web configured=262144 consumed=100002 guestUsed=50000",
];

test("times from last_update, or from a line before each sample, with or without empty lines between", async () => {
  expect(dumpOf(await measuredIn(EXAMPLE))).toEqual(SAME);
  expect(dumpOf(await measuredIn(EXAMPLE.replaceAll("\n\n", "\n")))).toEqual(SAME);
  const timed = [0, 10, 20].map((s, i) => `${1700000000 + s}\n${block(0, 400000 + 4 * i)}`).join("");
  expect(dumpOf(await measuredIn(timed))).toEqual(SAME);
});

test("a guest that has not answered yet has no time, and its sample is left out", async () => {
  expect(dumpOf(await measuredIn(block(0, 5) + EXAMPLE))).toEqual(SAME);
  expect(await refusalOf(EXAMPLE.replace("unused 800000", "unused 8000000"))).toMatch(/has more unused than available memory$/);
});
