import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { addNumbers } from "./adding.ts";
import { median, type Measured } from "./measured.ts";

const main = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));
const ROWS = 10_000_000;
const PAGES = 2 ** 18;
/** Enough for the start and the reading of the trace, which one thread does, to be a small part. */
const CASES = 24;
const REPEATS = 3;

const started = promisify(execFile);
const task = fileURLToPath(new URL("bench-task.js", import.meta.url));

/** Seconds by the clock of so many programs at once that only add numbers: the longest. */
async function adding(programs: number): Promise<number> {
  const ran = await Promise.all(Array.from({ length: programs }, () => started(process.execPath, [task, "add"])));
  return Math.max(...ran.map(({ stdout }) => (JSON.parse(stdout) as { proof: ReturnType<typeof addNumbers> }).proof.s)); // our own task's output
}

/**
 * `compare` on one worker and on two, by the clock, and what the machine can give: two commands at once that know nothing of each other, half
 * of the cases each, and two programs that only add numbers. Says something on an idle machine of two cores or more.
 */
export async function benchWorkers(
  folder: string,
  run: (name: string, path: string, rows: number, pages: number) => Measured,
  say: (line: string) => void,
): Promise<void> {
  if (availableParallelism() < 2) {
    say("compare on two workers: skipped, there is one core\n");
    return;
  }
  const trace = join(folder, "compare.trace");
  run("make-trace", trace, ROWS, PAGES);
  const seeds = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => from + i).join(",");
  const compare = async (workers: number, from: number, to: number): Promise<string> => {
    const output = join(folder, `compared-${workers}-${from}`);
    const args = [main, "compare", trace, "--vary", `seed=${seeds(from, to)}`, "--workers", String(workers), "-o", output];
    await started(process.execPath, args);
    const cases = readFileSync(join(output, "cases.csv"), "utf8");
    rmSync(output, { recursive: true });
    return cases;
  };
  const timed = async (
    commands: readonly (() => Promise<string>)[],
  ): Promise<{ readonly s: number; readonly cases: readonly string[] }> => {
    const begun = performance.now();
    const cases = await Promise.all(commands.map((command) => command()));
    return { s: (performance.now() - begun) / 1000, cases };
  };
  const [ones, twos, apart, cores]: number[][] = [[], [], [], []];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const one = await timed([() => compare(1, 0, CASES)]);
    const two = await timed([() => compare(2, 0, CASES)]);
    if (one.cases[0] !== two.cases[0]) throw new Error("bug: two workers compare otherwise than one");
    const both = await timed([() => compare(1, 0, CASES / 2), () => compare(1, CASES / 2, CASES)]);
    ones.push(one.s);
    twos.push(two.s);
    apart.push(both.s);
    cores.push((2 * (await adding(1))) / (await adding(2)));
  }
  const faster = (than: readonly number[]): string => median(ones.map((one, r) => one / than[r])).toFixed(2);
  say(`compare, ${CASES} cases of ${ROWS / 1e6} M events, ${PAGES} pages, by the clock`);
  say(
    `  one worker ${median(ones).toFixed(1)} s, two ${median(twos).toFixed(1)} s: ${faster(twos)} times as fast (target ≥ 1.8 on an idle machine)`,
  );
  say(
    `  two commands at once, half of the cases each, ${median(apart).toFixed(1)} s: ${faster(apart)} times as fast: what the machine gives`,
  );
  say(
    `  two programs at once that only add numbers: ${median(cores).toFixed(2)} times the work of one; 2 on an idle machine of two cores\n`,
  );
  rmSync(trace, { recursive: true });
}
