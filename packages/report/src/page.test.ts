import { inflateSync } from "node:zlib";
import { heatTable, tableOf, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { charts } from "./charts.ts";
import { renderPage } from "./page.ts";
import { exampleRun } from "./testing.ts";

const HOSTILE = `</script><img src=x onerror="alert(1)">`;

interface Payload {
  readonly charts: readonly { readonly name: string; readonly csv: string; readonly panels: readonly object[] }[];
}

function payloadIn(page: string): Payload {
  const packed = /id="charts">\s*([A-Za-z0-9+/=]+)\s*</.exec(page)?.[1] ?? "";
  return JSON.parse(inflateSync(Buffer.from(packed, "base64")).toString());
}

/** A run at the bounds: many VMs and instants, long, its heat map full of noise. */
function largeRun(): Run {
  const vms = Array.from({ length: 9 }, (_, v) => `vm-${v}`);
  const run = exampleRun({ vms, samples: 700, instants: ["1s", "2s", "3s", "4s", "5s"], heatBins: [1, 1] });
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
  return { ...run, tables: [...run.tables.filter(({ spec }) => spec !== heatTable && spec.name !== "heat"), tableOf(heatTable, bins)] };
}

describe("the page", () => {
  const page = renderPage(exampleRun());

  test("answers in its title, in a sentence and in the ledger", () => {
    expect(page).toContain("<title>Why alloc-4k consumes 219.8 MiB and uses 2.1 MiB</title>");
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page.replaceAll("\u00a0", " ")).toContain("129.2 MiB (59 %) was freed by the guest but is still backed by the host");
    expect(page).toMatch(/freed by the guest, still backed[\s\S]*?<td>33,063<\/td>\s*<td>129\.2 MiB<\/td>\s*<td>59 %<\/td>/);
  });

  test("has every chart with its numbers", () => {
    const payload = payloadIn(page);
    expect(payload.charts.map(({ name }) => name)).toEqual(charts.map(({ name }) => name));
    for (const { csv, panels } of payload.charts) {
      expect(panels).toHaveLength(1);
      expect(csv.split("\n").length).toBeGreaterThan(4);
    }
  });

  test("is the same for the same run, byte for byte", () => {
    expect(renderPage(exampleRun())).toBe(page);
  });

  test("names nothing to fetch", () => {
    const [head = ""] = page.split('<script type="application/octet-stream"');
    expect(head).not.toMatch(/\b(?:src|href|action)=|url\(|@import/);
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
});
