import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@tidemark/data";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IngestPlan } from "../ingest-plan.ts";

/** About 1 MB: sixteen ranges of the smallest size and more. */
const ROWS = 24_000;

/** Ingests `cases[case].csv` with no and with three threads: a program of its own, since threads run what has been built. */
const PROGRAM = `
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { ingest, PLAIN_READING } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
const cases = JSON.parse(process.argv[2]);
const results = [];
for (const [at, options] of cases.entries()) {
  const each = [];
  for (const workers of [0, 3]) {
    const plan = { ...PLAIN_READING, ...options, inputs: [at + "/rows.csv"], output: at + "/out.trace", tool: "test", workers };
    const said = await ingest(plan, () => {}).catch((error) => error.name + ": " + error.message);
    const files = typeof said === "string" ? [] : readdirSync(plan.output).map((name) => [name, readFileSync(plan.output + "/" + name).toString("base64")]);
    rmSync(plan.output, { recursive: true, force: true });
    each.push(JSON.stringify({ said, files }));
  }
  results.push({ alone: each[0], three: each[1] });
}
console.log(JSON.stringify(results));`;

describe("threads that scan ranges of a file", () => {
  const rowText = (row: number, random: () => number): string => {
    const page = Math.floor(random() ** 3 * 2000);
    const vm = ["web", "db", "a name that is longer than sixteen bytes", "log"][Math.floor((row / ROWS) * 3 + random())];
    return `${row * 10},${vm},0xffff8880${(page * 4096).toString(16).padStart(8, "0")},${random() < 0.3 ? "W" : row % 1_000 < 3 ? "" : "r"},${random() < 0.1 ? "" : row % 97 === 0 ? 7 : (row % 5) + 1}`;
  };
  const lines = (change: (row: number, text: string) => string): string => {
    const random = seededRandom(7, "rows", "threads");
    const rows = Array.from({ length: ROWS }, (_, row) => change(row, rowText(row, random)));
    return `time_ns,vm,gva,op,count\n${rows.join("\n")}\n`;
  };

  const bad = lines((row, text) => (row % 5_000 === 4_321 ? text.replace("0x", "0y") : text));
  const contents = `vm,gpfn,hash64\n${Array.from({ length: 2 * ROWS }, (_, ppn) => `web,${ppn},0x${(ppn * 77_777_777).toString(16)}\n`).join("")}`;
  const cases: readonly (readonly [name: string, text: string, options: Partial<IngestPlan>, isRead: boolean])[] = [
    ["plain rows", lines((_, text) => text), {}, true],
    [
      "line ends of Windows, blank lines and no last line end",
      lines((row, text) => (row % 700 === 3 ? `${text}\r\n` : text)).trimEnd(),
      {},
      true,
    ],
    [
      "a quoted row in the middle, with a line end in it",
      lines((row, text) => (row === 15_000 ? text.replace(/,([^,]*),/, ',"two\nlines",') : text)),
      {},
      true,
    ],
    ["a quoted row as the first", lines((row, text) => (row === 0 ? text.replace(/,([^,]*),/, ',"$1",') : text)), {}, true],
    ["bad rows, kept aside", bad, { badRows: "quarantine" }, true],
    ["bad rows, refused", bad, {}, false],
    ["NUL bytes", lines((row, text) => (row === 9_000 ? `${text}\0` : text)), { badRows: "quarantine" }, true],
    ["a last line that is cut short", `${lines((_, text) => text)}240001,web`, { badRows: "quarantine" }, true],
    ["a line longer than ranges", lines((row, text) => (row === 12_000 ? `${text}${" ".repeat(300_000)}` : text)), {}, true],
    ["times that go back", lines((row, text) => (row === 20_000 ? text.replace(/^\d+/, "5") : text)), {}, false],
    ["sorted rows", lines((row, text) => (row % 4_000 === 3_999 ? text.replace(/^\d+/, "5") : text)), { sort: true }, true],
    ["page contents, whose batches are written as they come", contents, {}, true],
    ["rows that lack fields", lines((row, text) => (row % 900 === 5 ? text.replace(/,[^,]*$/, "") : text)), {}, true],
    ["one row", "time_ns,vm,gva,op,count\n1,a,0x1000,R,1\n", {}, true],
    ["no row", "time_ns,vm,gva,op,count\n", {}, false],
  ];

  let folder: string;
  let results: readonly { readonly alone: string; readonly three: string }[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tidemark-threads-"));
    cases.forEach(([, text], at) => {
      mkdirSync(join(folder, String(at)));
      writeFileSync(join(folder, String(at), "rows.csv"), text);
    });
    const options = JSON.stringify(cases.map(([, , each]) => each));
    writeFileSync(join(folder, "program.mjs"), PROGRAM);
    results = JSON.parse(execFileSync(process.execPath, ["program.mjs", options], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(cases.map(([name, , , isRead], at) => ({ name, isRead, at })))("give the trace of none: $name", ({ isRead, at }) => {
    const { alone, three } = results[at];
    expect(JSON.parse(alone).files.length > 0, alone.slice(0, 200)).toBe(isRead);
    expect(three === alone, `${three.slice(0, 300)}, not ${alone.slice(0, 300)}`).toBe(true);
  });
});
