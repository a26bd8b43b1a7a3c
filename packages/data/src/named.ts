import { InputError } from "./fail.ts";

/** Everything that can be listed, looked up by name, documented and swept. */
export interface Named {
  readonly name: string;
  readonly about: string;
}

/** The entry of `list` called `name`; an InputError that lists what is known otherwise. */
export function find<T extends Named>(kind: string, list: readonly T[], name: string): T {
  const hit = list.find((entry) => entry.name === name);
  if (hit !== undefined) return hit;
  throw new InputError(`unknown ${kind} "${name}"; known: ${list.map((entry) => entry.name).join(", ")}`);
}
