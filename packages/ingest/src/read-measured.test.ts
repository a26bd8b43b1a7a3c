import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { measuredIn, refusalOf } from "./measured-laws.ts";

const COUNTERS = "t_s,mem.consumed\n0,400\n20,404\n";

test("of an archive what is of no known format is left out and named; alone it is refused", async () => {
  const readme = strToU8("How this was recorded.\n");
  const file = await measuredIn(zipSync({ "day/README.md": readme, "day/web.csv": strToU8(COUNTERS) }), {}, "day.zip");
  expect([file.name.replace(/.*day.zip/, "day.zip"), file.notes]).toEqual([
    "day.zip/day/web.csv",
    ["README.md, in no known format of measured counters, is left out"],
  ]);
  const unknown = /is in no known format of measured counters; known: esxtop, /;
  expect(await refusalOf(zipSync({ "README.md": readme }))).toMatch(unknown);
  expect(await refusalOf("How this was recorded.\n")).toMatch(unknown);
});

test("a damaged file of a known format is no reason to go on without it", async () => {
  const cut = strToU8(COUNTERS.replace("20,404", "20,many"));
  expect(await refusalOf(zipSync({ "a.csv": strToU8(COUNTERS), "b.csv": cut }))).toBe('web.txt/b.csv:3: "many" is not a number');
});

test("a text whose tool ends every line, and whose last has no end, may have been cut within a number: that is noted", async () => {
  const whole = "actual 4194304\nunused 3145728\nlast_update 1700000000\nrss 2097152\n";
  const noted = "the last line has no end: the file may be cut short";
  expect((await measuredIn(whole, {}, "web.txt")).notes).not.toContain(noted);
  expect((await measuredIn(whole.slice(0, -4), {}, "web.txt")).notes).toContain(noted);
  expect((await measuredIn(COUNTERS.slice(0, -1), {}, "web.csv")).notes).not.toContain(noted);
});
