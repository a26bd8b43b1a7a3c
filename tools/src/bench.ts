import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchWorkers } from "./compare-bench.ts";
import { benchCsv } from "./csv-bench.ts";
import { benchCurves, benchNeeds } from "./curve-bench.ts";
import { benchHost } from "./host-bench.ts";
import { benchLackey } from "./lackey-bench.ts";
import { median, type Measured } from "./measured.ts";
import { compileNested, runNested } from "./nested-c.ts";
import { benchPage } from "./page-bench.ts";

/**
 * `pnpm bench [--full]`: everything side by side in one run, each measurement a process of its own, repeated in turn;
 * medians and ratios are printed. --full adds the 100 M event runs and CSV of 10 GB (15 GB of disk, some ten minutes).
 */
const REPEATS = 3;
const PAGES = 2 ** 20;
const full = process.argv.includes("--full");

const task = fileURLToPath(new URL("bench-task.js", import.meta.url));
const run = (name: string, path: string, rows = 0, pages = 0): Measured =>
  JSON.parse(execFileSync(process.execPath, [task, name, path, String(rows), String(pages)], { encoding: "utf8" })) as Measured; // our own task's output
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs two tasks in turn and gives the medians. */
function sideBySide(a: () => Measured, b: () => Measured): readonly [number, number, number] {
  const pairs = Array.from({ length: REPEATS }, () => [a().cpuS, b().cpuS] as const);
  return [median(pairs.map(([x]) => x)), median(pairs.map(([, y]) => y)), median(pairs.map(([x, y]) => x / y))];
}

const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
try {
  say(`Node ${process.versions.node}, median of ${REPEATS} paired runs, CPU seconds of whole processes' work\n`);

  await benchCsv(folder, full, run, say);

  benchLackey(folder, run, sideBySide, say);

  const zipf = join(folder, "zipf.trace");
  const program = compileNested(folder);
  const accesses = 50_000_000;
  if (program === undefined) say("nested translation against a C program: skipped, there is no C compiler (cc)\n");
  else {
    run("make-zipf", zipf, accesses, PAGES);
    const [ours, theirs] = [run("translate-nested", zipf), runNested(program, `${zipf}.u32`, PAGES)];
    if (JSON.stringify(ours.proof) !== JSON.stringify(theirs.proof))
      throw new Error(`bug: nested.c counts ${JSON.stringify(theirs.proof)}, the translator ${JSON.stringify(ours.proof)}`);
    const [c, js, share] = sideBySide(
      () => runNested(program, `${zipf}.u32`, PAGES),
      () => run("translate-nested", zipf),
    );
    say(`nested translation, zipf, ${accesses / 1e6} M accesses, ${PAGES} pages, Skylake; equal counts`);
    say(`  C program, reading a flat file        ${(accesses / c / 1e6).toFixed(1)} M accesses/cpu-s`);
    say(
      `  ours, reading the trace               ${(accesses / js / 1e6).toFixed(1)} M accesses/cpu-s, ratio ${share.toFixed(2)} (target ≥ 0.5)\n`,
    );
    rmSync(zipf, { recursive: true });
  }

  benchCurves(folder, run, sideBySide, say);
  benchNeeds(folder, run, say);

  benchHost(folder, run, sideBySide, say);

  await benchWorkers(folder, run, say);

  await benchPage(folder, PAGES, run, say);

  for (const rows of full ? [10_000_000, 100_000_000] : [10_000_000, 20_000_000]) {
    const trace = join(folder, "bench.trace");
    run("make-trace", trace, rows, PAGES);
    let peak = 0;
    const [read, replayed, share] = sideBySide(
      () => run("read", trace),
      () => {
        const measured = run("replay", trace, rows, PAGES);
        peak = Math.max(peak, measured.peakMb);
        return measured;
      },
    );
    const limit = 200 + (100 * PAGES) / 2 ** 20;
    say(`trace → ledger, ${rows / 1e6} M events, ${PAGES} pages, all observers, 1,000 samples`);
    say(`  merely reading the columns            ${(rows / read / 1e6).toFixed(1)} M events/cpu-s`);
    say(`  replay                                ${(rows / replayed / 1e6).toFixed(1)} M events/cpu-s`);
    say(`  replay's share of the reading rate    1/${(1 / share).toFixed(2)} (target ≥ 1/5)`);
    say(`  peak memory of the replay             ${peak.toFixed(0)} MB (limit ${limit.toFixed(0)})\n`);
    rmSync(trace, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
