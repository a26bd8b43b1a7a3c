import { createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileProblem, InputError, MEASURED_COUNTERS, measuredTable, scratchFolder, type Table } from "@tidemark/data/shapes";
import type { ByteWindow } from "../byte-window.ts";
import type { MeasuredFormat } from "../measured-format.ts";
import type { MeasuredSamples } from "../measured-samples.ts";

const NS_PER_MS = 1e6;

/** What `tidemark measured -o NAME.arrow` writes, and what lies in a run that was held against counters: our table as an Arrow file. */
export const measuredArrow: MeasuredFormat = {
  name: "measured-arrow",
  about: "the table that tidemark measured -o NAME.arrow writes, and measured.arrow of a run",
  source: "ours: table measured (docs/reference/tables.md), as an Arrow IPC file",
  // The schema comes first, its names as they are.
  sniff: (head) => head.startsWith("ARROW1") && Object.keys(measuredTable.columns).every((name) => head.includes(name)),
  async read(bytes, samples) {
    const { columns, length } = await tableIn(bytes, samples.name);
    samples.isOwnClock = true;
    for (let row = 0; row < length; row++) {
      const [ns, vm = ""] = [columns.time[row] ?? NaN, columns.vm[row]];
      if (!Number.isSafeInteger(ns)) samples.refuse(row + 1, `${ns} is no time in whole ns`);
      for (const counter of MEASURED_COUNTERS)
        samples.put(row + 1, vm, ns / NS_PER_MS, counter, pagesOf(samples, row, columns[counter][row]));
    }
  },
};

function pagesOf(samples: MeasuredSamples, row: number, pages = NaN): number {
  return pages < 0 || pages === Infinity ? samples.refuse(row + 1, `${pages} is no number of pages`) : pages;
}

/** Arrow's reader wants a file, which may be packed. */
async function tableIn(bytes: ByteWindow, name: string): Promise<Table<typeof measuredTable.columns>> {
  const scratch = scratchFolder(tmpdir(), "tidemark-measured");
  const path = join(scratch.path, "measured.arrow");
  try {
    await pipeline(Readable.from(chunksOf(bytes)), createWriteStream(path));
    const { readTable } = await import("@tidemark/data");
    return await readTable(path, measuredTable);
  } catch (error) {
    throw error instanceof InputError ? new InputError(error.message.replace(path, name)) : fileProblem(error, path);
  } finally {
    scratch.discard();
  }
}

async function* chunksOf(bytes: ByteWindow): AsyncGenerator<Buffer> {
  for (;;) {
    // The window is filled anew while a chunk may still wait to be written.
    if (bytes.end > bytes.start) yield Buffer.from(bytes.bytes.subarray(bytes.start, bytes.end));
    bytes.start = bytes.end;
    if (bytes.atEnd) return;
    await bytes.fill();
  }
}
