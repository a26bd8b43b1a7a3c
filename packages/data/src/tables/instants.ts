import { tableSpec } from "../table.ts";
import { counterColumns } from "./timeline.ts";

export const instantsTable = tableSpec({
  name: "instants",
  about: "counters of every VM at the instants that were asked for",
  columns: {
    asked: { type: "text", unit: "", about: "the instant as it was asked for: a time, peak, end or mark:N" },
    ...counterColumns,
    remaining: { type: "time", unit: "ns", about: "rest of the trace after the instant: how far the future split looks" },
  },
});
