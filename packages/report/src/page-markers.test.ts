import { rowsOf, toCsv, type Run } from "@tidemark/data";
import { expect, test } from "vitest";
import { gapOverTime } from "./charts/gap-over-time.ts";
import { hostState } from "./charts/host-state.ts";
import { markerRows } from "./marker-rows.ts";
import { renderPage } from "./page.ts";
import { markerSection } from "./page-markers.ts";
import { exampleRun, translationRun } from "./testing.ts";

const S = 1e9;
/** The same with other markers: seconds and numbers, of its first VM unless another is named. */
const marked = (run: Run, ...markers: readonly (readonly [second: number, id: number, vm?: string])[]): Run => ({
  ...run,
  manifest: {
    ...run.manifest,
    markers: markers.map(([second, id, vm = run.manifest.vms[0]?.name ?? ""]) => ({ vm, timeNs: second * S, id })),
  },
});
const text = (run: Run): string =>
  markerSection(run)
    .html.replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");

test("a marker stands with the memory of the last sample at or before it, in the order of time", () => {
  const run = marked(exampleRun({ samples: 8 }), [6.5, 12], [7, 13], [0, 11]);
  expect(rowsOf(markerRows(run))).toEqual(
    [
      { time: 0, marker: 11, sampled: 0, consumed: 9_000, active: 5_760 },
      { time: 6.5 * S, marker: 12, sampled: 6 * S, consumed: 56_275, active: 525 },
      { time: 7 * S, marker: 13, sampled: 7 * S, consumed: 56_275, active: 525 },
    ].map((row) => ({ ...row, vm: "alloc-4k", gap: row.consumed - row.active })),
  );
  expect(toCsv(markerRows(run)).split("\n")[0]).toBe("time,vm,marker,sampled,consumed,active,gap");
  expect(text(run)).toContain(
    "When Marker Consumed Active Gap 0 s 11 35.2 MiB 22.5 MiB 12.7 MiB 6.5 s 12 219.8 MiB 2.1 MiB 217.8 MiB 7 s 13 ",
  );
  expect(markerSection(run).html).toContain('<tr data-time-ns="6500000000" data-marker="12">');
});

test("a marker before the first sample has no memory, and in a run of translation alone none has", () => {
  expect(text(marked(exampleRun({ samples: 8 }), [-1, 10], [1, 11]))).toContain("10 – – – 1 s 11 109 MiB");
  expect(text(marked(translationRun(), [1, 11]))).toMatch(/When Marker 1 s 11 Markers \(CSV\) $/);
});

test("several VMs are named, one is not; without markers there is no table, and no caption speaks of any", () => {
  const two = exampleRun({ vms: ["a", "b"], samples: 8 });
  expect(text(marked(two, [1, 11, "b"], [2, 11, "a"]))).toMatch(/When VM Marker .* 1 s b 11 .* 2 s a 11 /);
  expect(text(two)).toContain("What did the workload mark?");
  const none = marked(exampleRun({ isScarce: true }));
  expect(text(none)).toBe("");
  expect(renderPage(none)).not.toContain('id="markers"');
  for (const chart of [gapOverTime, hostState]) {
    expect(chart.caption(none)).not.toContain("markers");
    expect(chart.caption(exampleRun({ isScarce: true }))).toContain("Dotted rules are the workload's own markers");
  }
});

test("the first rows of many are shown", () => {
  const many = marked(exampleRun({ samples: 8 }), ...Array.from({ length: 100 }, (_, i) => [i / 20, i] as const));
  expect(markerSection(many).html.match(/data-marker=/g)).toHaveLength(64);
  expect(text(many)).toContain("The first 64 of 100.");
});
