import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openTrace, PAGE_BYTES, pickTable, rowsOf, timelineTable, type Run } from "@tidemark/data";
import { overheadPages, replay, scenarioSchema, slidingPages } from "@tidemark/replay";
import { chartsOf, chartSvg } from "@tidemark/report";
import { guestFolders, makeGuests } from "./four-guests.ts";
import { sizesText, statesText, type SizedRun } from "./host-sizes.ts";

// Writes the figures of docs/four-guests.md: the VMs of traces/four-guests.yaml on hosts of several sizes.

const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));
const PERCENTS = [100, 75, 50, 35];
/** Where the states begin. */
const STEPS = [100, 95, 90, 87.5, 85, 82.5, 80, 77.5, 75];
const MIB_PAGES = 2 ** 20 / PAGE_BYTES;
const BEGIN = "<!-- written by pnpm four-guests: begin -->";
const END = "<!-- end -->";
const SHARE = { share: { contents: "end-state", salting: "none" } };
/** Drawn for the page. */
const DRAWN = { percent: 50, charts: ["host-state"] };

const folder = mkdtempSync(join(tmpdir(), "tidemark-four-guests-"));
try {
  await makeGuests(folder);
  const ample = await run({});
  const peaks = ample.manifest.vms.map(({ name }) => peakOf(ample, name));
  const peak = peaks.reduce((sum, pages) => sum + pages, 0);
  const overhead = ample.manifest.vms.reduce((sum, { configuredPages }) => sum + overheadPages(configuredPages, 1), 0);
  const sized = async (percents: readonly number[], more: object): Promise<SizedRun[]> => {
    const runs: SizedRun[] = [];
    for (const percent of percents) {
      const memory = `${hostMib((peak * percent) / 100 + overhead)}MiB`;
      runs.push({ percent, run: await run({ host: { memory }, ...SHARE, ...more }) });
    }
    return runs;
  };
  const open = await sized(PERCENTS, {});
  const dilated = await sized(PERCENTS, { clock: "dilated" });
  const mib = (pages: number): string => `${Math.round(pages / MIB_PAGES)} MiB`;
  const each = ample.manifest.vms.map(({ name }, v) => `${name} ${mib(peaks[v])}`).join(", ");
  const text = [
    `At most they consume, where memory is never scarce: ${each}; ${mib(peak)} in all. The overhead of four VMs of 256 MiB is ${mib(overhead)}; minFree is that of the host.`,
    sizesText(open),
    "### Step by step",
    statesText(await sized(STEPS, {})),
    "### On the dilated clock",
    sizesText(dilated),
  ].join("\n\n");
  const file = join(DOCS, "four-guests.md");
  const page = readFileSync(file, "utf8");
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for the figures`);
  writeFileSync(file, `${page.slice(0, from)}${BEGIN}\n\n${text}\n\n${page.slice(to)}`);
  for (const { percent, run: one } of open) if (percent === DRAWN.percent) await draw(one);
} finally {
  rmSync(folder, { recursive: true });
}

function run(scenario: object): Promise<Run> {
  return replay({
    scenario: scenarioSchema.parse({ ...scenario, vms: guestFolders(folder).map((trace) => ({ name: basename(trace, ".trace"), trace })) }),
    open: openTrace,
    instants: ["end"],
    check: false,
    tool: "four-guests",
    progress: () => {},
  });
}

/** The most that a VM consumes at a sample. */
function peakOf({ tables }: Run, name: string): number {
  const timeline = pickTable(tables, timelineTable);
  if (timeline === undefined) throw new Error("no timeline");
  return rowsOf(timeline).reduce((peak, { vm, consumed }) => (vm === name ? Math.max(peak, consumed) : peak), 0);
}

/** The smallest host, whole MiB, that has so much beside its minFree. */
function hostMib(pages: number): number {
  let mib = 1;
  while (mib * MIB_PAGES - slidingPages(mib * MIB_PAGES) < pages) mib++;
  return mib;
}

async function draw(one: Run): Promise<void> {
  for (const chart of chartsOf(one).filter(({ name }) => DRAWN.charts.includes(name)))
    writeFileSync(join(DOCS, "images", `four-guests-${chart.name}.svg`), await chartSvg(chart, one));
}
