export { accessBatch, BATCH_ROWS, FETCH, NONE, READ, WRITE } from "./access-batch.ts";
export type { AccessBatch } from "./access-batch.ts";
export type { ArrowColumn, ArrowRows, ColumnArray } from "./arrow-file.ts";
export { assert, bug, fileProblem, InputError } from "./fail.ts";
export { ALLOC, FAULT, FREE, GUEST_KINDS, guestBatch, INVLPG, MAP, MARK, SWITCH, UNKNOWN, UNMAP, WP } from "./guest-batch.ts";
export type { GuestBatch } from "./guest-batch.ts";
export { find } from "./named.ts";
export type { Named } from "./named.ts";
export { RESOLVED_PAGES, resolvedFrom } from "./sample-resolution.ts";
export { choice, count, defaultText, number, parsePlugin, readParams } from "./params.ts";
export type { ChoiceParam, NumberParam, Params, Values } from "./params.ts";
export type { Run } from "./run.ts";
export type { RunManifest } from "./run-manifest.ts";
export { tables } from "./tables.ts";
export { openShared, sharedBytes, shareTrace } from "./shared-trace.ts";
export type { SharedTrace } from "./shared-trace.ts";
export { BLOCK_PAGES, formatPages, PAGE_BYTES, parseSize } from "./size-text.ts";
export type { Slice, Sweep, SweptCase } from "./sweep-manifest.ts";
export { pickTable, rowOf, rowsOf, tableOf, tableSpec } from "./table.ts";
export type { Cell, Cells, Column, Columns, Row, Table, TableSpec } from "./table.ts";
export { toCsv } from "./table-csv.ts";
export { agesTable } from "./tables/ages.ts";
export { caseParametersTable, casesTable, differencesTable } from "./tables/comparison.ts";
export { curveBoundTable, curveFactsTable, curveTable, lruCurveTable } from "./tables/curve.ts";
export { estimatesTable } from "./tables/estimates.ts";
export { gapTable, LEDGER_CLASSES, ledgerTable, PAGE_KINDS } from "./tables/gap.ts";
export type { LedgerClass, PageKind } from "./tables/gap.ts";
export { guestTable } from "./tables/guest.ts";
export { heatTable } from "./tables/heat.ts";
export { instantsTable } from "./tables/instants.ts";
export {
  estimatorFitTable,
  HOST_COUNTERS,
  MEASURED_COUNTERS,
  measuredCounters,
  measuredDifferencesTable,
  measuredTable,
} from "./tables/measured.ts";
export type { MeasuredCounter } from "./tables/measured.ts";
export { oracleTable, oracleTimeTable, rightSizeTable, SIZE_BASES, WORKING_SET_OPS, workingSetTable } from "./tables/rightsize.ts";
export { spacesTable } from "./tables/spaces.ts";
export { actionsTable } from "./tables/actions.ts";
export { simulatedHost, type CounterSeries } from "./simulated-host.ts";
export { hostTable } from "./tables/host.ts";
export { latencyTable, reclaimTable, stallsTable } from "./tables/stalls.ts";
export { counterColumns, timelineTable } from "./tables/timeline.ts";
export { bestModeTable, breakEvenTable, exitsTable, translationCostTable, translationTable } from "./tables/translation.ts";
export { formatTime, NS_PER, parseTime, roundTime } from "./time-text.ts";
export type { MeminfoRow, TouchBatch, Trace, TracedContents, TracedPages, TracedPpns } from "./trace.ts";
export {
  CONTENT_COLUMNS,
  CONTENTS_FILE,
  EVENT_COLUMNS,
  EVENTS_FILE,
  GUEST_COLUMNS,
  GUEST_FILE,
  MANIFEST_FILE,
  MEMINFO_COLUMNS,
  MEMINFO_FILE,
  PAGE_COLUMNS,
  PAGES_FILE,
  PPN_COLUMNS,
  PPNS_FILE,
} from "./trace-files.ts";
export type { TracedVm, TraceManifest, TraceSource } from "./trace-manifest.ts";
export { statPath } from "./stat-path.ts";
export {
  beginFolder,
  checkFile,
  checkFolder,
  discardUnfinished,
  makeFolders,
  scratchFolder,
  SWEEP_FILE,
  writeWhole,
} from "./whole-output.ts";
export type { WholeFolder } from "./whole-output.ts";
export { compileWasm, WASM_PAGE, WASM_PAGES_MAX, wasmExports, wasmMemory } from "./wasm.ts";
export type { WasmMemory, WasmModule } from "./wasm.ts";
export { kindWords, schemaWords } from "./schema-words.ts";
export { seededRandom, sfc32 } from "./random.ts";
export type { Random } from "./random.ts";
