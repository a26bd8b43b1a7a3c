import { readFileSync } from "node:fs";

const packageJson: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** The version of the `tidemark` package. */
export const TOOL_VERSION =
  typeof packageJson === "object" && packageJson !== null && "version" in packageJson ? String(packageJson.version) : "unknown";

/** What goes into manifests. */
export const TOOL = `tidemark ${TOOL_VERSION}`;
