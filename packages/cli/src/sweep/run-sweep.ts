import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  InputError,
  openShared,
  readSweep,
  RUN_FILE,
  sharedBytes,
  shareTrace,
  SWEEP_FILE,
  type SharedTrace,
  type Slice,
  type SweptCase,
  type Trace,
} from "@tidemark/data";
import { checkScenario } from "@tidemark/replay";
import { preflight } from "../preflight.ts";
import { progress, say } from "../progress.ts";
import { TOOL } from "../version.ts";
import { counted, sizeText } from "../words.ts";
import { replayCases } from "./case-pool.ts";
import { throwLast, type AskedCases } from "./read-cases.ts";
import { casesOfSlice, forgetFailure, isFinished, isSweepFolder, keepFailure, runOf, sweptCase, writeSweep } from "./sweep-folder.ts";

/** How a sweep is worked through. */
export interface SweepPlan {
  /** Where the cases go: a folder that is there. */
  readonly folder: string;
  readonly slice: Slice;
  readonly workers: number;
  /** Traces of so many bytes in all are read once into memory that all workers share. */
  readonly shareLimit: number;
}

/** Replays the cases of the slice that are not finished. Gives all cases, those of other slices with them; `failures`: how many have no run. */
export async function runSweep(
  { cases, baseline, open }: AskedCases,
  { folder, slice, workers, shareLimit }: SweepPlan,
): Promise<{ readonly swept: readonly SweptCase[]; readonly failures: number }> {
  checkSlice(folder, slice);
  const swept = await sweptCases(cases, open);
  const own = casesOfSlice(swept, slice);
  const left = own.filter((each) => !isFinished(folder, each));
  const traces = left.length === 0 ? new Map<string, SharedTrace | string>() : await tracesOf(pathsIn(cases), open, shareLimit);
  if (left.length > 0) await checkCases(cases, traces, open);
  // A comparison of other cases would speak of runs that are not there.
  if (left.length > 0) rmSync(join(folder, RUN_FILE), { force: true });
  writeSweep(folder, { schema: 1, tool: TOOL, baseline, slice, cases: [...swept] });
  const done = own.length - left.length;
  if (done > 0) say(`${counted(done, "case")} of ${own.length} finished already`);
  const [{ scenario: first }] = cases;
  if (left.length > 0) {
    const manifests = first.vms.map(({ trace }) => open(trace).manifest);
    const shared = [...traces].flatMap(([path, trace]) => (typeof trace === "string" ? [] : [path]));
    preflight(manifests, first.host !== undefined, left.length, Math.min(workers, left.length), bytesOf(shared, open));
  }
  let failures = 0;
  const jobs = left.flatMap((each) => {
    const scenario = cases.find(({ name }) => name === each.name)?.scenario;
    if (scenario === undefined) return [];
    forgetFailure(folder, each);
    const ended = (failed: string | undefined): void => {
      if (failed === undefined) return;
      failures++;
      keepFailure(folder, each, failed);
      say(`tidemark: case ${each.name}: ${failed}`);
    };
    return [{ scenario, folder: runOf(folder, each), ended }];
  });
  await replayCases(jobs, workers, { traces, tool: TOOL }, progress(`replaying ${counted(jobs.length, "case")}`));
  return { swept, failures };
}

const pathsIn = (cases: AskedCases["cases"]): readonly string[] => [
  ...new Set(cases.flatMap(({ scenario }) => scenario.vms.map(({ trace }) => trace))),
];

/** What these traces take in memory that is shared. */
const bytesOf = (paths: readonly string[], open: (path: string) => Trace): number =>
  paths.reduce((sum, path) => sum + sharedBytes(open(path).manifest), 0);

/** By path: the trace in memory that is shared, or its folder, which workers read themselves. */
async function tracesOf(
  paths: readonly string[],
  open: (path: string) => Trace,
  shareLimit: number,
): Promise<ReadonlyMap<string, SharedTrace | string>> {
  const bytes = bytesOf(paths, open);
  if (bytes > shareLimit) {
    say(`the traces take ${sizeText(bytes)} of memory, more than --share-limit: every worker reads the files itself`);
    return new Map(paths.map((path) => [path, open(path).name]));
  }
  const traces = new Map<string, SharedTrace>();
  for (const path of paths) traces.set(path, await shareTrace(open(path)));
  return traces;
}

/** The cases with their keys; a scenario without one cannot be. */
async function sweptCases(cases: AskedCases["cases"], open: (path: string) => Trace): Promise<readonly SweptCase[]> {
  try {
    return cases.map((each) => sweptCase(each, open, TOOL));
  } catch (error) {
    if (error instanceof InputError) await checkCases(cases, new Map(), open);
    throw error;
  }
}

/** Refuses, before any is replayed, cases that cannot be: a line each. */
async function checkCases(
  cases: AskedCases["cases"],
  traces: ReadonlyMap<string, SharedTrace | string>,
  open: (path: string) => Trace,
): Promise<void> {
  const shared = new Map<string, Trace>();
  const opened = (path: string): Trace => {
    const source = traces.get(path);
    const trace = shared.get(path) ?? (source === undefined || typeof source === "string" ? open(path) : openShared(source));
    shared.set(path, trace);
    return trace;
  };
  const problems: string[] = [];
  for (const { name, scenario } of cases) {
    try {
      await checkScenario(scenario, opened);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(`${name}: ${error.message}`);
    }
  }
  throwLast(problems, (problem) => say(`tidemark: ${problem}`));
}

/** One folder is of one slice: of another its runs would be taken for missing. */
function checkSlice(folder: string, slice: Slice): void {
  if (!isSweepFolder(folder)) return;
  const before = readSweep(join(folder, SWEEP_FILE)).slice;
  if (before.index !== slice.index || before.of !== slice.of)
    throw new InputError(`${folder}: holds slice ${before.index}/${before.of}; give slice ${slice.index}/${slice.of} a folder of its own`);
}
