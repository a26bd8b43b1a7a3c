import { assert, openTrace, pickTable, rowsOf, translationTable } from "@tidemark/data";
import { scenarioSchema, translate } from "@tidemark/replay";

/** Nested translation of a trace on Skylake, as `bench/nested.c` does it. The mode's counters that are not zero, as it prints them. */
export async function translateNested(path: string): Promise<readonly string[]> {
  const { tables } = await translate({
    scenario: scenarioSchema.parse({ vms: [{ trace: path }], translation: { core: "skylake", modes: ["nested"], pages: "4k/4k" } }),
    open: openTrace,
    tool: "bench",
    progress: () => {},
  });
  const table = pickTable(tables, translationTable);
  assert(table !== undefined, "a table of counters");
  return rowsOf(table).flatMap(({ mode, group, counter, value }) =>
    mode === "nested" && value > 0 ? [`${group} ${counter} ${value}`] : [],
  );
}
