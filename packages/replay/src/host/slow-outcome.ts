import {
  actionsTable,
  hostTable,
  latencyTable,
  pickTable,
  reclaimTable,
  rowsOf,
  stallsTable,
  timelineTable,
  type Run,
  type TableSpec,
} from "@tidemark/data/shapes";
import { expect } from "vitest";
import { scenarioSchema } from "../scenario.ts";
import { replayOf } from "../testing.ts";
import type { Case } from "./slow-cases.ts";
import { slowReplay } from "./slow-host.ts";
import type { SlowRow, SlowTables } from "./slow-tables.ts";

/** The tables of a replay, or why it cannot be. */
export type Outcome = { readonly tables: SlowTables } | { readonly error: string };

const rowsIn = (tables: Run["tables"], spec: TableSpec): SlowRow[] => {
  const table = pickTable(tables, spec);
  if (table === undefined) throw new Error(`no table ${spec.name}`);
  return rowsOf(table);
};
const engineTables = ({ tables }: Run): SlowTables => ({
  timeline: rowsIn(tables, timelineTable),
  host: rowsIn(tables, hostTable),
  actions: rowsIn(tables, actionsTable),
  stalls: rowsIn(tables, stallsTable),
  latency: rowsIn(tables, latencyTable),
  reclaim: rowsIn(tables, reclaimTable),
});

async function outcome(play: () => Promise<SlowTables>): Promise<Outcome> {
  try {
    return { tables: await play() };
  } catch (error) {
    const { message } = error as Error;
    if (!/^[a-d](-2)?: (no free memory|at its limit) in state/.test(message)) throw error;
    // The engine goes on to say what would do.
    return { error: message.replace(/, and nothing can be.*/, "") };
  }
}

const ofEngine = ({ written, scenario }: Case, batchRows: number, check: boolean | "rows"): Promise<Outcome> =>
  outcome(async () => engineTables(await replayOf({ ...written, batchRows }, scenario, [], check)));
const ofReference = ({ written, scenario }: Case): Promise<Outcome> =>
  outcome(async () => slowReplay(written, scenarioSchema.parse({ ...scenario, vms: scenario.vms.map((vm) => ({ trace: "t", ...vm })) })));

/** Fractions of frames are added in any order: `consumed` to a millionth of a page. */
const rounded = (result: Outcome): Outcome =>
  "error" in result
    ? result
    : {
        tables: {
          ...result.tables,
          timeline: result.tables.timeline.map((row) => ({ ...row, consumed: Math.round(Number(row["consumed"]) * 1e6) / 1e6 })),
        },
      };

/** The engine's outcome, if the reference has the same; whatever the rows per batch, and at a second run. Checked every so many rows. */
export async function agreed(each: Case, rows = 1): Promise<Outcome> {
  const engine = await ofEngine(each, rows, "rows");
  expect(rounded(engine)).toEqual(rounded(await ofReference(each)));
  expect(await ofEngine(each, 7, false), "rows per batch change nothing").toEqual(engine);
  expect(await ofEngine(each, 512, true), "nor do they, nor a second run").toEqual(engine);
  return engine;
}

/** The same of a scenario that can be. */
export async function agreedTables(each: Case): Promise<SlowTables> {
  const outcome = await agreed(each);
  if ("error" in outcome) throw new Error(outcome.error);
  return outcome.tables;
}

/** What was counted of a VM's pages by the end, without what never happened. */
export const countsOf = ({ reclaim }: SlowTables, vm: string): { readonly [counter: string]: string | number } =>
  Object.fromEntries(reclaim.filter((row) => row["vm"] === vm && row["value"] !== 0).map((row) => [row["counter"], row["value"]]));
