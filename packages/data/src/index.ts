// What opens or writes traces, runs and tables, and with it Arrow and zod, beside `shapes.ts`, which loads neither.
export * from "./shapes.ts";
export { ArrowFileWriter, readArrowFile } from "./arrow-file.ts";
export { distrustArrowLengths } from "./arrow-lengths.ts";
export { fillRun, readRun, RUN_FILE, writeRun } from "./run.ts";
export { readSweep } from "./sweep-manifest.ts";
export { readTable, writeTable } from "./table-arrow.ts";
export { openTrace } from "./trace.ts";
