import type { Run } from "@tidemark/data";
import type { Chart } from "./chart.ts";
import { coldMemory } from "./charts/cold-memory.ts";
import { counters } from "./charts/counters.ts";
import { estimators } from "./charts/estimators.ts";
import { gapOverTime } from "./charts/gap-over-time.ts";
import { heat } from "./charts/heat.ts";
import { owners } from "./charts/owners.ts";
import { waterfall } from "./charts/waterfall.ts";

/** Every chart, in the order of the page. To add one: a file in charts/, and its line here. */
export const charts: readonly Chart[] = [waterfall, gapOverTime, owners, counters, estimators, coldMemory, heat];

/** The charts that have something to draw in this run. */
export const chartsOf = (run: Run): readonly Chart[] => charts.filter((chart) => chart.panels(run).length > 0);
