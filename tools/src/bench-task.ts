import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync, rmSync, writeSync } from "node:fs";
import { assert, openTrace } from "@tidemark/data";
import { ingest, PLAIN_READING } from "@tidemark/ingest";
import { replay, scenarioSchema } from "@tidemark/replay";
import Papa from "papaparse";
import { addNumbers } from "./adding.ts";
import { ROW_NS, writeCapturedCsv, writeTrace, writeZipfTrace } from "./bench-data.ts";
import { curveTasks } from "./curve-tasks.ts";
import { writeFlat } from "./flat-accesses.ts";
import { hostTasks } from "./host-tasks.ts";
import { lackeyTasks } from "./lackey-tasks.ts";
import type { Measured } from "./measured.ts";
import { translateNested } from "./nested-translation.ts";
import { pageTasks } from "./page-tasks.ts";

/** One measured piece of work in a process of its own: prints CPU seconds, peak memory and a figure that proves the work. */
const tasks: { readonly [name: string]: (path: string, rows: number, pages: number) => Promise<unknown> } = {
  "make-captured-csv": async (path, repeats) => writeCapturedCsv(path, repeats),
  "make-trace": async (path, rows, pages) => writeTrace(path, rows, pages),

  /** A zipf trace, and beside it what `bench/nested.c` reads of it. */
  "make-zipf": async (path, rows, pages) => {
    writeZipfTrace(path, rows, pages);
    await writeFlat(path, `${path}.u32`);
  },

  /** papaparse in `step` mode, merely parsing: rows as arrays of strings, nothing converted, nothing kept. */
  "papaparse-arrays": (path) => papaparse(path, false),

  /** The same with rows as objects by column name, which is what a reader that must find its columns uses. */
  "papaparse-objects": (path) => papaparse(path, true),

  /** CSV → trace folder: parsing, checking, interning, hashing and writing, with so many threads beside the main one. */
  ingest: async (path, workers) => {
    const output = `${path}.trace`;
    const summary = await ingest({ ...PLAIN_READING, inputs: [path], output, tool: "bench", workers }, () => {});
    rmSync(output, { recursive: true });
    return summary.accepted;
  },

  /** What no reader can do without: reads the file, hashes it, and writes as many bytes as a trace of so many rows has that are not zeros. */
  "hash-and-write": async (path, rows) => {
    const output = `${path}.copy`;
    hashAndWrite(path, output, rows * ROW_BYTES);
    rmSync(output);
    return rows;
  },

  /** Merely reads every column of the trace. */
  read: async (path) => {
    let sum = 0;
    for await (const { length, timeNs, vm, vcpu, kind, page, ppn, count } of openTrace(path).accesses()) {
      for (let i = 0; i < length; i++) sum += timeNs[i] + vm[i] + vcpu[i] + kind[i] + page[i] + ppn[i] + count[i];
    }
    return sum;
  },

  /** The whole replay: machine, ledger, every observer, every estimator, 1,000 samples. */
  replay: async (path, rows, _pages) => {
    const sampleNs = Math.floor((rows * ROW_NS) / 1000);
    const run = await replay({
      scenario: scenarioSchema.parse({ vms: [{ trace: path }], window: `${10 * sampleNs}ns`, sample: `${sampleNs}ns` }),
      open: openTrace,
      instants: ["end"],
      check: false,
      tool: "bench",
      progress: () => {},
    });
    return run.tables.map(({ spec, length }) => `${spec.name} ${length}`).join(", ");
  },

  /** Additions in registers: what the machine's cores can do beside each other. */
  add: async () => addNumbers(),

  /** Nested translation on Skylake. */
  "translate-nested": (path) => translateNested(path),

  ...hostTasks,
  ...pageTasks,

  ...curveTasks,

  ...lackeyTasks,
};

/** Of a row of one VM with one vCPU: time, kind, page, PPN, count. */
const ROW_BYTES = 21;

function hashAndWrite(path: string, output: string, bytes: number): void {
  const piece = Buffer.allocUnsafe(1 << 18);
  const hash = createHash("sha256");
  const [from, to] = [openSync(path, "r"), openSync(output, "w")];
  let left = bytes;
  for (let got = readSync(from, piece); got > 0; got = readSync(from, piece)) {
    hash.update(piece.subarray(0, got));
    left -= writeSync(to, piece, 0, Math.min(left, got));
  }
  assert(left === 0, "the file is shorter than its trace");
  hash.digest("hex");
  closeSync(from);
  closeSync(to);
}

function papaparse(path: string, header: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = header ? 0 : -1;
    Papa.parse<unknown>(createReadStream(path, { encoding: "utf8" }), {
      header,
      step: () => {
        rows++;
      },
      complete: () => resolve(rows),
      error: reject,
    });
  });
}

const [name = "", path = "", rows = "0", pages = "0"] = process.argv.slice(2);
const before = process.cpuUsage();
const from = performance.now();
const proof = await tasks[name](path, Number(rows), Number(pages));
const { user, system } = process.cpuUsage(before);
const measured: Measured = {
  cpuS: (user + system) / 1e6,
  wallS: (performance.now() - from) / 1000,
  peakMb: process.resourceUsage().maxRSS / 1024,
  proof,
};
process.stdout.write(JSON.stringify(measured));
