import { expect, test } from "vitest";
import { InputError } from "./fail.ts";
import { find } from "./named.ts";

const policies = [
  { name: "clock", about: "second chance" },
  { name: "lru", about: "touched longest ago" },
];

test("finds by name, and says what there is otherwise", () => {
  expect(find("policy", policies, "lru")).toBe(policies[1]);
  expect(() => find("policy", policies, "lur")).toThrow(new InputError('unknown policy "lur"; known: clock, lru'));
  expect(() => find("policy", policies, "LRU")).toThrow('unknown policy "LRU"');
});
