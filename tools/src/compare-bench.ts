import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import type { Measured } from "./measured.ts";

const main = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));
const ROWS = 10_000_000;
const PAGES = 2 ** 18;
/** Enough for the start and the reading of the trace, which one thread does, to be a small part. */
const CASES = 24;
const REPEATS = 3;

/** `compare` on one worker and on two, by the clock: says something on an idle machine of two cores or more. */
export function benchWorkers(
  folder: string,
  run: (name: string, path: string, rows: number, pages: number) => Measured,
  say: (line: string) => void,
): void {
  if (availableParallelism() < 2) {
    say("compare on two workers: skipped, there is one core\n");
    return;
  }
  const trace = join(folder, "compare.trace");
  run("make-trace", trace, ROWS, PAGES);
  const seeds = Array.from({ length: CASES }, (_, i) => i + 1).join(",");
  const timed = (workers: number): { readonly s: number; readonly cases: string } => {
    const output = join(folder, `compared-${workers}`);
    const begun = performance.now();
    execFileSync(process.execPath, [main, "compare", trace, "--vary", `seed=${seeds}`, "--workers", String(workers), "-o", output], {
      stdio: "ignore",
    });
    const s = (performance.now() - begun) / 1000;
    const cases = readFileSync(join(output, "cases.csv"), "utf8");
    rmSync(output, { recursive: true });
    return { s, cases };
  };
  const pairs = Array.from({ length: REPEATS }, () => [timed(1), timed(2)] as const);
  if (pairs.some(([one, two]) => one.cases !== two.cases)) throw new Error("bug: two workers compare otherwise than one");
  const [one, two] = pairs.toSorted(([a, b], [c, d]) => a.s / b.s - c.s / d.s)[Math.floor(REPEATS / 2)];
  say(`compare, ${CASES} cases of ${ROWS / 1e6} M events, ${PAGES} pages, by the clock`);
  say(
    `  one worker ${one.s.toFixed(1)} s, two ${two.s.toFixed(1)} s: ${(one.s / two.s).toFixed(2)} times as fast (target ≥ 1.8 on an idle machine)\n`,
  );
  rmSync(trace, { recursive: true });
}
