import type { IngestPlan } from "./ingest-plan.ts";
export type { IngestPlan };
