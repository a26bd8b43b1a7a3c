import { InputError } from "@tidemark/data/shapes";
import { isSeq, LineCounter, parseDocument, type Node } from "yaml";

/** A value that a case puts at a path of the scenario. */
export interface Change {
  /** `host.memory`. */
  readonly path: string;
  readonly value: unknown;
  /** The value as people write it. */
  readonly text: string;
  /** What the user wrote, or where: for messages. */
  readonly said: string;
}

/** A path of the scenario with the values that it is to have. */
export interface Axis {
  readonly path: string;
  readonly changes: readonly Change[];
}

export const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** `host.memory=256MiB,192MiB`: values are YAML, so that `{ name: wsclock, tau: 4 }` and `[nested]` can be among them. */
export function parseVary(option: string): Axis {
  const at = option.indexOf("=");
  const path = option.slice(0, at);
  const refuse = (why: string): InputError => new InputError(`--vary ${option}: ${why}`);
  if (at < 1) throw refuse("write path=value,value, for example host.memory=256MiB,192MiB");
  const lines = new LineCounter();
  const document = parseDocument<Node>(`[${option.slice(at + 1)}]`, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) throw refuse(broken.message);
  const values: unknown = document.toJS();
  if (!isSeq(document.contents) || !Array.isArray(values) || values.length === 0) throw refuse("has no values");
  return { path, changes: values.map((value: unknown) => ({ path, value, text: textOf(value), said: `--vary ${path}=${textOf(value)}` })) };
}

/** Every combination of one change of each axis, the last axis changing fastest. */
export const combinations = (axes: readonly Axis[]): readonly (readonly Change[])[] =>
  axes.reduce<readonly (readonly Change[])[]>(
    (before, { changes }) => before.flatMap((some) => changes.map((one) => [...some, one])),
    [[]],
  );
