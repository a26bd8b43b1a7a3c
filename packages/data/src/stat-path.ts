import { statSync, type BigIntStats } from "node:fs";
import { fileProblem } from "./fail.ts";

/**
 * What is at a path; undefined where nothing is; InputError where that cannot be told. In whole numbers of any size, because the others are
 * kept in a place that Node's search for modules shares: of a pipe they end it too early (Node 20, `realpathSync`), and an `import()` that
 * comes later fails.
 */
export function statPath(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    throw fileProblem(error, path);
  }
}
