import { execFileSync } from "node:child_process";
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMeasured } from "@tidemark/ingest";
import Papa from "papaparse";

// `node tools/dist/esxtop-bench.js`: an esxtop file of 50,000 columns, read as `--measured` reads it and by papaparse row by row, each in a process of its own.

const COLUMNS = 50_000;
const VMS = 100;
const COUNTERS = ["Memory Size", "Memory Granted Size", "Memory Consumed Size", "Touched", "Touched Write", "Swapped", "Overhead"];
const ROWS = [200, 800];
const STEP_S = 5;

/** Writes a host of VMS VMs: counters of memory first, then those of their processors. */
function writeEsxtop(path: string, rows: number): void {
  const file = openSync(path, "wx");
  const wanted = Array.from({ length: VMS }, (_, v) =>
    COUNTERS.map((counter) => `"\\\\esx1\\Group Memory(${19_000 + v}:vm-${v})\\${counter} MBytes"`),
  ).flat();
  const others = Array.from(
    { length: COLUMNS - 1 - wanted.length },
    (_, i) => `"\\\\esx1\\Vcpu(${i % VMS}:vm-${i % VMS}:${20_000 + i}:vmx-vcpu-0)\\% Used"`,
  );
  writeSync(file, `${['"(PDH-CSV 4.0) (UTC)(0)"', ...wanted, ...others].join(",")}\n`);
  for (let row = 0; row < rows; row++) {
    const time = new Date(Date.UTC(2017, 4, 15) + row * STEP_S * 1000).toISOString().slice(11, 19);
    const cells = Array.from(
      { length: COLUMNS - 1 },
      (_, i) => `"${(i < wanted.length ? 100 + ((row * 7 + i) % 50) : ((row + i) % 90) / 10).toFixed(2)}"`,
    );
    writeSync(file, `"05/15/2017 ${time}",${cells.join(",")}\n`);
  }
  closeSync(file);
}

const READERS: { readonly [name: string]: (path: string) => Promise<unknown> } = {
  tidemark: (path) => readMeasured([path], { dates: undefined, zoneMinutes: undefined, decimal: undefined, columns: new Map() }, () => {}),
  papaparse: (path) =>
    new Promise((resolve, reject) => {
      let fields = 0;
      Papa.parse<string[]>(createReadStream(path), {
        step: ({ data }) => (fields += data.length),
        complete: () => resolve(fields),
        error: reject,
      });
    }),
};

async function main(): Promise<void> {
  const [, self = "", reader, path] = process.argv;
  if (reader !== undefined && path !== undefined) {
    await READERS[reader]?.(path);
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stdout.write(`${((userCPUTime + systemCPUTime) / 1e6).toFixed(1)} CPU s, ${Math.round(maxRSS / 1024)} MB of memory at most`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "tidemark-esxtop-"));
  try {
    for (const rows of ROWS) {
      const file = join(folder, `${rows}.csv`);
      writeEsxtop(file, rows);
      process.stdout.write(
        `${rows} rows of ${COLUMNS} columns, ${Math.round(statSync(file).size / 1e6)} MB, ${VMS * COUNTERS.length} columns wanted\n`,
      );
      for (const name of Object.keys(READERS))
        process.stdout.write(`  ${name.padEnd(10)} ${execFileSync(process.execPath, [self, name, file], { encoding: "utf8" })}\n`);
      rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
