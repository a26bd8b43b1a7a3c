import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { markdownTable, markdownText } from "./text.ts";

const HOSTILE = [
  `</script><img src=x onerror="alert(1)">`,
  "<b>*bold*</b> _it_ `code` ~~no~~",
  "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
  "http://evil.example www.evil.example https://evil.example/?a=b&c=d",
  "a | b || c",
  "# title",
  "- item",
  "+ item",
  "1. item",
  "12) item",
  "> quote",
  "===",
  "---",
  "=1+1",
  "@SUM(A1)",
  "two\nlines\r\n\r\nand a paragraph",
  "a\\",
  "\\| \\* \\",
  "&amp; &lt;b&gt; &#60;",
  "    four spaces",
  "[ref]: http://evil.example",
  "$x^2$",
  "😀 שלום \u202etxet",
  "x".repeat(300),
];

const line = (text: string): string => text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
const ENTITIES: { readonly [entity: string]: string } = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
const decoded = (html: string): string => html.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? "");

/** What a reader of GitHub's Markdown makes of it: one paragraph of plain text, or not. */
const paragraphIn = (markdown: string): string | undefined => {
  const html = marked.parse(markdown, { async: false });
  const [, inside] = /^<p>([^<>]*)<\/p>\n$/.exec(html) ?? [];
  return inside === undefined ? undefined : decoded(inside);
};

describe("text in Markdown", () => {
  test.each(HOSTILE)("%j stays text", (text) => {
    expect(paragraphIn(markdownText(text))).toBe(line(text));
    expect(paragraphIn(`At 7 s ${markdownText(text)} consumes 1 MiB.`)).toBe(`At 7 s ${line(text)} consumes 1 MiB.`);
  });

  test("any text stays text, in a paragraph, in a cell and as a picture's words", () => {
    const unit = fc.constantFrom(..."ab1.)(<>[]{}`*_~|\\#+-=!&;:/\"'$@ \n\té😀\u202e".split(""), "http://", "www.", "a.b@c.de");
    fc.assert(
      fc.property(
        fc.string({ unit }).filter((text) => line(text) !== "" && !/\w@/.test(text)),
        (text) => {
          expect(paragraphIn(markdownText(text))).toBe(line(text));
          const html = marked.parse(markdownTable(["vm", "pages"], [[text, "1"]]), { async: false });
          const [, cell] = /<tbody><tr>\n<td>([^<>]*)<\/td>\n<td align="right">1<\/td>\n<\/tr>\n<\/tbody><\/table>\n$/.exec(html) ?? [];
          expect(decoded(cell ?? "<gone>")).toBe(line(text));
          const picture = marked.parse(`![${markdownText(text)}](a.svg)`, { async: false });
          const [, alt] = /^<p><img src="a\.svg" alt="([^"<>]*)"><\/p>\n$/.exec(picture) ?? [];
          expect(decoded(alt ?? "<gone>")).toBe(line(text));
        },
      ),
      { seed: 1, numRuns: 2_000 },
    );
  });
});

test("a table has its header, its rows, and figures to the right", () => {
  expect(
    markdownTable(
      ["class", "pages"],
      [
        ["freed", "33,063"],
        ["a|b", "–"],
      ],
    ),
  ).toBe("| class | pages |\n| --- | ---: |\n| freed | 33,063 |\n| a\\|b | – |");
});
