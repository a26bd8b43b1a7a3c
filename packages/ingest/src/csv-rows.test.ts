import { expect, test } from "vitest";
import { ByteWindow } from "./byte-window.ts";
import { firstLine, projectedRows } from "./csv-rows.ts";

/** A window on a text that is read so many bytes at a time. */
function windowOn(text: string, piece = 7): ByteWindow {
  const bytes = Buffer.from(text);
  let used = 0;
  return new ByteWindow("f.csv", async (into, at, length) => {
    const n = Math.min(length, piece, bytes.length - used);
    bytes.copy(into, at, used, used + n);
    used += n;
    return n;
  });
}

/** `line fields: wanted cells` of every row. */
async function rowsOf(text: string, wanted: readonly number[]): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const { line, fields, cells } of projectedRows(windowOn(text), 0, 44, wanted))
    rows.push(`${line} ${fields}: ${cells.join("|")}`);
  return rows;
}

test("only the wanted columns become text, quoted or not", async () => {
  expect(await rowsOf('a,"b",c,d\n1,2,"3",4\n', [1, 2])).toEqual(["1 4: b|c", "2 4: 2|3"]);
});

test("quotes hold delimiters and doubled quotes; empty cells and empty lines are what they are", async () => {
  expect(await rowsOf('"a,b","say ""x""",\n\n,"""",""\n', [0, 1, 2])).toEqual(['1 3: a,b|say "x"|', '3 3: |"|']);
});

test("lines may end with CR LF, or not at all; a quote left open does not count", async () => {
  expect(await rowsOf('1,"2"\r\n3,4', [0, 1])).toEqual(["1 2: 1|2", "2 2: 3|4"]);
  expect(await rowsOf('1,"2', [0, 1])).toEqual(["1 1: 1|2"]);
  expect(await rowsOf('1,"2""', [1])).toEqual(['1 1: 2"']);
});

test("a row that is too short lacks its last cells", async () => {
  expect(await rowsOf("1\n", [0, 3])).toEqual(["1 1: 1|"]);
});

test("rows longer than a window's first piece", async () => {
  const wide = Array.from({ length: 100_000 }, (_, i) => i).join(",");
  expect(await rowsOf(`${wide}\n${wide}\n`, [0, 99_999])).toEqual(["1 100000: 0|99999", "2 100000: 0|99999"]);
});

test("the header is the first line that is neither empty nor a comment", async () => {
  const window = windowOn("\uFEFF#TYPE x\n\n a,b \r\n1,2\n");
  expect(await firstLine(window)).toEqual({ line: 3, text: " a,b " });
  expect(await firstLine(windowOn("\n#x\n"))).toBeUndefined();
});
