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
  const spaces = ["a,b", 'say "hi"', "two\nlines", "cr\r", " spaces ", "semi;colon", "ünï", "it's"];
  const csv = toCsv(
    tableOf(
      spec,
      spaces.map((space) => ({ space, pages: 1 })),
    ),
  );
  expect(csv).toBe('space,pages\n"a,b",1\n"say ""hi""",1\n"two\nlines",1\n"cr\r",1\n spaces ,1\nsemi;colon,1\nünï,1\nit\'s,1\n');
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

/** Text as a reader has it that knows of the apostrophe. */
const unmarked = (text: string): string => text.replace(/^'/, "");

test("any text and number come back from a reader of RFC 4180, and no text is a formula", () => {
  const row = fc.record({
    space: fc.string({ unit: fc.constantFrom("a", "1", '"', ",", "\n", "\r", "\t", " ", "é", "=", "+", "-", "@", "'", "|") }),
    pages: fc.double({ noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const [, ...read] = parseCsv(toCsv(tableOf(spec, rows)));
      expect(read.map(([space, pages]) => ({ space: unmarked(space), pages: Number(pages) }))).toEqual(
        rows.map((r) => ({ ...r, pages: r.pages + 0 })),
      );
      for (const [space] of read) expect(space).toMatch(/^(?![=+\-@\t\r\n])|^[+-]\d+$/);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("formulas stand behind an apostrophe, numbers and other text do not", () => {
  const names = ["=HYPERLINK(A1)", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "-1.5", "+7", "a=b", "−1"];
  const [, ...read] = parseCsv(
    toCsv(
      tableOf(
        spec,
        names.map((space) => ({ space, pages: -1 })),
      ),
    ),
  );
  expect(read.map(([space]) => space)).toEqual([
    "'=HYPERLINK(A1)",
    "'+1+1",
    "'-2+3",
    "'@SUM(A1)",
    "'\t=1",
    "'\r=1",
    "''=1",
    "-1.5",
    "+7",
    "a=b",
    "−1",
  ]);
  expect(new Set(read.map(([, pages]) => pages))).toEqual(new Set(["-1"]));
});
