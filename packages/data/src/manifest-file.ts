import { readFileSync } from "node:fs";
import type { z } from "zod";
import { fileProblem, InputError } from "./fail.ts";

/** Reads `trace.json` or `run.json`. InputError with the first thing that is wrong; `remedy` says what would put it right. */
export function readManifest<T>(path: string, schema: z.ZodType<T>, remedy: string): T {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path}: is not JSON (${error.message.split("\n")[0]}); ${remedy}`);
    throw fileProblem(error, path);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new InputError(`${path}: ${where}${issue?.message ?? "is not a manifest"}; ${remedy}`);
}
