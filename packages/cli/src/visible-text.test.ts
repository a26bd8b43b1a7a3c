import { afterAll, expect, test } from "vitest";
import { temporary, tidemark } from "./testing.ts";
import { visibleLine, visibleText, withoutIsolates } from "./visible-text.ts";
import { table } from "./words.ts";

const folder = temporary();
afterAll(() => folder.remove());

/** Every bidirectional control character of Unicode (UAX #9 §2), an escape sequence, DEL, and a control character of Latin-1. */
const BIDI = ["\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"];
const CONTROLS = ["\u001b", "\u0007", "\r", "\u007f", "\u009b"];
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/; // oxlint-disable-line no-control-regex

test("controls are written as JSON writes them, and JSON says the same as before; lines stay lines", () => {
  for (const each of [...BIDI, ...CONTROLS]) {
    const text = visibleText(`a${each}b`);
    expect(text).toMatch(/^a\\u[0-9a-f]{4}b$/);
    expect(JSON.parse(visibleText(JSON.stringify([each], null, 2)))).toEqual([each]);
  }
  expect(visibleText("שלום\n\tb 日本 é\n")).toBe("שלום\n\tb 日本 é\n");
  expect(visibleLine("a\nb\tc")).toBe("a\\u000ab\\u0009c");
});

test("isolates around a name are no part of a sentence; a single one, and what they hide, are", () => {
  expect(withoutIsolates("At 7 s \u2068שלום\u2069 consumes")).toBe("At 7 s שלום consumes");
  expect(withoutIsolates("\u2068a\u202eb\u2069 \u2068")).toBe("\u2068a\u202eb\u2069 \u2068");
});

test("cells of a table are as wide as they are shown, and rows are lines", () => {
  expect(
    table(
      ["VM", "rows"],
      [
        ["a\u202eb", "1"],
        ["two\nlines", "22"],
      ],
    ),
  ).toBe("VM              rows\na\\u202eb           1\ntwo\\u000alines    22");
});

test("names of VMs and columns come out visible in tables, in sentences and in refusals, and whole in --json", async () => {
  const name = "web\u202egnp\u001b[2J\u009b1m";
  const rows = (vm: string) => `time_ns,vm,gva,gpa,op\n${[1, 2, 3].map((i) => `${i}000000,${vm},0x1000,0x2000,R\n`).join("")}`;
  const trace = folder.file("names.csv", rows(name));
  const bad = folder.file("bad\u202e.csv", rows("web").replace("op\n", "op\u202ex\n").replace("0x1000", "0x\u202e"));
  const [info, json, explained, refused] = await Promise.all([
    tidemark(["info", trace]),
    tidemark(["info", trace, "--json"]),
    tidemark(["explain", trace, "--window", "1ms"]),
    tidemark(["info", bad]),
  ]);
  expect([info.code, json.code, explained.code, refused.code]).toEqual([0, 0, 0, 2]);
  for (const { stdout, stderr } of [info, json, explained, refused]) expect(`${stdout}${stderr}`).not.toMatch(RAW);
  expect(JSON.parse(json.stdout).vms[0].name).toBe(name);
  expect(info.stdout).toContain("web\\u202egnp\\u001b[2J\\u009b1m");
  expect(refused.stderr).toContain("bad\\u202e.csv:2: column gva");
  // The columns still stand below each other: what is shown is what was measured.
  const [head = "", line = ""] = info.stdout.split("\n").slice(2);
  expect(line.indexOf("1 ms – 3 ms")).toBe(head.indexOf("span"));
});
