import {
  estimatorFitTable,
  formatPages,
  InputError,
  MEASURED_COUNTERS,
  measuredCounters,
  PAGE_BYTES,
  parseTime,
  roundTime,
  toCsv,
  writeWhole,
  checkFile,
  type measuredTable,
  type MeasuredCounter,
  type Run,
  type Table,
} from "@tidemark/data";
import { tableOfMeasured, type MeasuredFile } from "@tidemark/ingest";
import { estimatorFit } from "@tidemark/replay";
import { arrowBytes } from "../arrow-bytes.ts";
import type { MeasuredCommandOptions } from "../commands/measured.ts";
import { checkExports, chartFolders } from "../export-options.ts";
import { measuredReading } from "../measured-options.ts";
import { readAloud } from "../measured-run.ts";
import { fitJson, hostOrVm } from "../measured-text.ts";
import { print, printJson, say } from "../progress.ts";
import { TOOL } from "../version.ts";
import { counted, table, whole } from "../words.ts";

type Measured = Table<typeof measuredTable.columns>;

export async function act(files: string[], options: MeasuredCommandOptions): Promise<void> {
  await check(files, options);
  const read = await readAloud(files, measuredReading(options));
  const all = tableOfMeasured(read, { startNs: undefined, originNs: 0, nameOf: (vm) => vm });
  const fits = options.fitEstimator
    ? estimatorFit({
        measured: all,
        estimates: undefined,
        periodNs: parseTime(options.period, "--period"),
        seed: Number(options.seed),
      })
    : undefined;
  const run = runOf(all, read, fits);
  if (options.output !== undefined) writeMeasured(options.output, all);
  if (chartFolders(options).length > 0) await (await import("../export-charts.ts")).exportCharts(run, options);
  const { measuredSentences } = await import("@tidemark/report/words");
  if (options.json) printJson({ ...listJson(all, read), ...(fits === undefined ? {} : fitJson(fits)) });
  else print([listText(all), ...notes(read), ...measuredSentences(run)].join("\n\n"));
}

async function check(files: readonly string[], options: MeasuredCommandOptions): Promise<void> {
  const { output, pdf } = options;
  measuredReading(options);
  if (pdf !== undefined) throw new InputError(`--pdf ${pdf}: counters alone have no page; give --svg or --png FOLDER`);
  await checkExports(options, files);
  if (output === undefined) return;
  if (!/\.(csv|arrow)$/.test(output)) throw new InputError(`-o ${output}: write NAME.csv or NAME.arrow`);
  checkFile(output, files);
}

function writeMeasured(path: string, all: Measured): void {
  writeWhole(path, path.endsWith(".csv") ? toCsv(all) : arrowBytes(all));
  say(`wrote ${path}: ${counted(all.length, "row")}`);
}

/** What charts draw of counters alone. */
function runOf(all: Measured, read: readonly MeasuredFile[], fits: Table<typeof estimatorFitTable.columns> | undefined): Run {
  const { time, vm, configured } = all.columns;
  const [originNs, endNs] = [time[0] ?? 0, time.at(-1) ?? 0];
  return {
    manifest: {
      schema: 1,
      tool: TOOL,
      pageBytes: PAGE_BYTES,
      scenario: {},
      originNs,
      endNs,
      windowNs: endNs - originNs,
      windowFrom: "the whole of what was measured",
      sampleNs: time.find((each) => each > originNs) ?? endNs,
      timeScale: 1,
      seed: 1,
      instants: [],
      traces: [],
      measured: read.map(({ name, sha256, format }) => ({ name, sha256, format })),
      vms: vmsOf(all)
        .filter((name) => name !== "")
        .map((name) => ({
          name,
          configuredPages: Math.round(configured[vm.indexOf(name)] ?? 0) || 0,
          configuredFrom: "source",
          backing: "4k",
          ppns: "captured",
          order: "undeclared",
          rows: 0,
          accesses: 0,
          virtualPages: 0,
          guestPhysicalPages: 0,
          outsideMemoryAccesses: 0,
          allocatorEvents: 0,
          meminfoSamples: 0,
        })),
      markers: [],
      assumed: read.flatMap(({ name, notes: said }) => said.map((note) => `${name}: ${note}`)),
    },
    tables: [all, ...(fits === undefined ? [] : [fits])],
  };
}

const vmsOf = (all: Measured): readonly string[] => [...new Set(all.columns.vm)].sort();

interface Listed {
  readonly vm: string;
  readonly counter: MeasuredCounter;
  readonly samples: number;
  readonly firstNs: number;
  readonly lastNs: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** What there is of every counter of every VM. */
function listed({ length, columns }: Measured): readonly Listed[] {
  const rowsOfVm = new Map<string, number[]>();
  for (let row = 0; row < length; row++) {
    const vm = columns.vm[row] ?? "";
    const rows = rowsOfVm.get(vm);
    if (rows === undefined) rowsOfVm.set(vm, [row]);
    else rows.push(row);
  }
  return [...rowsOfVm]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([vm, rows]) =>
      MEASURED_COUNTERS.flatMap((counter): Listed[] => {
        const values = columns[counter];
        const known = rows.filter((row) => !Number.isNaN(values[row]));
        const [first] = known;
        const last = known.at(-1);
        if (first === undefined || last === undefined) return [];
        let [sum, least, most] = [0, Infinity, -Infinity];
        for (const row of known) {
          sum += values[row];
          least = Math.min(least, values[row]);
          most = Math.max(most, values[row]);
        }
        const [firstNs, lastNs] = [columns.time[first], columns.time[last]];
        return [{ vm, counter, samples: known.length, firstNs, lastNs, mean: sum / known.length, least, most }];
      }),
    );
}

function listText(all: Measured): string {
  const rows = listed(all)
    .filter(({ most }) => most > 0)
    .map((each) => ({ ...each, shown: isPages(each.counter) ? (n: number) => formatPages(Math.round(n)) : formatNumber }))
    .map(({ shown, ...each }) => [
      hostOrVm(each.vm),
      each.counter,
      whole(each.samples),
      `${roundTime(each.firstNs)} – ${roundTime(each.lastNs)}`,
      shown(each.mean),
      shown(each.least),
      shown(each.most),
    ]);
  return table(["VM", "counter", "samples", "time", "mean", "least", "most"], rows, [0, 1]);
}

const isPages = (counter: MeasuredCounter): boolean => measuredCounters[counter].unit === "pages";

const formatNumber = (n: number): string => String(Number(n.toFixed(2)));

/** What was taken for granted, file by file. */
const notes = (read: readonly MeasuredFile[]): readonly string[] => {
  const lines = read.flatMap(({ name, format, notes: said }) => [`${name}: ${format}`, ...said.map((note) => `  ${note}`)]);
  return lines.length === 0 ? [] : [lines.join("\n")];
};

const listJson = (all: Measured, read: readonly MeasuredFile[]): object => ({
  schema: 1,
  pageBytes: PAGE_BYTES,
  files: read.map(({ name, sha256, format, notes: said }) => ({ name, sha256, format, notes: said })),
  counters: listed(all).map(({ vm, counter, samples, firstNs, lastNs, mean, least, most }) => ({
    vm,
    counter,
    samples,
    firstNs,
    lastNs,
    ...(isPages(counter) ? { meanPages: mean, leastPages: least, mostPages: most } : { mean, least, most }),
  })),
});
