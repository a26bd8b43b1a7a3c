import { InputError } from "./fail.ts";
import { formatTime, parseTime } from "./time-text.ts";

export interface NumberParam {
  readonly type: "number";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** `"ns"` makes the parameter accept times such as `60s`. */
  readonly unit: string;
  /** There is no half page: of what is counted, only whole numbers are taken. */
  readonly isWhole: boolean;
  readonly about: string;
}
export interface ChoiceParam<C extends string = string> {
  readonly type: "choice";
  readonly default: C;
  readonly choices: readonly C[];
  readonly about: string;
}
/** The parameters of a plug-in, declared once: help, parsing, docs and sweeps come from here. */
export type Params = { readonly [name: string]: NumberParam | ChoiceParam };

export type Values<P extends Params> = {
  readonly [K in keyof P]: P[K] extends ChoiceParam<infer C> ? C : number;
};

export const number = (p: Omit<NumberParam, "type" | "isWhole">): NumberParam => ({
  type: "number",
  ...p,
  isWhole: p.unit === "pages" || p.unit === "bytes",
});
/** A number of things that have no unit: segments, references. */
export const count = (p: Omit<NumberParam, "type" | "unit" | "isWhole">): NumberParam => ({
  type: "number",
  ...p,
  unit: "",
  isWhole: true,
});
export const choice = <const C extends string>(p: Omit<ChoiceParam<C>, "type">): ChoiceParam<C> => ({ type: "choice", ...p });

/**
 * Reads given values against a declaration; missing names take their defaults.
 * `owner` names the plug-in in errors: `esx-sampler: pages=0 is not a whole number in [1, 100000]`.
 */
export function readParams<P extends Params>(owner: string, params: P, given: { readonly [name: string]: string | number }): Values<P> {
  const values: Record<string, number | string> = {};
  for (const [name, param] of Object.entries(params)) {
    const raw = given[name];
    values[name] = raw === undefined ? param.default : readOne(owner, name, param, raw);
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(params, name))
      throw new InputError(`${owner}: unknown parameter "${name}"; known: ${Object.keys(params).join(", ") || "(none)"}`);
  }
  return values as Values<P>; // the one cast: every name was checked above
}

/** A parameter's default as one would give it: `100`, `60s`, `random`. */
export const defaultText = (param: NumberParam | ChoiceParam): string =>
  param.type === "number" && param.unit === "ns" ? formatTime(param.default).replace(" ", "") : String(param.default);

function readOne(owner: string, name: string, param: NumberParam | ChoiceParam, raw: string | number): number | string {
  if (param.type === "choice") {
    if (typeof raw === "string" && param.choices.includes(raw)) return raw;
    throw new InputError(`${owner}: ${name}=${raw} is not one of ${param.choices.join(", ")}`);
  }
  const value =
    typeof raw === "number" ? raw : param.unit === "ns" ? parseTime(raw, `${owner}: ${name}`) : raw.trim() === "" ? NaN : Number(raw);
  const kind = param.isWhole ? "whole number" : "number";
  if (value >= param.min && value <= param.max && (!param.isWhole || Number.isInteger(value))) return value;
  throw new InputError(`${owner}: ${name}=${raw} is not a ${kind} in [${param.min}, ${param.max}]${param.unit && ` ${param.unit}`}`);
}

/** `esx-sampler:pages=400,slow=0.1` → its name and its given values. */
export function parsePlugin(text: string): { readonly name: string; readonly given: { readonly [name: string]: string } } {
  const colon = text.indexOf(":");
  if (colon < 0) return { name: text, given: {} };
  const given: Record<string, string> = {};
  for (const part of text.slice(colon + 1).split(",")) {
    const at = part.indexOf("=");
    if (at < 1) throw new InputError(`${text}: "${part}" is not name=value`);
    given[part.slice(0, at)] = part.slice(at + 1);
  }
  return { name: text.slice(0, colon), given };
}
