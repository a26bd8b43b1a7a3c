export type { ColumnSpec } from "./cell-column.ts";
export { cutTrace, markerTime } from "./cut.ts";
export type { CutPlan } from "./cut.ts";
export type { TraceFormat } from "./format.ts";
export { formats } from "./formats.ts";
export { ingest } from "./ingest.ts";
export type { IngestPlan, IngestSummary, TimeUnit } from "./ingest-plan.ts";
export { survey } from "./survey.ts";
export type { SurveyedInput } from "./survey.ts";
