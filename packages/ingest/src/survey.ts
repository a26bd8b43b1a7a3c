import { tmpdir } from "node:os";
import { join } from "node:path";
import { scratchFolder } from "@tidemark/data/shapes";
import { ColumnMap } from "./column-map.ts";
import { formats } from "./formats.ts";
import type { IngestPlan } from "./ingest-plan.ts";
import { openInputs } from "./open-input.ts";
import { known, recognise } from "./open-source.ts";
import type { Unknown } from "./text-table.ts";

/** What an input is, by its first bytes. */
export interface SurveyedInput {
  /** The path, or `archive.zip/member`. */
  readonly name: string;
  /** Size of the file as it lies there; members of an archive share their archive's. */
  readonly bytes: number;
  readonly format: string;
}

/** Looks at every input and reads none of them: for a word to the user before something long. InputError as `ingest`. */
export async function survey(
  paths: readonly string[],
  { format, columns }: Pick<IngestPlan, "format" | "columns"> = { format: undefined, columns: new Map() },
): Promise<SurveyedInput[]> {
  const map = new ColumnMap(columns, formats);
  const surveyed: SurveyedInput[] = [];
  let folder: ReturnType<typeof scratchFolder> | undefined;
  const scratch = (): string => join((folder ??= scratchFolder(tmpdir(), "tidemark-survey")).path, `${surveyed.length}.arrow`);
  for (const path of paths) {
    const inputs = await openInputs(path, () => {});
    try {
      const before = surveyed.length;
      let leftOut: Unknown | undefined;
      for (const input of inputs) {
        const recognised = await recognise(input, format, map, scratch);
        if ("unknown" in recognised) {
          leftOut ??= recognised;
          continue;
        }
        if ("table" in recognised) await recognised.table.close();
        surveyed.push({ name: input.name, bytes: input.file.bytes, format: recognised.format.name });
      }
      if (leftOut !== undefined && surveyed.length === before) known(leftOut);
    } finally {
      await inputs[0]?.file.close();
      folder?.discard();
      folder = undefined;
    }
  }
  return surveyed;
}
