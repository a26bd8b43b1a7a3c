import { readFileSync } from "node:fs";
import { fileProblem, InputError, openTrace, statPath } from "@tidemark/data";
import { isTraceFolder } from "./trace-folder.ts";

/** No scenario is longer. */
const SCENARIO_BYTES = 1 << 24;

/** The text of a scenario file; of a trace folder, that of the scenario with all its VMs and nothing else. */
export function scenarioText(path: string): string {
  if (isTraceFolder(path)) return JSON.stringify({ vms: openTrace(path).manifest.vms.map(({ name }) => ({ trace: path, vm: name })) });
  const text = readText(path);
  if (text !== undefined) return text;
  throw new InputError(
    `${path}: is neither a scenario (YAML or JSON) nor a trace folder; make a trace of captured files with: tidemark ingest ${path} -o NAME.trace`,
  );
}

/** A text that may be meant as a scenario; undefined: captured data, whose first line is bytes or names of columns. */
function readText(path: string): string | undefined {
  try {
    if (Number(statPath(path)?.size ?? 0) > SCENARIO_BYTES) return undefined;
    const text = readFileSync(path, "utf8");
    return /^[^\n]*\0/.test(text) || /^[^\n:{[#]*[,\t;][^\n:{[#]*(\n|$)/.test(text) ? undefined : text;
  } catch (error) {
    throw fileProblem(error, path);
  }
}
