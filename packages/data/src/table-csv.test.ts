import fc from "fast-check";
import { expect, test } from "vitest";
import { tableOf, tableSpec } from "./table.ts";
import { toCsv } from "./table-csv.ts";

const spec = tableSpec({
  name: "pages",
  about: "pages of a space",
  columns: {
    space: { type: "text", unit: "", about: "space" },
    pages: { type: "number", unit: "pages", about: "pages" },
  },
});

test("a header, a line per row, unknown numbers empty", () => {
  const table = tableOf(spec, [
    { space: "kernel", pages: 12 },
    { space: "", pages: -0.5 },
    { space: "user", pages: NaN },
    { space: "0", pages: 2 ** 53 - 1 },
  ]);
  expect(toCsv(table)).toBe("space,pages\nkernel,12\n,-0.5\nuser,\n0,9007199254740991\n");
  expect(toCsv(tableOf(spec, []))).toBe("space,pages\n");
});

test("text that would break a line is quoted, other text is not", () => {
  const spaces = ["a,b", 'say "hi"', "two\nlines", "cr\r", " spaces ", "semi;colon", "ünï", "'"];
  const csv = toCsv(
    tableOf(
      spec,
      spaces.map((space) => ({ space, pages: 1 })),
    ),
  );
  expect(csv).toBe('space,pages\n"a,b",1\n"say ""hi""",1\n"two\nlines",1\n"cr\r",1\n spaces ,1\nsemi;colon,1\nünï,1\n\',1\n');
});

/** RFC 4180 by the letter, one character at a time. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const line = lines[lines.length - 1];
    const c = text[i];
    if (quoted && c === '"' && text[i + 1] === '"') line[line.length - 1] += text[++i];
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ",") line.push("");
    else if (!quoted && c === "\n") lines.push([""]);
    else line[line.length - 1] += c;
  }
  lines.pop(); // after the last newline
  return lines;
}

test("any text and number come back from a reader of RFC 4180", () => {
  const row = fc.record({
    space: fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é") }),
    pages: fc.double({ noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const [, ...read] = parseCsv(toCsv(tableOf(spec, rows)));
      expect(read.map(([space, pages]) => ({ space, pages: Number(pages) }))).toEqual(rows.map((r) => ({ ...r, pages: r.pages + 0 })));
    }),
    { seed: 1 },
  );
});
