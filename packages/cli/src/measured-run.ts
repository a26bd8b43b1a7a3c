import { basename } from "node:path";
import {
  estimatesTable,
  estimatorFitTable,
  formatPages,
  formatTime,
  hostTable,
  InputError,
  measuredDifferencesTable,
  measuredTable,
  parseTime,
  pickTable,
  timelineTable,
  type Run,
  statPath,
} from "@tidemark/data/shapes";
import type { MeasuredFile, MeasuredReading } from "@tidemark/ingest";
import { estimatorFit, measuredDifferences } from "@tidemark/replay";
import { checkMeasured, measuredNames, measuredReading, type MeasuredOptions } from "./measured-options.ts";
import { progress } from "./progress.ts";

/** What an earlier comparison left in a run. */
const OURS: readonly string[] = [measuredTable, measuredDifferencesTable, estimatorFitTable].map(({ name }) => name);
const STATEMENT = "measured ";
const HOST_LEFT_OUT = `${STATEMENT}counters of the host itself are left out: the simulated one has memory without end (host.memory)`;
/** Sizes of one VM differ by what a balloon holds, or firmware keeps. */
const SIZE_TOLERANCE = 0.1;

/** What was measured, read before the work: what cannot be read is refused then. */
export function measuredFiles(options: MeasuredOptions): Promise<readonly MeasuredFile[]> {
  checkMeasured(options);
  return readAloud(options.measured, measuredReading(options));
}

/** Reads with progress on stderr. */
export async function readAloud(paths: readonly string[], reading: MeasuredReading): Promise<readonly MeasuredFile[]> {
  if (paths.length === 0) return [];
  const { readMeasured } = await import("@tidemark/ingest");
  const totalBytes = paths.reduce((sum, path) => sum + Number(statPath(path)?.size ?? 0), 0);
  const report = progress("reading");
  return await readMeasured(paths, reading, (doneBytes) => report(doneBytes, totalBytes));
}

/** The run with what was measured beside it, where something was. */
export async function withMeasured(run: Run, files: readonly MeasuredFile[], options: MeasuredOptions): Promise<Run> {
  if (files.length === 0) return run;
  const { tableOfMeasured } = await import("@tidemark/ingest");
  const timeline = pickTable(run.tables, timelineTable);
  if (timeline === undefined) throw new InputError("--measured: the run has no timeline to be held against");
  const { originNs, endNs, vms } = run.manifest;
  const host = pickTable(run.tables, hostTable);
  const given = new Set(files.flatMap(({ series }) => series.map(({ vm }) => vm)));
  const isHostLeftOut = given.delete("") && host === undefined;
  if (isHostLeftOut && given.size === 0)
    throw new InputError("--measured: has counters of a host alone, and the simulated one has memory without end; give it host.memory");
  const names = measuredNames(
    [...given],
    vms.map(({ name }) => name),
    options.measured,
    options,
  );
  const startNs = options.measuredAt === undefined ? undefined : parseTime(options.measuredAt, "--measured-at");
  const measured = tableOfMeasured(files, { startNs, originNs, nameOf: (vm) => (vm === "" && host !== undefined ? vm : names.get(vm)) });
  if (!measured.columns.time.some((time) => time >= originNs && time <= endNs)) {
    throw new InputError(
      `--measured: no sample lies in the replay, ${formatTime(originNs)} to ${formatTime(endNs)}; say with --measured-at where the first one stands`,
    );
  }
  const sizes = vms.flatMap(({ name, configuredPages }) => {
    const measuredPages = measured.columns.configured.find((pages, row) => measured.columns.vm[row] === name && !Number.isNaN(pages));
    return measuredPages === undefined || Math.abs(measuredPages / configuredPages - 1) < SIZE_TOLERANCE
      ? []
      : [
          `${STATEMENT}${name} has ${formatPages(Math.round(measuredPages))}, the simulated one ${formatPages(configuredPages)}: is it the same VM?`,
        ];
  });
  const statements = [
    ...files.flatMap((file) => fileStatements(file, startNs, originNs)),
    ...pairStatements(names),
    ...sizes,
    ...(isHostLeftOut ? [HOST_LEFT_OUT] : []),
  ];
  const estimates = pickTable(run.tables, estimatesTable);
  const fits = options.fitEstimator
    ? [estimatorFit({ measured, estimates, periodNs: run.manifest.windowNs, seed: run.manifest.seed })]
    : [];
  return {
    manifest: {
      ...run.manifest,
      measured: files.map(({ name, sha256, format }) => ({ name: basename(name), sha256, format })),
      assumed: [...run.manifest.assumed.filter((line) => !line.startsWith(STATEMENT)), ...statements],
    },
    tables: [
      ...run.tables.filter(({ spec }) => !OURS.includes(spec.name)),
      measured,
      measuredDifferences(measured, timeline, host),
      ...fits,
    ],
  };
}

/** Where a file's times were put, and what its reader noted. */
function fileStatements({ name, isOwnClock, notes }: MeasuredFile, startNs: number | undefined, originNs: number): readonly string[] {
  const file = `${STATEMENT}${basename(name)}`;
  const placed =
    startNs !== undefined
      ? `its first sample is put at ${formatTime(startNs)}`
      : isOwnClock
        ? "its times are taken as they are, as times of the trace"
        : `its first sample is put at the first access, ${formatTime(originNs)}`;
  return [placed, ...notes].map((note) => `${file}: ${note}`);
}

const pairStatements = (names: ReadonlyMap<string, string>): readonly string[] =>
  [...names].filter(([name, vm]) => name !== vm).map(([name, vm]) => `${STATEMENT}VM ${JSON.stringify(name)} is held against ${vm}`);
