import { expect, test } from "vitest";
import { chartsOf } from "./charts.ts";
import { gapOverTime } from "./charts/gap-over-time.ts";
import { heat } from "./charts/heat.ts";
import { tlbReach } from "./charts/tlb-reach.ts";
import { PLAIN } from "./look.ts";
import { chartSvg } from "./svg.ts";
import { exampleRun } from "./testing.ts";

const few = exampleRun({ vms: ["a", "b", "c"], samples: 6, heatBins: [4, 3] });

test("panels stand one below the other, each under its label and as wide as a chart of one", async () => {
  const svg = await chartSvg(gapOverTime, few);
  const [[, width, height], ...panels] = [...svg.matchAll(/<svg [^>]*?width="(\d+)" height="(\d+)"/g)];
  expect(panels.map(([, own]) => own)).toEqual([width, width, width]);
  expect(panels.reduce((sum, [, , own]) => sum + Number(own), 0)).toBe(Number(height));
  expect([...svg.matchAll(/<svg y="(\d+)"/g)].map(([, y]) => Number(y))).toEqual(
    panels.map((_, p) => panels.slice(0, p).reduce((sum, [, , own]) => sum + Number(own), 0)),
  );
  for (const vm of ["a", "b", "c"]) expect(svg).toMatch(new RegExp(`font-weight="600"[^>]*>${vm}</text>`));
});

test("a plot that its labels make narrow has room for the legend that it then has", async () => {
  const heightAt = async (width: number): Promise<number> => {
    const size = { name: "test", about: "", width, frame: { width, height: Infinity } };
    const svg = await chartSvg(tlbReach, exampleRun({ translated: [["4k/4k", "skylake"]] }), { ...PLAIN, size });
    return Number(/height="(\d+)"/.exec(svg)?.[1]);
  };
  // Both have one column; the wider one was laid out for two at first.
  expect(await heightAt(600)).toBe(await heightAt(400));
  expect(await heightAt(600)).toBeGreaterThan(await heightAt(900));
});

test("names of clip paths and gradients are each used once", async () => {
  const ids = [...(await chartSvg(heat, few)).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(1);
  expect(new Set(ids).size).toBe(ids.length);
});

test("drawn at the same time, charts are the same bytes as one after the other", async () => {
  const all = chartsOf(few);
  const together = await Promise.all(all.map((chart) => chartSvg(chart, few)));
  const alone: string[] = [];
  for (const chart of all) alone.push(await chartSvg(chart, few));
  expect(together.map((svg, c) => [all[c]?.name, svg === alone[c]])).toEqual(all.map(({ name }) => [name, true]));
});
