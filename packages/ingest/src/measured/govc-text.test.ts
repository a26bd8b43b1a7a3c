import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf } from "../measured-laws.ts";
import { govcText } from "./govc-text.ts";

const times = "2016-11-02T09:00:00Z,20,2016-11-02T09:00:20Z,20,2016-11-02T09:00:40Z,20";
const EXAMPLE = [
  `my web  VM  -  mem.consumed.average  ${times}  400,404,408        KB`,
  `my web  VM  -  mem.active.average    ${times}  100,100,104        KB`,
  `my web  VM  -  mem.usage.average     ${times}  10.00,10.00,10.39  %`,
  `my web  VM  0  cpu.usage.average     ${times}  1.00,2.00,3.00     %`,
  "",
].join("\n");

measuredLaws(govcText, EXAMPLE);

test("all instants of a line; a name may have spaces", async () => {
  expect(dumpOf(await measuredIn(EXAMPLE))).toEqual([
    "0s my web  VM configured=1024 consumed=100 activeReported=25",
    "20s my web  VM configured=1024 consumed=101 activeReported=25",
    "40s my web  VM configured=1024 consumed=102 activeReported=26",
  ]);
});

test("without times, or with too few values, it is refused", async () => {
  expect(await refusalOf("web  -  mem.active.average    100,104  KB\n")).toBe("web.txt:1: has no times; record with govc metric.sample -t");
  expect(await refusalOf(EXAMPLE.replace("400,404,408", "400,404"))).toBe("web.txt:1: has 2 values for 3 instants; is it cut short?");
});
