import { expect, test } from "vitest";
import { figure, joinedText, linked, plainText, spaced } from "./linked-text.ts";

const pages = figure("3 pages", "freed");

test("figures keep their rows through sentences in sentences", () => {
  const inner = linked`of ${pages} (${"59 %"})`;
  const text = linked`At 7 s ${inner}.`;
  expect(plainText(text)).toBe("At 7 s of 3 pages (59 %).");
  expect(text.filter((part) => typeof part !== "string")).toEqual([pages]);
});

test("lists and paragraphs", () => {
  expect(plainText(joinedText([["a"], ["b"], linked`${pages}`]))).toBe("a, b and 3 pages");
  expect(plainText(joinedText([["a"]]))).toBe("a");
  expect(plainText(spaced([["A."], [], ["B."]]))).toBe("A. B.");
});
