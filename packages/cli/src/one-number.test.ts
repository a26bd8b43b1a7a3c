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
      readonly rows: { readonly [name: string]: { readonly columns?: { readonly [key: string]: readonly unknown[] } } };
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
  data = dataIn(page);
});

/** What a page draws and tells from. */
function dataIn(html: string): PageData {
  const packed = /id="charts">\s*([A-Za-z0-9+/=]+)\s*</.exec(html)?.[1] ?? "";
  return JSON.parse(inflateSync(Buffer.from(packed, "base64")).toString()) as PageData;
}

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

const chart = (name: string, of = data) => {
  const found = of.charts.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no chart ${name}`);
  return found;
};

test("the waterfall's numbers and tips are the ledger's", () => {
  const { numbers, panels } = chart("waterfall");
  const known = rowsOf(json);
  const steps = numbers.columns["step"]?.cells ?? [];
  expect(steps.length).toBeGreaterThan(3);
  const tips = Object.values(panels[0]?.rows ?? {})[0]?.columns?.["tip"] ?? [];
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

/** Rows of a chart's numbers: its CSV, and what is told where they lie on its axes. */
function numbersOf(name: string, of = data): readonly { readonly [column: string]: string | number | null | undefined }[] {
  const columns = Object.entries(chart(name, of).numbers.columns);
  return Array.from(columns[0]?.[1].cells ?? [], (_, i) => Object.fromEntries(columns.map(([column, { cells }]) => [column, cells[i]])));
}
/** Tips of a chart's marks, each once. */
const tipsOf = (name: string, of: PageData): readonly string[] => [
  ...new Set(
    chart(name, of).panels.flatMap(({ rows }) => Object.values(rows).flatMap(({ columns }) => (columns?.["tip"] ?? []).map(String))),
  ),
];
const exactly = (pages: number): string =>
  `${pages.toLocaleString("en-US")} pages, ${(pages * 4096).toLocaleString("en-US")} bytes (${formatPages(pages)})`;

/** A command's page and what it prints as JSON. */
async function paged(command: string): Promise<{ readonly of: PageData; readonly printed: unknown }> {
  const path = `${folder.path}/${command}.html`;
  const { code, stdout } = await tidemark([command, ...ALLOC, "--json", "-o", path]);
  expect(code).toBe(0);
  return { of: dataIn(readFileSync(path, "utf8")), printed: JSON.parse(stdout) };
}

test("the heat map's bins have every access that info counts", async () => {
  const trace = `${folder.path}/alloc.trace`;
  expect((await tidemark(["ingest", ...ALLOC, "-o", trace])).code).toBe(0);
  const { accesses } = JSON.parse((await tidemark(["info", trace, "--json"])).stdout) as { readonly accesses: number };
  expect(numbersOf("heat").reduce((sum, row) => sum + Number(row["accesses"]), 0)).toBe(accesses);
});

test("a miss curve tells the sizes and misses of --json, and its diamonds the smallest memories", async () => {
  const { of, printed } = await paged("curve");
  const { vms } = printed as {
    readonly vms: readonly [
      {
        readonly policies: readonly {
          readonly policy: string;
          readonly points: readonly { readonly pages: number; readonly misses: number }[];
        }[];
        readonly bound: readonly { readonly pages: number }[];
      },
    ];
  };
  const rows = numbersOf("curve", of);
  const tips = tipsOf("curve", of);
  for (const { policy, points } of vms[0].policies) {
    expect(points.length).toBeGreaterThan(5);
    for (const { pages, misses } of points) {
      expect(rows.filter((row) => row["policy"] === policy && row["pages"] === pages)).toEqual([expect.objectContaining({ misses })]);
      expect(
        tips.some((tip) => tip.includes(`memory: ${exactly(pages)}`) && tip.includes(`misses: ${misses.toLocaleString("en-US")} accesses`)),
      ).toBe(true);
    }
  }
  expect(vms[0].bound.length).toBeGreaterThan(0);
  for (const { pages } of vms[0].bound) expect(tips.some((tip) => tip.includes(`: ${exactly(pages)}; `))).toBe(true);
});

test("working sets are told as --json has them, and what is reported beside them", async () => {
  const { of, printed } = await paged("rightsize");
  const { vms } = printed as {
    readonly vms: readonly [
      {
        readonly workingSets: readonly {
          readonly op: string;
          readonly windowNs: number;
          readonly meanPages: number;
          readonly maxPages: number;
        }[];
        readonly sizes: readonly { readonly basis: string; readonly pages: number }[];
      },
    ];
  };
  expect(numbersOf("working-set-fan", of).map(({ op, window, mean, max }) => [op, window, mean, max])).toEqual(
    vms[0].workingSets.map(({ op, windowNs, meanPages, maxPages }) => [op, windowNs, meanPages, maxPages]),
  );
  const reported = vms[0].sizes.filter(({ basis }) => basis.startsWith("reported"));
  expect(tipsOf("working-set-fan", of).map((tip) => tip.replace(/^[^:]*: /, ""))).toEqual(reported.map(({ pages }) => exactly(pages)));
});
