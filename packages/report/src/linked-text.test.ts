import { expect, test } from "vitest";
import { command, figure, joinedText, linked, plainText, spaced } from "./linked-text.ts";
import { linkedHtml } from "./page-figures.ts";

const pages = figure("3 pages", "freed");

test("figures keep their rows through sentences in sentences", () => {
  const inner = linked`of ${pages} (${"59 %"})`;
  const text = linked`At 7 s ${inner}.`;
  expect(plainText(text)).toBe("At 7 s of 3 pages (59 %).");
  expect(text.filter((part) => typeof part !== "string")).toEqual([pages]);
});

test("a command reads as its text, and is code on a page", () => {
  const text = linked`See ${command("tidemark rightsize <TRACE>")}.`;
  expect(plainText(text)).toBe("See tidemark rightsize <TRACE>.");
  expect(linkedHtml(text, "0-0").html).toBe("See <code>tidemark rightsize &lt;TRACE&gt;</code>.");
});

test("lists and paragraphs", () => {
  expect(plainText(joinedText([["a"], ["b"], linked`${pages}`]))).toBe("a, b and 3 pages");
  expect(plainText(joinedText([["a"]]))).toBe("a");
  expect(plainText(spaced([["A."], [], ["B."]]))).toBe("A. B.");
});
