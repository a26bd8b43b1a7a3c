import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileProblem, InputError, MEASURED_COUNTERS, measuredTable, scratchFolder, type Table } from "@tidemark/data/shapes";
import type { ByteWindow } from "../byte-window.ts";
import type { MeasuredFormat } from "../measured-format.ts";
import type { MeasuredSamples } from "../measured-samples.ts";
import { spool } from "../spool.ts";

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
    const { readTable } = await import("@tidemark/data");
    await spool(bytes, path);
    return await readTable(path, measuredTable).catch((error: unknown) => {
      throw error instanceof InputError ? new InputError(error.message.replace(path, name)) : fileProblem(error, path);
    });
  } finally {
    scratch.discard();
  }
}
