import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporary, tidemark } from "./testing.ts";

/** Libraries that take longer to load than the rest of the command: what does not need them must not wait for them. */
const DRAWING = ["vega", "vega-lite", "@resvg/resvg-js"];
const FILES = ["apache-arrow", "flatbuffers", "zod"];
const READING = ["papaparse", "fzstd", "xz-decompress"];

const folder = temporary();
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);

/** Runs the command, and says for each of its threads, the main one first, which libraries it loaded. */
async function loadedBy(args: readonly string[], code = 0): Promise<readonly ReadonlySet<string>[]> {
  const coverage = at("coverage");
  rmSync(coverage, { recursive: true, force: true });
  const finished = await tidemark(args, { env: { NODE_V8_COVERAGE: coverage } });
  expect(finished.code, finished.stderr).toBe(code);
  // coverage-PID-TIME-THREAD.json: every script that the thread ran.
  const threadOf = (file: string): number => Number(/-(\d+)\.json$/.exec(file)?.[1]);
  return readdirSync(coverage)
    .sort((a, b) => threadOf(a) - threadOf(b))
    .map((file) => {
      const { result } = JSON.parse(readFileSync(join(coverage, file), "utf8")) as { readonly result: readonly { readonly url: string }[] };
      return new Set(result.flatMap(({ url }) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []));
    });
}

const among = (loaded: ReadonlySet<string>, libraries: readonly string[]): readonly string[] =>
  libraries.filter((library) => loaded.has(library));

describe("what only says what there is loads no heavy library", () => {
  test.each<[string, number, readonly string[]]>([
    ["--help", 0, []],
    ["explain a.csv --windw 1s", 2, []],
    ["list formats", 0, []],
    ["list measured-formats", 0, ["papaparse"]],
    ["list workloads", 0, []],
    ["list estimators", 0, []],
    ["list modes", 0, []],
    ["list cores", 0, ["zod"]],
    ["list policies", 0, []],
    ["list observers", 0, []],
    ["list charts", 0, []],
  ])("tidemark %s", async (line, code, but) => {
    const [main] = await loadedBy(line.split(" "), code);
    expect(main).toContain("commander");
    expect(among(main, [...DRAWING, ...FILES, ...READING, "yaml"])).toEqual(but);
  });
});

describe("work loads what it takes", () => {
  const csv = at("web.csv");
  const trace = at("web.trace");
  let ingest: readonly ReadonlySet<string>[];
  beforeAll(async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i * 1e8},0x${(i * 4096).toString(16)},r`);
    folder.file("web.csv", `time_ns,gva,op\n${rows.join("\n")}\n`);
    ingest = await loadedBy(["ingest", csv, "--workers", "1", "-o", trace]);
  });

  test("ingest draws nothing; its threads, which scan and take hashes, write nothing", () => {
    const [main, ...threads] = ingest;
    expect(main).toContain("apache-arrow");
    expect(among(main, [...DRAWING, "yaml"])).toEqual([]);
    expect(threads).toHaveLength(2);
    for (const thread of threads) expect(among(thread, [...DRAWING, ...FILES, "yaml"])).toEqual([]);
  });

  test("explain of a trace in a terminal draws nothing and reads no captured files", async () => {
    const [main] = await loadedBy(["explain", trace]);
    expect(main).toContain("apache-arrow");
    expect(among(main, [...DRAWING, ...READING])).toEqual([]);
  });

  test("a thread of compare replays and writes, and parses no scenarios", async () => {
    const [main, thread] = await loadedBy(["compare", trace, "--vary", "window=1s,2s", "--workers", "1"]);
    expect(among(main, [...DRAWING, ...READING])).toEqual([]);
    expect(thread).toContain("apache-arrow");
    expect(among(thread, [...DRAWING, ...READING, "yaml"])).toEqual([]);
  });
});
