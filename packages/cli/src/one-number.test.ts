import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { formatPages } from "@tidemark/data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALLOC, temporary, tidemark } from "./testing.ts";

// A number that appears in several places is the same number in all of them: the sentence, the tables of the page and of the terminal, the
// charts with their tips and CSVs, what the time brush explains, and `--json`.
const folder = temporary();
afterAll(() => folder.remove());

interface Explained {
  readonly configuredPages: number;
  readonly grantedPages: number;
  readonly consumedPages: number;
  readonly activePages: number;
  readonly activeReportedPages: number | null;
  readonly gapPages: number;
  readonly classes: readonly {
    readonly class: string;
    readonly pages: number;
    readonly returnsPages: number | null;
    readonly notSeenAgainPages: number | null;
  }[];
}
type Cells = readonly (string | number | null)[];
interface PageData {
  readonly charts: readonly {
    readonly name: string;
    readonly numbers: { readonly columns: { readonly [name: string]: { readonly cells: Cells } } };
    readonly panels: readonly {
      readonly rows: { readonly [name: string]: { readonly columns: { readonly [key: string]: readonly unknown[] } } };
    }[];
  }[];
  readonly samples: readonly {
    readonly timesNs: readonly number[];
    readonly counters: { readonly [counter: string]: Cells };
    readonly classes: { readonly [cls: string]: { readonly pages: Cells; readonly returns?: Cells; readonly notSeenAgain?: Cells } };
  }[];
}

let json: Explained;
let terminal = "";
let page = "";
let data: PageData;

async function explain(at: string, ...more: string[]): Promise<Explained> {
  const { code, stdout } = await tidemark(["explain", ...ALLOC, "--window", "1s", "--at", at, "--json", ...more]);
  expect(code).toBe(0);
  const { vms } = JSON.parse(stdout) as { readonly vms: readonly [Explained] };
  return vms[0];
}

beforeAll(async () => {
  const path = `${folder.path}/page.html`;
  json = await explain("7s", "-o", path);
  terminal = (await tidemark(["explain", ...ALLOC, "--window", "1s", "--at", "7s"])).stdout;
  page = readFileSync(path, "utf8");
  const packed = /id="charts">\s*([A-Za-z0-9+/=]+)\s*</.exec(page)?.[1] ?? "";
  data = JSON.parse(inflateSync(Buffer.from(packed, "base64")).toString()) as PageData;
});

/** What `--json` says of every row of the page. */
const rowsOf = (of: Explained): { readonly [row: string]: number | null } => ({
  configured: of.configuredPages,
  granted: of.grantedPages,
  consumed: of.consumedPages,
  active: of.activePages,
  activeReported: of.activeReportedPages,
  gap: of.gapPages,
  ...Object.fromEntries(of.classes.map((row) => [row.class, row.pages])),
});

test("the page's tables have the pages of --json, in pages and in MiB", () => {
  const rows = [
    ...page.matchAll(/<tr id="row-0-0-(\w+)"[^>]*data-pages="([^"]+)">[\s\S]*?<td[^>]*>([^<]+)<\/td>\s*<td[^>]*>([^<]+)<\/td>/g),
  ];
  const known = rowsOf(json);
  for (const [, name = "", pages, printed = "", size] of rows.filter(([, name = ""]) => name in known)) {
    expect(Number(pages), name).toBe(known[name]);
    expect(Number(printed.replaceAll(",", "").replace("−", "-")), name).toBe(known[name]);
    expect(size, name).toBe(formatPages(known[name] ?? NaN));
  }
  expect(new Set(rows.map(([, name = ""]) => name)).size).toBeGreaterThanOrEqual(Object.keys(known).length);
});

test("every size in a sentence is that of the rows it leads to", () => {
  const known = rowsOf(json);
  const links = [...page.matchAll(/data-rows="([^"]+)"\s*>([^<]+)<\/a\s*>/g)];
  const sizes = links.map(([, rows = "", text = ""]) => ({
    rows: rows.split(" ").map((row) => known[row.replace("row-0-0-", "")] ?? NaN),
    text: text.replaceAll("\u00a0", " "),
  }));
  const plain = sizes.filter(({ rows, text }) => text.endsWith("iB") && rows.length === 1);
  expect(plain.length).toBeGreaterThan(6);
  for (const { rows, text } of plain) expect(text).toBe(formatPages(rows[0] ?? NaN));
  const error = Math.abs((json.activeReportedPages ?? NaN) - json.activePages);
  expect(sizes.map(({ text }) => text)).toContain(`${error.toLocaleString("en-US")} pages`);
});

test("the terminal prints the same", () => {
  for (const pages of Object.values(rowsOf(json))) expect(terminal).toContain(pages === null ? "–" : pages.toLocaleString("en-US"));
});

const chart = (name: string) => {
  const found = data.charts.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no chart ${name}`);
  return found;
};

test("the waterfall's numbers and tips are the ledger's", () => {
  const { numbers, panels } = chart("waterfall");
  const known = rowsOf(json);
  const steps = numbers.columns["step"]?.cells ?? [];
  expect(steps.length).toBeGreaterThan(3);
  const tips = Object.values(panels[0]?.rows ?? {})[0]?.columns["tip"] ?? [];
  steps.forEach((step, i) => {
    const pages = known[String(step)] ?? NaN;
    expect(numbers.columns["pages"]?.cells[i]).toBe(pages);
    expect(tips[i]).toContain(
      `: ${pages.toLocaleString("en-US")} pages, ${(pages * 4096).toLocaleString("en-US")} bytes (${formatPages(pages)})`,
    );
  });
});

test("what the brush explains at a sample is what --at says of that instant, and what the charts' CSVs have there", async () => {
  const [samples] = data.samples;
  if (samples === undefined) throw new Error("no samples");
  for (const i of [25, 40]) {
    const timeNs = samples.timesNs[i] ?? NaN;
    const asked = await explain(`${timeNs}ns`);
    const known = rowsOf(asked);
    for (const counter of ["configured", "granted", "consumed", "active", "activeReported"]) {
      expect(samples.counters[counter]?.[i], counter).toBe(known[counter]);
      const { columns } = chart("counters").numbers;
      expect(columns[counter]?.cells[columns["time"]?.cells.indexOf(timeNs) ?? -1], counter).toBe(known[counter]);
    }
    const { columns } = chart("gap-over-time").numbers;
    for (const row of asked.classes) {
      const own = samples.classes[row.class];
      expect(own?.pages[i] ?? 0, row.class).toBe(row.pages);
      if (row.returnsPages !== null && own !== undefined) {
        expect(own.returns?.[i]).toBe(row.returnsPages);
        expect(own.notSeenAgain?.[i]).toBe(row.notSeenAgainPages);
      }
      const at = columns["time"]?.cells.findIndex((time, j) => time === timeNs && columns["class"]?.cells[j] === row.class) ?? -1;
      if (row.class !== "sharing") expect(columns["pages"]?.cells[at], row.class).toBe(row.pages);
    }
  }
});
