import { InputError } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonScanner } from "./json-scanner.ts";

/** What a visitor is told of a text that comes in pieces of `size` bytes. */
function told(text: string, size: number): string[] {
  const out: string[] = [];
  const scanner = new JsonScanner("f", { value: (path, value) => out.push(`${path}=${value}`), end: (path) => out.push(`end ${path}`) });
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += size) scanner.feed(bytes, at, Math.min(bytes.length, at + size));
  scanner.finish();
  return out;
}

const EXAMPLE = '[{"a": 1, "b": {"c": ["x", null, -2.5e3]}, "d": []}, {"b": {}, "e\\"f": "g\\\\"}]';

test("names parts by the keys that lead to them, however the text is cut", () => {
  const expected = ["a=1", "b.c=x", "b.c=undefined", "b.c=-2.5e3", "end b", "end ", "end b", 'e\\"f=g\\\\', "end "];
  for (const size of [1, 2, 3, 7, 1000]) expect(told(EXAMPLE, size)).toEqual(expected);
});

test("takes what JSON.parse takes, and refuses what it refuses", () => {
  const isTaken = (text: string): boolean => {
    try {
      told(text, 5);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return false;
    }
  };
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 4 }).filter((text) => /^[\x20-\x7e]*$/.test(text)),
      (text) => void expect(isTaken(text)).toBe(true),
    ),
    { seed: 1, numRuns: 200 },
  );
  const pieces = fc.array(fc.constantFrom("[", "]", "{", "}", ",", ":", '"a"', "1", "0", "-", "null", "tru", " "), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, (text) => void expect(isTaken(text.join(""))).toBe(isJson(text.join("")))),
    { seed: 1, numRuns: 2000 },
  );
});

test("cut short it says so; deeper than 64 it is refused", () => {
  for (let length = 0; length < EXAMPLE.length; length++)
    expect(() => told(EXAMPLE.slice(0, length), 4)).toThrow(/^f: is (cut short|no JSON)/);
  expect(() => told("[".repeat(65), 4)).toThrow("f: is nested deeper than 64 times");
});
