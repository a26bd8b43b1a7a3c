import { writeFileSync } from "node:fs";
import { openTrace, readRun, writeRun } from "@tidemark/data";
import { replay, scenarioSchema } from "@tidemark/replay";
import { renderPage } from "@tidemark/report";
import { ROW_NS } from "./bench-data.ts";

/** The work of `benchPage`. */
export const pageTasks: { readonly [name: string]: (path: string, rows: number, pages: number) => Promise<unknown> } = {
  /** Of a trace with so many rows a run with 1,000 samples, beside it. */
  "make-run": async (path, rows) => {
    const sampleNs = Math.floor((rows * ROW_NS) / 1000);
    const run = await replay({
      scenario: scenarioSchema.parse({ vms: [{ trace: path }], window: `${10 * sampleNs}ns`, sample: `${sampleNs}ns` }),
      open: openTrace,
      instants: ["end"],
      check: false,
      tool: "bench",
      progress: () => {},
    });
    writeRun(`${path}.run`, run);
    return run.tables.length;
  },

  /** Run folder → page beside it; its letters. */
  "render-page": async (path) => {
    const page = renderPage(await readRun(path));
    writeFileSync(`${path}.html`, page);
    return page.length;
  },
};
