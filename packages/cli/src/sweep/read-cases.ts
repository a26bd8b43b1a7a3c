import { dirname, resolve } from "node:path";
import { InputError, type Trace } from "@tidemark/data/shapes";
import {
  caseOf,
  casesOf,
  checkBaseline,
  isExperiment,
  parseExperiment,
  type Axis,
  type BaseText,
  type Case,
  type CasePlan,
} from "@tidemark/replay";
import { scenarioText } from "../scenario-text.ts";
import { isTraceFolder, openTraceFolder } from "../trace-folder.ts";

/** What is to be compared, as the command line and the experiment file say it. */
export interface AskedCases {
  readonly cases: readonly Case[];
  /** Name of a case. */
  readonly baseline: string;
  /** Opens a trace by the path the scenarios name, each once. */
  readonly open: (path: string) => Trace;
}

/** What is wrong with cases, or to be known of them, a line each; the last thing wrong is for the caller to throw. */
export type Complain = (problem: string) => void;

/** The cases of an experiment file, or those that `vary` makes of a scenario or a trace; `sets` override values of all of them. */
export function readCases(
  path: string,
  axes: readonly Axis[],
  sets: readonly string[],
  baseline: string | undefined,
  complain: Complain,
): AskedCases {
  const twice = axes.find((axis, i) => axes.findIndex((other) => other.path === axis.path) < i);
  if (twice !== undefined) throw new InputError(`--vary ${twice.path}: is varied twice; give all its values at once`);
  const { base, plans, wanted } = plan(path, axes, complain);
  const cases = collected(plans, complain, (each) => caseOf(base, sets, each));
  const name = baseline ?? wanted ?? cases[0]?.name ?? "";
  checkBaseline(name, cases, "--baseline");
  const opened = new Map<string, Trace>();
  const open = (trace: string): Trace => {
    const known = opened.get(trace) ?? openTraceFolder(isTraceFolder(path) ? path : resolve(dirname(base.file), trace));
    opened.set(trace, known);
    return known;
  };
  return { cases, baseline: name, open };
}

interface Plan {
  readonly base: BaseText;
  readonly plans: readonly CasePlan[];
  readonly wanted: string | undefined;
}

function plan(path: string, axes: readonly Axis[], complain: Complain): Plan {
  const text = scenarioText(path);
  if (isTraceFolder(path) || !isExperiment(text)) {
    if (axes.length === 0)
      throw new InputError(
        `${path}: nothing to compare it with; say what differs, for example --vary host.memory=256MiB,192MiB, or write an experiment file`,
      );
    return { base: { text, file: path, inside: undefined }, plans: casesOf(axes), wanted: undefined };
  }
  const { basePath, plans, baseline } = parseExperiment(text, path);
  const base =
    basePath === undefined ? { text, file: path, inside: "base" } : { ...baseText(resolve(dirname(path), basePath)), inside: undefined };
  if (axes.length === 0) return { base, plans, wanted: baseline };
  complain(`${path}: its ${plans.length === 1 ? "case is" : `${plans.length} cases are`} left out; --vary makes others of its base`);
  return { base, plans: casesOf(axes), wanted: undefined };
}

const baseText = (file: string): { readonly text: string; readonly file: string } => ({ text: scenarioText(file), file });

/** What `of` gives for each; where it gives InputErrors, all are complained of, each once, and the last is thrown. */
function collected<T, R>(all: readonly T[], complain: Complain, of: (each: T) => R): readonly R[] {
  const problems = new Set<string>();
  const results = all.flatMap((each) => {
    try {
      return [of(each)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.add(error.message);
      return [];
    }
  });
  throwLast([...problems], complain);
  return results;
}

/** Says all but the last, and throws that. */
export function throwLast(problems: readonly string[], complain: Complain): void {
  const last = problems.at(-1);
  if (last === undefined) return;
  problems.slice(0, -1).forEach(complain);
  throw new InputError(last);
}
