import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Measured, RunTask, SideBySide } from "./measured.ts";
import { compileMisses, runMisses } from "./misses-c.ts";

const ACCESSES = 50_000_000;
const PAGES = 2 ** 20;
/** A tenth of the pages. */
const CAPACITY = 104_857;
/** Exact misses; two other implementations agree. */
const MISSES: { readonly [policy: string]: number } = { lru: 11_022_297, fifo: 12_532_579, clock: 10_672_562 };

/** Miss curves of a zipf trace against merely reading the column they need, and against a C program with the same layouts. Prints lines. */
export function benchCurves(folder: string, run: RunTask, sideBySide: SideBySide, say: (line: string) => void): void {
  const trace = join(folder, "curve.trace");
  const ppns = `${trace}.ppns`;
  run("make-curve-trace", trace, ACCESSES, PAGES);
  const program = compileMisses(folder);
  const rate = (cpuS: number): string => `${(ACCESSES / cpuS / 1e6).toFixed(1).padStart(6)} M accesses/cpu-s`;
  const read = (): Measured => run("read-touches", trace);
  const line = (what: string, [, cpuS, share]: readonly [number, number, number], target?: string): void =>
    say(`  ${what.padEnd(38)}${rate(cpuS)}, ${share.toFixed(3)} of the reading rate${target === undefined ? "" : ` (target ≥ ${target})`}`);

  say(`miss curves, zipf, ${ACCESSES / 1e6} M accesses, ${PAGES} pages`);
  for (const [policy, misses] of Object.entries(MISSES)) {
    const count = (): Measured => run(`misses-${policy}`, trace, 0, CAPACITY);
    const { proof } = count();
    if (proof !== misses) throw new Error(`bug: ${policy} misses ${String(proof)} times, not ${misses}`);
    line(`${policy} at ${CAPACITY} pages`, sideBySide(read, count), "1/3");
    if (program === undefined) continue;
    const plain = (): Measured => runMisses(program, ppns, policy, PAGES, CAPACITY);
    const theirs = plain().proof;
    if (theirs !== proof) throw new Error(`bug: misses.c counts ${String(theirs)} misses of ${policy}, the curve ${String(proof)}`);
    const [c, , share] = sideBySide(plain, count);
    say(`    the same in C, reading a flat file  ${rate(c)}, ours ${share.toFixed(2)} of it (target ≥ 0.4); equal misses`);
  }
  const fitting = (): Measured => run("misses-lru", trace, 0, PAGES);
  line("lru where all pages fit", sideBySide(read, fitting));
  line(
    "lru at all sizes, exactly",
    sideBySide(read, () => run("lru-curve", trace, 0, PAGES)),
    "1/20",
  );
  line(
    "lru at all sizes, sampled at 1 %",
    sideBySide(read, () => run("sampled-curve", trace, 0, PAGES)),
    "6/10",
  );
  line("merely reading the column, again", sideBySide(read, read), "1");
  if (program === undefined) say("  against a C program: skipped, there is no C compiler (cc)");
  say("");
  rmSync(trace, { recursive: true });
  rmSync(ppns);
}

const NEEDS_ACCESSES = 10_000_000;
const NEEDS_PAGES = 2 ** 18;

/** What `curve` and `rightsize` do by default, with the bound at every size, on a shorter zipf trace, once each. Prints lines. */
export function benchNeeds(folder: string, run: RunTask, say: (line: string) => void): void {
  const trace = join(folder, "needs.trace");
  run("make-curve-trace", trace, NEEDS_ACCESSES, NEEDS_PAGES);
  say(`curve and rightsize as they are by default, zipf, ${NEEDS_ACCESSES / 1e6} M accesses, ${NEEDS_PAGES} pages, once`);
  for (const [task, what] of [
    ["curve-and-bound", "curve: lru at all sizes, the bound"],
    ["rightsize", "rightsize: replay, working sets, bound"],
  ] as const) {
    const { cpuS, peakMb } = run(task, trace);
    say(`  ${what.padEnd(38)}${(NEEDS_ACCESSES / cpuS / 1e6).toFixed(2).padStart(6)} M accesses/cpu-s, ${peakMb.toFixed(0)} MB`);
  }
  say("");
  rmSync(trace, { recursive: true });
  rmSync(`${trace}.ppns`);
}
