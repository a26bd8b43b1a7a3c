import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { InputError, readRun, SWEEP_FILE, writeWhole, type Slice, type Sweep, type SweptCase, type Trace } from "@tidemark/data";
import { FIGURE_TABLES, figuresOf, filledScenario, type Case, type ComparedCase } from "@tidemark/replay";
import { isRunFolder } from "../trace-folder.ts";

const CASES = "cases";
/** Of a case's name and of its key, in the name of its folder. */
const NAME_LETTERS = 60,
  KEY_LETTERS = 12;

/** The case with a hash of its inputs: the scenario with every default, the traces' manifests, the version of the tool. */
export function sweptCase({ name, changes, scenario }: Case, open: (path: string) => Trace, tool: string): SweptCase {
  const traces = scenario.vms.map(({ trace }) => open(trace).manifest);
  const inputs = JSON.stringify({ tool, name, scenario: filledScenario(scenario), traces });
  return {
    name,
    key: createHash("sha256").update(inputs).digest("hex"),
    parameters: changes.map(({ path, text }) => ({ path, text })),
  };
}

/** The cases of a slice. */
export const casesOfSlice = <T>(cases: readonly T[], { index, of }: Slice): readonly T[] => cases.filter((_, i) => i % of === index - 1);

/** Where the run of a case is, or will be: in `cases`, under its name and key. Not hidden: what is hidden there is unfinished. */
export const runOf = (folder: string, { name, key }: SweptCase): string =>
  join(folder, CASES, `${name.replaceAll(/[^\w.=,+-]+|^\.+/g, "_").slice(0, NAME_LETTERS)}-${key.slice(0, KEY_LETTERS)}`);
const failureOf = (folder: string, swept: SweptCase): string => `${runOf(folder, swept)}.failed.txt`;

export const isFinished = (folder: string, swept: SweptCase): boolean => isRunFolder(runOf(folder, swept));
/** Whether there is nothing to be known of a case: neither a run nor why there is none. */
export const isOpen = (folder: string, swept: SweptCase): boolean => !isFinished(folder, swept) && !existsSync(failureOf(folder, swept));

export const keepFailure = (folder: string, swept: SweptCase, message: string): void =>
  writeWhole(failureOf(folder, swept), `${message}\n`);
export const forgetFailure = (folder: string, swept: SweptCase): void => rmSync(failureOf(folder, swept), { force: true });

/** What was being written when the command was killed. */
const LEFT_OVER = /^\..+\.\d+\.(part|\d+)$/;

/** Removes what a killed command left half in its folder. In a folder that is not a sweep's nothing is touched. */
export function removeLeftOvers(folder: string): void {
  // The first that a sweep writes is its manifest.
  const isBegun = (): boolean => existsSync(folder) && readdirSync(folder).every((name) => name.startsWith(`.${SWEEP_FILE}.`));
  if (!isSweepFolder(folder) && !isBegun()) return;
  for (const place of [folder, join(folder, CASES)]) {
    if (!existsSync(place)) continue;
    for (const name of readdirSync(place)) if (LEFT_OVER.test(name)) rmSync(join(place, name), { recursive: true, force: true });
  }
}

export function writeSweep(folder: string, sweep: Sweep): void {
  writeWhole(join(folder, SWEEP_FILE), `${JSON.stringify(sweep, null, 2)}\n`);
}

export const isSweepFolder = (folder: string): boolean => existsSync(join(folder, SWEEP_FILE));

/** Copies what is known of a case from one folder to another. */
export function copyCase(from: string, to: string, swept: SweptCase): void {
  mkdirSync(join(to, CASES), { recursive: true });
  const of = isFinished(from, swept) ? runOf : failureOf;
  cpSync(of(from, swept), of(to, swept), { recursive: true });
}

/** All cases of a folder as they are compared: the figures of their runs, or why they have none. InputError where the baseline has none. */
export async function comparedCases(folder: string, cases: readonly SweptCase[], baseline: string): Promise<readonly ComparedCase[]> {
  const compared: ComparedCase[] = [];
  for (const each of cases) compared.push(await comparedCase(folder, each));
  const failed = compared.find((each) => each.name === baseline)?.failed ?? "";
  if (failed !== "") throw new InputError(`the baseline ${baseline} failed, and nothing can be compared with it: ${failed}`);
  return compared;
}

async function comparedCase(folder: string, swept: SweptCase): Promise<ComparedCase> {
  const { name, parameters } = swept;
  if (!isFinished(folder, swept)) {
    const failed = readFileSync(failureOf(folder, swept), "utf8").trim();
    return { name, parameters, manifest: undefined, figures: undefined, failed };
  }
  const { manifest, tables } = await readRun(runOf(folder, swept), FIGURE_TABLES);
  return { name, parameters, manifest, figures: figuresOf({ manifest, tables }), failed: "" };
}
