import type { z } from "zod";

const KINDS: { readonly [type: string]: string } = {
  array: "a list",
  object: "keys with values",
  record: "keys with values",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/** What zod calls a type, for people. */
export const kindWords = (type: string): string => KINDS[type] ?? type;

/** Our words where a value is missing or of another type; of all else zod's, or those of the schema. */
export function schemaWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "invalid_type") return undefined;
  const wanted = `write ${kindWords(issue.expected)}`;
  return issue.input === undefined ? `is missing (${wanted})` : `is ${kindOf(issue.input)}; ${wanted}`;
}

const kindOf = (value: unknown): string => (value === null ? "empty (null)" : kindWords(Array.isArray(value) ? "array" : typeof value));
