import { rmSync } from "node:fs";
import { join } from "node:path";
import type { RunTask, SideBySide } from "./measured.ts";

/** Four VMs on half the memory that they consume, all mechanisms, against merely reading the columns, at several lengths. Prints lines. */
export function benchHost(folder: string, run: RunTask, sideBySide: SideBySide, say: (line: string) => void): void {
  const each = (what: string, name: string, sizes: readonly number[]): void => {
    say(`${what}, on half the memory that they consume, all mechanisms, all observers`);
    for (const size of sizes) {
      const path = join(folder, name);
      const rows = Number(run(`make-${name}`, path, size).proof);
      let peak = 0;
      const [read, replayed, share] = sideBySide(
        () => run(`read-${name}`, path),
        () => {
          const measured = run(`replay-${name}`, path);
          peak = Math.max(peak, measured.peakMb);
          return measured;
        },
      );
      const rate = (cpuS: number): string => `${(rows / cpuS / 1e6).toFixed(1)} M rows/cpu-s`;
      say(
        `  ${(rows / 1e6).toFixed(1).padStart(5)} M rows: reading ${rate(read)}, replay ${rate(replayed)} = 1/${(1 / share).toFixed(1)} (target ≥ 1/10); ` +
          `${((replayed / rows) * 1e9).toFixed(0)} ns a row, peak ${peak.toFixed(0)} MB`,
      );
      rmSync(path, { recursive: true });
    }
    say("");
  };
  each("four generated guests, a fifth of their memory hot at a time", "vms", [1e6, 1e7, 1e8]);
  each("four captured guests, what happened in them once and ten times over", "guests", [1, 10]);
}
