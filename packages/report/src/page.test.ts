import { inflateSync } from "node:zlib";
import { exitsTable, heatTable, tableOf, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { numbersCsv } from "./chart-numbers.ts";
import { charts } from "./charts.ts";
import type { Payload } from "./page-payload.ts";
import { renderPage } from "./page.ts";
import { exampleRun, translationRun } from "./testing.ts";

const HOSTILE = `</script><img src=x onerror="alert(1)">`;

/** What is read, before the scripts. */
const wordsOf = (page: string): string => (page.split("<script")[0] ?? "").replace(/<style>[\s\S]*<\/style>/, "");

function payloadIn(page: string): Payload {
  const packed = /id="charts">\s*([A-Za-z0-9+/=]+)\s*</.exec(page)?.[1] ?? "";
  return JSON.parse(inflateSync(Buffer.from(packed, "base64")).toString());
}

/** A run at the bounds: many VMs and instants, long, its heat map full of noise. */
function largeRun(): Run {
  const vms = Array.from({ length: 9 }, (_, v) => `vm-${v}`);
  const cores = Array.from({ length: 5 }, (_, i) => ["4k/4k", `core-${i}`] as const);
  const run = exampleRun({
    vms,
    samples: 700,
    instants: ["1s", "2s", "3s", "4s", "5s"],
    heatBins: [1, 1],
    translated: cores,
    isScarce: true,
  });
  let seed = 1;
  const noise = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const binNs = Math.ceil(7e9 / 240);
  const bins = vms.flatMap((vm) =>
    Array.from({ length: 240 * 128 }, (_, i) => {
      const [t, p] = [Math.floor(i / 128), i % 128];
      return {
        vm,
        time: t * binNs,
        timeEnd: (t + 1) * binNs,
        ppn: p * 512,
        ppnEnd: (p + 1) * 512,
        accesses: 1 + Math.floor(1e9 * noise()),
      };
    }),
  );
  const intervalNs = 7e9 / 120;
  const exits = vms.flatMap((vm) =>
    cores.flatMap(([pages, core]) =>
      Array.from({ length: 120 * 36 }, (_, i) => ({
        vm,
        pages,
        core,
        mode: `mode-${Math.floor(i / 6) % 6}`,
        reason: `reason-${i % 6}`,
        from: Math.round(Math.floor(i / 36) * intervalNs),
        time: Math.round((Math.floor(i / 36) + 1) * intervalNs),
        exits: 1 + Math.floor(1e6 * noise()),
      })),
    ),
  );
  const noisy = [tableOf(heatTable, bins), tableOf(exitsTable, exits)];
  return { ...run, tables: [...run.tables.filter(({ spec }) => noisy.every((table) => table.spec.name !== spec.name)), ...noisy] };
}

describe("the page", () => {
  const page = renderPage(exampleRun());

  test("answers in its title, in a sentence and in the ledger", () => {
    expect(page).toContain("<title>Why alloc-4k consumes 219.8 MiB and touched 2.1 MiB</title>");
    expect(page.match(/<h1[ >]/g)).toHaveLength(1);
    expect(page.replaceAll("\u00a0", " ")).toContain("129.2 MiB (59 % of consumed) was freed by the guest but is still backed by the host");
    expect(page).toMatch(
      /freed by the guest, still backed[\s\S]*?<td>33,063<\/td>\s*<td data-tip="135,426,048 bytes">129\.2 MiB<\/td>\s*<td>59 %<\/td>/,
    );
  });

  test("has every chart with its numbers", () => {
    const payload = payloadIn(renderPage(exampleRun({ isScarce: true, curves: "exact", needs: true, isCompared: true, isMeasured: true })));
    expect(payload.charts.map(({ name }) => name)).toEqual(charts.map(({ name }) => name));
    for (const { numbers, panels } of payload.charts) {
      expect(panels).toHaveLength(1);
      expect(numbers === null ? 0 : numbersCsv(numbers).split("\n").length).toBeGreaterThan(4);
    }
  });

  test("is the same for the same run, byte for byte", () => {
    expect(renderPage(exampleRun())).toBe(page);
  });

  test("names nothing to fetch", () => {
    const [head = ""] = page.split('<script type="application/octet-stream"');
    expect(head).not.toMatch(/\b(?:src|action)=|href="(?!#)|url\(|@import/);
    expect(page).toContain("default-src 'none'");
  });

  test("stays small: 1.2 MB for a run of one VM", () => {
    expect(page.length).toBeLessThan(1_200_000);
  });

  test("stays under 5 MB for a run at the bounds, and says what it leaves out", () => {
    const large = renderPage(largeRun());
    expect(Buffer.byteLength(large)).toBeLessThan(5_000_000);
    expect(large).toContain("8 of 9 VMs are shown");
    expect(large).toContain("the first 4 of 5 explained instants are shown");
    expect(large).toContain("the first 4 of 5 pairs of page sizes and core are shown");
    expect(large).toContain("Its numbers are too many for a page");
  });

  test("names from the data are text, wherever they stand", () => {
    const run = exampleRun({ vms: [HOSTILE, "b"], instants: ["7s"] });
    const manifest = {
      ...run.manifest,
      assumed: [HOSTILE],
      tool: HOSTILE,
      windowFrom: HOSTILE,
      traces: [{ name: HOSTILE, sources: [{ name: HOSTILE, sha256: HOSTILE }] }],
    };
    const hostile = renderPage({ ...run, manifest });
    expect(hostile).not.toContain("<img");
    expect(hostile.match(/<script/g)?.length).toBe(page.match(/<script/g)?.length);
    expect(hostile).toContain("&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
  });

  test("a run without explained instants, and one without anything, still have a page", () => {
    expect(renderPage(exampleRun({ instants: [] }))).toContain("No instant was explained");
    const run = exampleRun({ instants: [] });
    expect(payloadIn(renderPage({ ...run, tables: [] })).charts).toEqual([]);
  });

  test("says what the host did where memory was scarce, in words and state by state, and shows it before all else", () => {
    const scarce = renderPage(exampleRun({ isScarce: true, vms: ["a", "b"] })).replaceAll("\u00a0", " ");
    expect(scarce).toContain("<title>How a host of 373.1 MiB divided its memory among 2 VMs</title>");
    expect(scarce).toContain("Memory was scarce (any state but high) for 2.99 s of 7 s (43 %), first at 1.93 s.");
    expect(scarce).toMatch(/>low<span[\s\S]*?<td>6\.8 MiB<\/td>\s*<td>340 ms<\/td>\s*<td>4\.9 %<\/td>\s*<td>1<\/td>\s*<td>2\.2 s<\/td>/);
    const headings = [...scarce.matchAll(/<h2 id="([a-z-]+)">/g)].map(([, id]) => id);
    expect(headings.slice(0, 4)).toEqual(["answer", "host", "chart-host-state", "chart-waterfall"]);
    expect(new Set(headings).size).toBe(headings.length);
    expect(scarce).toContain("a host that has less memory than its VMs may want");
    expect(scarce).toContain("<dt>double paging</dt>");
    expect(renderPage(exampleRun({ isScarce: true }))).toContain("<title>What a host of 207.3 MiB left to alloc-4k</title>");
  });

  test("does not speak of a host's decisions where memory was never scarce", () => {
    for (const word of ["What the host did", "minFree", "state hard", "swapped"]) expect(wordsOf(page)).not.toContain(word);
    expect(page).toContain("a host that is short of nothing");
  });

  test("a run of translation alone is a page about that, without the ledger's sections", () => {
    const alone = renderPage(translationRun());
    expect(alone).toContain("<title>What address translation costs alloc-4k</title>");
    expect(alone).toContain("On skylake with 4k/4k pages (guest/host), nested paging is the cheapest for alloc-4k");
    expect(alone).toContain("cores skylake; page sizes (guest/host) 4k/4k; modes native, shadow,");
    for (const word of ["The ledger", "No instant", "consumed", "Window", "Seed"]) expect(wordsOf(alone)).not.toContain(word);
    expect(renderPage(translationRun({ vms: ["a", "b"] }))).toContain("<title>What address translation costs 2 VMs</title>");
  });

  test("translation stands beside the ledger where a run has both, and is not spoken of where it has none", () => {
    expect(page).toContain("The ledger");
    expect(page).toContain("On skylake with 4k/4k pages (guest/host)");
    const without = renderPage(exampleRun({ translated: [] }));
    for (const word of ["page walk", "shadow", "Translation"]) expect(wordsOf(without)).not.toContain(word);
  });
});
