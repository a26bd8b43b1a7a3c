import { expect, test } from "vitest";
import { parseStamp, zoneOf } from "./time-stamp.ts";

const PLAIN = { dates: undefined, zoneMinutes: undefined };
const at = (text: string, reading: Partial<Parameters<typeof parseStamp>[1]> = {}): string => {
  const stamp = parseStamp(text, { ...PLAIN, ...reading });
  return typeof stamp === "string" ? stamp : `${new Date(stamp.ms).toISOString()}${stamp.isLocal ? " local" : ""}`;
};

test.each([
  ["2017-05-15T06:49:37Z", "2017-05-15T06:49:37.000Z"],
  ["2017-05-15 06:49:37.25+02:00", "2017-05-15T04:49:37.250Z"],
  ["2017-05-15T06:49", "2017-05-15T06:49:00.000Z local"],
  ["1494830977", "2017-05-15T06:49:37.000Z"],
  ["1494830977.5", "2017-05-15T06:49:37.500Z"],
  ["1494830977500", "2017-05-15T06:49:37.500Z"],
  ["05/15/2017 06:49:37", "2017-05-15T06:49:37.000Z local"],
  ["15/05/2017 06:49:37", "2017-05-15T06:49:37.000Z local"],
  ["15.5.2017 6:49:37", "2017-05-15T06:49:37.000Z local"],
  ["5/6/2017 12:00:00 AM", "2017-05-06T00:00:00.000Z local"],
  ["5/6/2017\u202f12:00:00 PM", "2017-05-06T12:00:00.000Z local"],
  ["29.02.2016 00:00:00", "2016-02-29T00:00:00.000Z local"],
  ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
])("%s is %s", (text, iso) => {
  expect(at(text)).toBe(iso);
});

test("what can be read two ways is read as told, and local times in the zone given", () => {
  expect(at("5/6/2017 10:00:00")).toMatch(/two ways/);
  expect(at("5/6/2017 10:00:00", { dates: "dmy" })).toBe("2017-06-05T10:00:00.000Z local");
  expect(at("5/6/2017 10:00:00", { dates: "mdy", zoneMinutes: -330 })).toBe("2017-05-06T15:30:00.000Z");
  expect(at("6/6/2017 10:00:00")).toBe("2017-06-06T10:00:00.000Z local");
});

test.each([
  ["29.02.2017 00:00:00", /no such day/],
  ["2017-13-01T00:00:00Z", /no such day/],
  ["2017-05-15T24:00:00Z", /no such time of day/],
  ["2016-12-31T23:59:61Z", /no such time of day/],
  ["13/13/2017 10:00:00", /no such day/],
  ["13:00:00 PM", /is not a time/],
  ["5/6/2017 13:00:00 PM", /no such time of day/],
  ["", /is not a time/],
  ["12", /is not a time/],
])("%j is refused", (text, reason) => {
  expect(at(text)).toMatch(reason);
});

test("zones", () => {
  expect(["Z", "+02:00", "-0530", "+1400"].map(zoneOf)).toEqual([0, 120, -330, 840]);
  expect(["+2", "+15:00", "CET", "+02:60"].map(zoneOf)).toEqual([undefined, undefined, undefined, undefined]);
});
