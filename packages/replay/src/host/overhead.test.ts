import { expect, test } from "vitest";
import { overheadPages } from "./overhead.ts";

/** RMG, vSphere 6.7, Sample Overhead Memory on Virtual Machines: MB by memory (MB) and vCPUs. */
const TABLE = [
  { memory: 256, 1: 20.29, 2: 24.28, 4: 32.23, 8: 48.16 },
  { memory: 1024, 1: 25.9, 2: 29.91, 4: 37.86, 8: 53.82 },
  { memory: 4096, 1: 48.64, 2: 52.72, 4: 60.67, 8: 76.78 },
  { memory: 16384, 1: 139.62, 2: 143.98, 4: 151.93, 8: 168.6 },
];

const rows = TABLE.flatMap(({ memory, ...byVcpus }) => Object.entries(byVcpus).map(([vcpus, mb]) => [memory, Number(vcpus), mb] as const));

test.each(rows)("a VM of %d MB with %d vCPUs takes %d MB", (memory, vcpus, mb) => {
  expect(Math.abs(overheadPages(256 * memory, vcpus) / 256 - mb)).toBeLessThan(0.2);
});

test("no other line of this shape is nearer to the table", () => {
  const errors = rows.map(([memory, vcpus, mb]) => ({ vcpus, gb: memory / 1024, error: overheadPages(256 * memory, vcpus) / 256 - mb }));
  const along = (of: (row: { vcpus: number; gb: number }) => number): number =>
    errors.reduce((sum, row) => sum + of(row) * row.error, 0) / errors.reduce((sum, row) => sum + of(row), 0);
  // The errors of least squares are at right angles to every term; rounding up to pages adds half a page.
  for (const slope of [along(() => 1), along(({ vcpus }) => vcpus), along(({ gb }) => gb), along(({ vcpus, gb }) => vcpus * gb)])
    expect(Math.abs(slope - 0.5 / 256)).toBeLessThan(0.001);
});

test("whole pages, more for more memory and for more vCPUs, also beyond the table", () => {
  let before = 0;
  for (const pages of [1, 2 ** 14, 2 ** 16, 2 ** 18, 2 ** 22, 2 ** 26, 2 ** 30]) {
    expect(overheadPages(pages, 1)).toBe(Math.ceil(overheadPages(pages, 1)));
    expect(overheadPages(pages, 1)).toBeGreaterThan(before);
    expect(overheadPages(pages, 2)).toBeGreaterThan(overheadPages(pages, 1));
    before = overheadPages(pages, 1);
  }
});
