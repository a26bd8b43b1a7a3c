import { InputError, schemaWords } from "@tidemark/data/shapes";
import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { z } from "zod";
import { parseScenario, type Scenario } from "../scenario.ts";
import { combinations, textOf, type Axis, type Change } from "./axes.ts";

/** An alternative: the base scenario with some values changed. */
export interface Case {
  readonly name: string;
  readonly changes: readonly Change[];
  readonly scenario: Scenario;
}

/** What is changed in a case, before the base is known. */
export interface CasePlan {
  readonly name: string;
  readonly changes: readonly Change[];
}

/** The text of a scenario: a file's, or of the file's part called `inside`. */
export interface BaseText {
  readonly text: string;
  readonly file: string;
  readonly inside: string | undefined;
}

const patch = z.record(z.string().min(1), z.unknown(), { error: "write path: value, for example host.memory: 192MiB" });

const experimentSchema = z
  .strictObject({
    base: z
      .union([z.string().min(1), z.looseObject({ vms: z.unknown() })], { error: "write a scenario, or the path of its file" })
      .meta({ description: "the scenario that the cases change: the scenario itself, or its file, relative to this one" }),
    vary: z
      .record(z.string().min(1), z.array(z.unknown()).min(1, "has no values"), { error: "write path: [value, value]" })
      .optional()
      .meta({ description: "paths of the scenario and their values: every combination is a case" }),
    cases: z
      .record(z.string().min(1), z.union([patch, z.null()]))
      .optional()
      .meta({ description: "cases by name, each with the values that it changes, by path" }),
    baseline: z.string().optional().meta({ description: "the case that the others are compared with; default: the first" }),
  })
  .refine(({ vary, cases }) => (vary === undefined) !== (cases === undefined), "give either vary or cases");

/** An experiment file read as far as it goes without its base. */
export interface ExperimentFile {
  /** Path of the base's file as written; undefined: the base is in the experiment itself. */
  readonly basePath: string | undefined;
  readonly plans: readonly CasePlan[];
  readonly baseline: string | undefined;
}

/** Whether a text is an experiment and not a scenario: it has a `base`. */
export function isExperiment(text: string): boolean {
  const { contents } = parseDocument(text, { prettyErrors: false });
  return isMap(contents) && contents.has("base");
}

/** Reads an experiment file; InputError with file, line and column at the first thing that is wrong. */
export function parseExperiment(text: string, file: string): ExperimentFile {
  const lines = new LineCounter();
  const document = parseDocument<Node>(text, { lineCounter: lines, prettyErrors: false });
  const where = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [broken] = document.errors;
  if (broken !== undefined) throw new InputError(`${where(broken.pos[0])}: ${broken.message}`);
  const parsed = experimentSchema.safeParse(document.toJS(), { error: schemaWords });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue?.code === "unrecognized_keys") {
      const [key = ""] = issue.keys;
      throw new InputError(
        `${where(offsetOf(document, [key]))}: unknown key "${key}"; known here: ${Object.keys(experimentSchema.shape).join(", ")}`,
      );
    }
    const path = (issue?.path ?? []).map(String);
    throw new InputError(
      `${where(offsetOf(document, path))}: ${path.join(".") || "experiment"}: ${issue?.message ?? "is not an experiment"}`,
    );
  }
  const { base, vary, cases, baseline } = parsed.data;
  const change = (path: string, value: unknown, at: readonly (string | number)[]): Change => ({
    path,
    value,
    text: textOf(value),
    said: `${where(offsetOf(document, at))}: ${path}=${textOf(value)}`,
  });
  const plans =
    vary === undefined
      ? Object.entries(cases ?? {}).map(([name, values]) => ({
          name,
          changes: Object.entries(values ?? {}).map(([path, value]) => change(path, value, ["cases", name, path])),
        }))
      : casesOf(
          Object.entries(vary).map(([path, values]) => ({
            path,
            changes: values.map((value, i) => change(path, value, ["vary", path, i])),
          })),
        );
  if (baseline !== undefined) checkBaseline(baseline, plans, `${where(offsetOf(document, ["baseline"]))}: baseline`);
  return { basePath: typeof base === "string" ? base : undefined, plans, baseline };
}

/** InputError unless there is a case of that name; `said`: who asks. */
export function checkBaseline(baseline: string, cases: readonly { readonly name: string }[], said: string): void {
  if (cases.some(({ name }) => name === baseline)) return;
  throw new InputError(`${said}: there is no case "${baseline}"; there are ${cases.map(({ name }) => name).join("; ")}`);
}

/** A case for every combination of the axes, called by its values. InputError where an axis has a value twice. */
export function casesOf(axes: readonly Axis[]): readonly CasePlan[] {
  for (const { changes } of axes) {
    const twice = changes.find(({ text }, i) => changes.findIndex((other) => other.text === text) < i);
    if (twice !== undefined) throw new InputError(`${twice.said}: is given twice; give it once`);
  }
  return combinations(axes).map((changes) => ({ name: changes.map(({ path, text }) => `${path}=${text}`).join(" "), changes }));
}

/** The scenario of a case; `sets`: overrides of every case. InputError in the words of what the user wrote, where it cannot be. */
export function caseOf({ text, file, inside }: BaseText, sets: readonly string[], { name, changes }: CasePlan): Case {
  const said = new Map(changes.map((change) => [setOf(change), change.said]));
  const words = (set: string): string => said.get(set) ?? `--set ${set}`;
  return { name, changes, scenario: parseScenario(text, file, [...sets, ...said.keys()], undefined, words, inside) };
}

/** A change as an override of the scenario. */
const setOf = ({ path, value }: Change): string => `${path}=${JSON.stringify(value)}`;

/** Position of the deepest part of `path` that the file has; of a pair, of its key. */
function offsetOf(document: Document<Node>, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const owner: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    const pair = isMap(owner) ? owner.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key)) : undefined;
    if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0] ?? 0;
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isScalar(node) || isMap(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}
