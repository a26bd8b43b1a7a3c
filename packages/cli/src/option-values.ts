import { InvalidArgumentError } from "commander";
import { find, InputError, parsePlugin, parseSize, parseTime, readParams } from "@tidemark/data/shapes";
import { estimators } from "@tidemark/replay/estimators";
import { checkInstant } from "@tidemark/replay/instants";

/** For options that may be given several times. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `--at`: every instant once, in the order given. */
export function instants(value: string, before: readonly string[]): readonly string[] {
  checkInstant(value);
  return before.includes(value) ? before : [...before, value];
}

/** A length of time; kept as text, which the scenario reads again. */
export const duration =
  (option: string) =>
  (value: string): string => {
    if (parseTime(value, option) > 0) return value;
    throw new InputError(`${option} ${value}: must be more than 0`);
  };

/** Memory in whole pages; kept as text. */
export const memorySize =
  (option: string) =>
  (value: string): string => {
    parseSize(value, option);
    return value;
  };

/** A number above 0; kept as text. */
export function positive(value: string): string {
  if (Number(value) > 0 && Number.isFinite(Number(value))) return value;
  throw new InvalidArgumentError("write a number above 0");
}

/** A seed; kept as text. */
export function seed(value: string): string {
  if (/^\d+$/.test(value) && Number(value) <= 0xffff_ffff) return value;
  throw new InvalidArgumentError("write a whole number from 0 to 4294967295");
}

/** `esx-sampler:pages=400`, as overrides of the scenario. */
export function estimatorSets(value: string): readonly string[] {
  const { name, given } = parsePlugin(value);
  readParams(name, find("estimator", estimators, name).params, given);
  return [`estimator.name=${name}`, ...Object.entries(given).map(([param, text]) => `estimator.${param}=${text}`)];
}
