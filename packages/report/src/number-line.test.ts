import { expect, test } from "vitest";
import { explainedInstants } from "./explained.ts";
import type { LedgerInstant } from "./ledger-instant.ts";
import { lineLegend, numberLine } from "./number-line.ts";
import { exampleRun } from "./testing.ts";

const [explained] = explainedInstants(exampleRun());
if (explained === undefined) throw new Error("not explained");
const instant: LedgerInstant = explained;
const withCounters = (counters: Partial<LedgerInstant["counters"]>): LedgerInstant => ({
  ...instant,
  counters: { ...instant.counters, ...counters },
});

interface Label {
  readonly from: number;
  readonly to: number;
  readonly y: number;
}
/** Labels of a line by estimated extent, and its ticks. */
function labelsOf(html: string, width: number): readonly Label[] {
  const svg = html.split("<svg").find((part) => part.startsWith(` class="w${width}"`)) ?? "";
  return [...svg.matchAll(/<text\s+x="([\d.]+)"\s+y="([\d.]+)"\s+text-anchor="(\w+)"[^>]*>\s*([^<]*)<tspan class="size">([^<]*)</g)].map(
    ([, x, y, anchor, name = "", size = ""]) => {
      const long = 6.5 * (name.trim().length + 1 + size.length);
      const from = anchor === "end" ? Number(x) - long : Number(x);
      return { from, to: from + long, y: Number(y) };
    },
  );
}

test("says all six figures, and draws the classes at their place and length", () => {
  const { html } = numberLine(instant);
  for (const name of ["configured", "granted and consumed", "active, reported", "active, true", "used, says the guest"])
    expect(html).toContain(name);
  expect(html).toContain('aria-label="alloc-4k on a line from 0 to 256 MiB: ');
  const freed = instant.ledger.find((row) => row.class === "freed")?.pages ?? NaN;
  const rect = new RegExp(`width="([\\d.]+)"\\s+height="18"\\s+style="fill:var\\(--of-freed\\)"`).exec(html);
  expect(Number(rect?.[1])).toBeCloseTo((freed / instant.counters.configured) * 798, 0);
});

test("labels never lie on each other, wherever the figures are and however narrow the line", () => {
  const size = instant.counters.configured;
  const cases = [0, 0.01, 0.3, 0.5, 0.9, 0.99, 1].flatMap((a) => [0, 0.02, 0.5, 0.98, 1].map((b) => [a, b] as const));
  for (const [a, b] of cases) {
    const { html } = numberLine(withCounters({ active: a * size, activeReported: b * size, consumed: b * size, granted: a * size }));
    for (const width of [800, 540, 340]) {
      const labels = labelsOf(html, width);
      expect(labels.length).toBeGreaterThan(2);
      for (const one of labels) {
        expect(one.from).toBeGreaterThan(-6);
        expect(one.to).toBeLessThan(width + 6);
        for (const other of labels)
          if (one !== other && one.y === other.y) expect(one.from >= other.to || other.from >= one.to, `${a} ${b} ${width}`).toBe(true);
      }
    }
  }
});

test("what is not known is left out; of the guest's two views the better one is drawn", () => {
  const { html } = numberLine(withCounters({ activeReported: NaN, guestUsed: NaN }));
  expect(html).not.toContain("active, reported");
  expect(html).toContain("allocated in the guest");
});

test("the legend names the classes that there are", () => {
  const { html } = lineLegend([instant]);
  expect(html).toContain("freed by the guest, still backed");
  expect(html).not.toContain("never touched by the guest");
});
