import { find, InputError, kindWords, parseSize, parseTime, readParams, schemaWords } from "@tidemark/data/shapes";
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { estimators } from "./estimators.ts";
import { hostKey, hostVmKeys, mechanismKeys, shareKey, swapKey } from "./host/host-keys.ts";
import { translationKey } from "./translation/translation-key.ts";

/** Reads text with a parser that throws InputErrors, and turns those into zod issues, so that they get a file position. */
function read<T>(parse: (text: string) => T) {
  return (text: string, context: z.RefinementCtx): T => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      context.addIssue({ code: "custom", message: error.message.replace(/^value: /, "") });
      return z.NEVER;
    }
  };
}

const time = z
  .string({ error: "write a time with its unit, for example 60s or 10ms" })
  .transform(read((text) => parseTime(text, "value")))
  .refine((ns) => ns > 0, "must be more than 0");
const size = z.union([z.string(), z.number().int().positive().transform(String)]).transform(read((text) => parseSize(text, "value")));

const vm = z.strictObject({
  name: z.string().min(1).optional().meta({ description: "name of the VM; default: the trace's own" }),
  trace: z.string().min(1).meta({ description: "trace folder, relative to the scenario file" }),
  vm: z.string().optional().meta({ description: "which VM of the trace; needed where it has several" }),
  size: size
    .optional()
    .meta({ description: "configured memory, e.g. 256MiB; default: what the trace states, else its highest page (assumed)" }),
  backing: z.enum(["4k", "2m"]).default("4k").meta({
    description: "page size of the host's backing; ESX uses 2m by default (Mem.AllocGuestLargePage), captures are explained at 4k",
  }),
  ...hostVmKeys,
});

const estimator = z
  .strictObject({ name: z.string().default("esx-sampler") })
  .catchall(z.union([z.string(), z.number()]))
  .superRefine(({ name, ...given }, context) => {
    try {
      // As text: a time without its unit is refused here as everywhere.
      const texts = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
      readParams(name, find("estimator", estimators, name).params, texts);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
    }
  });

/** Beyond these, periods of the hypervisor are none, or no time of a trace. */
const TIME_SCALE_MIN = 1e-3,
  TIME_SCALE_MAX = 1e6;

/** The scenario file: every key optional but `vms`. Unknown keys are refused. */
export const scenarioSchema = z.strictObject({
  vms: z.array(vm).min(1).meta({ description: "the VMs of the host" }),
  window: time.optional().meta({
    description:
      "window of active memory on the trace's clock; default: 60s for traces of ten minutes or more, else about a twentieth of the span",
  }),
  sample: time
    .optional()
    .meta({ description: "time between samples on the trace's clock; default: a tenth of the window, at most 1,000 samples" }),
  span: time
    .optional()
    .meta({ description: "how long to run; given where no VM has accesses, and only there: VMs with contents alone on a finite host" }),
  estimator: estimator
    .default({ name: "esx-sampler" })
    .meta({ description: "the estimator whose figure is reported, with its parameters" }),
  host: hostKey.optional().meta({ description: "the host; without it, memory is never scarce and nothing is taken back" }),
  ...mechanismKeys,
  translation: translationKey
    .optional()
    .meta({ description: "address translation, counted beside the replay; not counted where not given" }),
  clock: z.enum(["open", "dilated"]).default("open").meta({
    description: "open: events keep the times of their traces, waits are added up; dilated: what a VM waits delays all its later events",
  }),
  timeScale: z
    .number()
    .min(TIME_SCALE_MIN)
    .max(TIME_SCALE_MAX)
    .default(1)
    .meta({ description: "hypervisor seconds per second of the trace" }),
  seed: z.number().int().min(0).max(0xffff_ffff).default(1).meta({ description: "seed of all chance" }),
});

export type Scenario = z.output<typeof scenarioSchema>;

/** The scenario of `tidemark explain TRACE`: all defaults. */
export const plainScenario = (vms: readonly { readonly trace: string; readonly vm: string }[]): Scenario => scenarioSchema.parse({ vms });

/**
 * Reads a scenario from YAML or JSON text; `sets` are `path=value` overrides such as `vms.0.backing=2m`. `optionAt`: what the user wrote
 * at a path where no file did, such as `--core z80`; `setWords`: what an override is called. `inside`: the key whose value is the scenario,
 * where the file is more than that. InputError with these words, or with file, line and column, at the first thing that is wrong.
 */
export function parseScenario(
  text: string,
  file: string,
  sets: readonly string[],
  optionAt: (path: readonly (string | number)[]) => string | undefined = () => undefined,
  setWords: (set: string) => string = (set) => `--set ${set}`,
  inside?: string,
): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const where = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const broken = document.errors[0];
  if (broken !== undefined) throw new InputError(`${where(broken.pos[0])}: ${broken.message}`);
  if (inside !== undefined) document.contents = document.get(inside, true) as typeof document.contents; // a node of its own
  for (const set of sets) applySet(document, set, setWords(set));
  const parsed = scenarioSchema.safeParse(document.toJS(), { error: schemaWords });
  if (parsed.success) return parsed.data;
  const issue = telling(parsed.error.issues[0]);
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0];
    const culprit = setOf(sets, [...path, key]);
    if (culprit !== undefined)
      throw new InputError(`${setWords(culprit)}: unknown key "${key}"; known here: ${knownKeys(path).join(", ")}`);
    const owner = document.getIn(path, true);
    const pair = isMap(owner) ? owner.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const offset = pair !== undefined && isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
    throw new InputError(`${where(offset)}: unknown key "${key}"; known here: ${knownKeys(path).join(", ")}`);
  }
  const culprit = setOf(sets, path);
  if (culprit !== undefined) throw new InputError(`${setWords(culprit)}: ${issue.message}`);
  const key = path.join(".") || "scenario";
  const place = optionAt(path) ?? `${where(offsetOf(document, path))}: ${key}`;
  // Parameters name their owner, which may be the key itself, or the end of it.
  const owner = [key, key.slice(key.lastIndexOf(".") + 1)].find((name) => issue.message.startsWith(`${name}: `));
  throw new InputError(`${place}: ${owner === undefined ? issue.message : issue.message.slice(owner.length + 2)}`);
}

/** Of a value that fits none of several forms, the complaint of the form that it comes nearest to. */
function telling(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const branches = issue.errors.flatMap(([first]) => (first === undefined ? [] : [telling(first)]));
  const types = branches.flatMap((branch) => (branch.code === "invalid_type" && branch.path.length === 0 ? [branch.expected] : []));
  // Of another type than any form has: all of them would do.
  if (types.length === branches.length && branches.length > 0)
    return { ...branches[0], path: issue.path, message: [branches[0].message, ...types.slice(1).map(kindWords)].join(" or ") };
  const rank = ({ code, path }: z.core.$ZodIssue): number =>
    path.length * 4 + ["invalid_value", "unrecognized_keys", "custom"].indexOf(code);
  const [nearest] = branches.toSorted((a, b) => rank(b) - rank(a));
  return nearest === undefined ? issue : { ...nearest, path: [...issue.path, ...nearest.path] };
}

/** The last override that wrote at `path`, above or below it. */
function setOf(sets: readonly string[], path: readonly (string | number)[]): string | undefined {
  const wanted = path.map(String);
  return path.length === 0
    ? undefined
    : sets.findLast((set) => pathOf(set).every((part, i) => wanted[i] === undefined || part === wanted[i]));
}

const pathOf = (set: string): readonly string[] => set.slice(0, set.indexOf("=")).split(".");

function applySet(document: Document, set: string, words: string): void {
  const at = set.indexOf("=");
  if (at < 1) throw new InputError(`${words}: write path=value, for example vms.0.backing=2m`);
  const path = pathOf(set).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const vms: unknown = document.get("vms");
  if (path[0] === "vms" && isSeq(vms) && !(Number(path[1]) < vms.items.length))
    throw new InputError(
      `${words}: the scenario has ${vms.items.length === 1 ? "one VM, vms.0" : `VMs vms.0 to vms.${vms.items.length - 1}`}`,
    );
  checkLists(document, words, path);
  const value: unknown = parseDocument(set.slice(at + 1)).toJS();
  try {
    document.setIn(path, value);
  } catch {
    throw new InputError(`${words}: the scenario has nothing at ${path.slice(0, -1).join(".")}`);
  }
}

/** A list can be changed, and go on by one; not with a hole in it. */
function checkLists(document: Document, words: string, path: readonly (string | number)[]): void {
  for (let depth = 1; depth < path.length; depth++) {
    const owner: unknown = document.getIn(path.slice(0, depth), true);
    if (!isSeq(owner) || Number(path[depth]) <= owner.items.length) continue;
    const { length } = owner.items;
    throw new InputError(`${words}: ${path.slice(0, depth).join(".")} has ${length} ${length === 1 ? "entry" : "entries"}, counted from 0`);
  }
}

/** Position of the deepest part of `path` that the file has. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)) return Number(node.range[0]);
  }
  return 0;
}

function knownKeys(path: readonly (string | number)[]): readonly string[] {
  const schemas: { readonly [key: string]: { readonly shape: object } } = {
    vms: vm,
    host: hostKey,
    share: shareKey,
    swap: swapKey,
    translation: translationKey,
  };
  return Object.keys((schemas[String(path[0])] ?? scenarioSchema).shape);
}

/** JSON Schema of the scenario file, for editors. */
export const scenarioJsonSchema = (): object => z.toJSONSchema(scenarioSchema, { io: "input" });
