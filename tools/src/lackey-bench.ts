import { rmSync } from "node:fs";
import { join } from "node:path";
import type { RunTask, SideBySide } from "./measured.ts";

const LINES = 20_000_000;
const PAGES = 2000;

/** Lackey text against node:readline, which only parts it into lines. Prints lines. */
export function benchLackey(folder: string, run: RunTask, sideBySide: SideBySide, say: (line: string) => void): void {
  const text = join(folder, "bench.lackey");
  run("make-lackey", text, LINES, PAGES);
  const rate = (cpuS: number): string => `${(LINES / cpuS / 1e6).toFixed(1).padStart(5)} M lines/cpu-s`;
  say(`lackey text, ${LINES / 1e6} M lines`);
  for (const task of ["lackey-columns", "ingest"]) {
    for (const readline of ["readline-events", "readline-loop"]) {
      const [theirs, ours, ratio] = sideBySide(
        () => run(readline, text),
        () => run(task, text),
      );
      const target = task === "lackey-columns" && readline === "readline-events" ? " (target ≥ 4)" : "";
      say(`  ${task.padEnd(16)}${rate(ours)}, ${readline.padEnd(16)}${rate(theirs)}, ratio ${ratio.toFixed(2)}${target}`);
    }
  }
  say("");
  rmSync(text);
}
