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

/** Our words where a value is missing, of another type, out of range or none of those there are; of all else zod's, or those of the schema. */
export function schemaWords(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type": {
      const wanted = `write ${kindWords(issue.expected)}`;
      return input === undefined ? `is missing (${wanted})` : `is ${valueOf(input)}; ${wanted}`;
    }
    case "invalid_value": {
      const wanted = `write ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
      return input === undefined ? `is missing (${wanted})` : `is ${valueOf(input)}; ${wanted}`;
    }
    case "too_small":
      return outOfRange(issue.origin, input, issue.inclusive === true ? "at least" : "more than", issue.minimum);
    case "too_big":
      return outOfRange(issue.origin, input, issue.inclusive === true ? "at most" : "less than", issue.maximum);
    default:
      return undefined;
  }
}

function outOfRange(origin: string, input: unknown, relation: string, limit: number | bigint): string | undefined {
  if (origin === "number") return `is ${valueOf(input)}; write a number of ${relation} ${limit}`;
  if (origin !== "array" && origin !== "string") return undefined;
  const length = Array.isArray(input) || typeof input === "string" ? input.length : 0;
  const [unit, units] = origin === "array" ? ["value", "values"] : ["character", "characters"];
  return `${length === 0 ? "is empty" : `has ${length} ${length === 1 ? unit : units}`}; write ${relation} ${limit === 1 ? `one ${unit}` : `${limit} ${units}`}`;
}

/** What stands there: a value as it is written, cut where it is long; of lists and keys only that they are some. */
function valueOf(value: unknown): string {
  if (value === null) return "empty (null)";
  if (typeof value === "object") return kindWords(Array.isArray(value) ? "array" : "object");
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
