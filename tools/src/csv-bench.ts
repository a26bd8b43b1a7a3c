import { execFile, execFileSync, spawnSync } from "node:child_process";
import { linkSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compileC } from "./compile-c.ts";
import { median, type Measured, type RunTask } from "./measured.ts";

/** The captured file, so many times over: 0.9 GB. */
const RUNS = 40;
/** The same, for the memory of a full bench: 1 and 10 GB. */
const FLAT_RUNS = [47, 470];
const REPEATS = 3;

/** A reader of the file, and what it does. */
interface Reader {
  readonly name: string;
  readonly does: string;
  readonly read: () => Measured;
}

/** Plain CSV → trace beside other readers of the same file, and packed input beside zcat. Prints lines. */
export async function benchCsv(folder: string, full: boolean, run: RunTask, say: (line: string) => void): Promise<void> {
  const csv = join(folder, "bench.csv");
  const rows = Number(run("make-captured-csv", csv, RUNS).proof);
  const program = compileC("scan", folder);
  const readers: readonly (Reader | undefined)[] = [
    { name: "papaparse, objects", does: "step mode, parsing only", read: () => run("papaparse-objects", csv) },
    { name: "papaparse, arrays", does: "step mode, parsing only", read: () => run("papaparse-arrays", csv) },
    hasDuckDb() ? { name: "DuckDB", does: "reading columns, addresses as text", read: () => duckDb(csv) } : undefined,
    { name: "ingest, one thread", does: "checking, numbering, hashing, writing too", read: () => run("ingest", csv, 0) },
    { name: "ingest, threads", does: "the same", read: () => run("ingest", csv, Math.max(1, availableParallelism() - 1)) },
    { name: "no parsing", does: "reading, hashing, and writing as many bytes: a ceiling", read: () => run("hash-and-write", csv, rows) },
    program === undefined ? undefined : { name: "C scanner", does: "parsing only: a ceiling", read: () => runC(program, csv) },
  ];
  const there = readers.filter((reader) => reader !== undefined);
  const times = there.map(() => ({ cpu: [] as number[], wall: [] as number[] }));
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    there.forEach(({ name, read }, r) => {
      const from = performance.now();
      const { cpuS, wallS, proof } = read();
      times[r].wall.push(wallS ?? (performance.now() - from) / 1000);
      times[r].cpu.push(cpuS);
      if (proof !== rows) throw new Error(`bug: ${name} reads ${String(proof)} rows, and there are ${rows}`);
    });
  }
  say(
    `plain CSV, ${(rows / 1e6).toFixed(1)} M rows of a captured file, ${availableParallelism()} cores; all read the same rows; the start of node is not in the seconds of those that run in it`,
  );
  say(`  ${"".padEnd(20)}M rows/cpu-s   wall s   papaparse's cpu ratio`);
  there.forEach(({ name, does }, r) => {
    const ratio = median(times[0].cpu.map((papa, repeat) => papa / times[r].cpu[repeat]));
    const figures = [
      (rows / median(times[r].cpu) / 1e6).toFixed(2).padStart(12),
      median(times[r].wall).toFixed(2).padStart(9),
      ratio.toFixed(2).padStart(9),
    ];
    say(`  ${name.padEnd(20)}${figures.join("")}${name === "ingest, one thread" ? " (target ≥ 6)" : ""}   ${does}`);
  });
  const at = (wanted: string): number[] => times[there.findIndex(({ name }) => name === wanted)].wall;
  const faster = median(at("ingest, one thread").map((alone, repeat) => alone / at("ingest, threads")[repeat]));
  say(`  with threads in wall time ${faster.toFixed(2)} times as fast (target ≥ 1.6 on two idle cores)`);
  const alone = median(at("ingest, one thread"));
  const both = await bothAtOnce(csv);
  say(
    `  two ingests at once that know nothing of each other: ${((2 * alone) / both).toFixed(2)} times the work of one: what the machine gives`,
  );
  benchPacked(csv, say);
  rmSync(csv);
  if (full) benchMemory(csv, run, say);
  say("");
}

/** Seconds by the clock that two ingests of the file on one thread each, begun together, take: the longer of the two; the median. */
async function bothAtOnce(csv: string): Promise<number> {
  const twin = `${csv}.2`;
  linkSync(csv, twin);
  const task = fileURLToPath(new URL("bench-task.js", import.meta.url));
  const started = promisify(execFile);
  const times: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const both = await Promise.all([csv, twin].map((path) => started(process.execPath, [task, "ingest", path, "0", "0"])));
    times.push(Math.max(...both.map(({ stdout }) => (JSON.parse(stdout) as Measured).wallS ?? Number.NaN))); // our own task's output
  }
  rmSync(twin);
  return median(times);
}

/** A packed file against zcat piped into the reader of plain text, in wall time. */
function benchPacked(csv: string, say: (line: string) => void): void {
  if (spawnSync("gzip", ["-kf", csv]).status !== 0) {
    say("  .gz against zcat: skipped, there is no gzip");
    return;
  }
  const output = `${csv}.trace`;
  const main = new URL("../../packages/cli/dist/main.js", import.meta.url).pathname;
  const wall = (line: string): number => {
    const from = performance.now();
    execFileSync("bash", ["-c", line, "bench", process.execPath, main, csv, output], { stdio: "ignore" });
    rmSync(output, { recursive: true });
    return (performance.now() - from) / 1000;
  };
  const pairs = Array.from({ length: REPEATS }, () => [
    wall('zcat "$3.gz" | "$1" "$2" ingest /dev/stdin -o "$4"'),
    wall('"$1" "$2" ingest "$3.gz" -o "$4"'),
  ]);
  const [piped, packed] = [0, 1].map((which) => median(pairs.map((pair) => pair[which])));
  const ratio = median(pairs.map(([a, b]) => a / b));
  say(
    `  .gz: ${packed.toFixed(2)} s, zcat piped into the plain reader ${piped.toFixed(2)} s, speed ratio ${ratio.toFixed(2)} (target ≥ 0.8)`,
  );
  rmSync(`${csv}.gz`);
}

/** Peak memory for inputs of 1 and of 10 GB. */
function benchMemory(csv: string, run: RunTask, say: (line: string) => void): void {
  for (const runs of FLAT_RUNS) {
    const rows = Number(run("make-captured-csv", csv, runs).proof);
    for (const workers of [0, 1]) {
      const { peakMb } = run("ingest", csv, workers);
      say(`  ${(rows / 1e6).toFixed(0)} M rows, ${workers === 0 ? "one thread" : "a thread beside"}: peak memory ${peakMb.toFixed(0)} MB`);
    }
    rmSync(csv);
  }
}

const runC = (program: string, csv: string): Measured => JSON.parse(execFileSync(program, [csv], { encoding: "utf8" })) as Measured; // our own program's output

const hasDuckDb = (): boolean => spawnSync("duckdb", ["--version"]).status === 0;

/** CPU seconds by the shell's `times`: its second line is the children's. */
function duckDb(csv: string): Measured {
  const types = "{'gva': 'VARCHAR', 'gpa': 'VARCHAR'}";
  const query = `set threads=1; set enable_progress_bar=false; select count(time_ns) from read_csv('${csv}', types=${types}) where gva > '' and gpa > '' and count > 0`;
  const out = execFileSync("bash", ["-c", 'duckdb -csv -noheader -c "$1"; times', "bench", query], { encoding: "utf8" });
  const lines = out.trim().split("\n");
  const seconds = (lines.at(-1) ?? "").split(" ").map((text) => {
    const [, minutes = "0", rest = "0"] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
    return Number(minutes) * 60 + Number(rest);
  });
  return { cpuS: seconds.reduce((sum, each) => sum + each, 0), peakMb: Number.NaN, proof: Number(lines[0]) };
}
