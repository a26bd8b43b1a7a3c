import { expect, test } from "vitest";
import { savedExactly, savedWords } from "./saved-words.ts";

test("what a case holds less, more, or the same, is told in a few words", () => {
  expect([256, -256, 0].map(savedWords)).toEqual(["saves 1 MiB", "takes 1 MiB more", "holds as much"]);
  expect(savedExactly(-256)).toBe("takes 256 pages, 1,048,576 bytes (1 MiB) more");
});
