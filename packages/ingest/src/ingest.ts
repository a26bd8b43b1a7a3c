import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { assert, beginFolder, InputError, MANIFEST_FILE, statPath, type TraceManifest, type TraceSource } from "@tidemark/data/shapes";
import { ColumnMap } from "./column-map.ts";
import { formats } from "./formats.ts";
import type { IngestPlan, IngestSummary } from "./ingest-plan.ts";
import { mergeEvents, type EventStream } from "./merge.ts";
import { checkOnce, openInputs, type Input } from "./open-input.ts";
import type { InputFile } from "./input-file.ts";
import { beginSource, known, recognise } from "./open-source.ts";
import type { Unknown } from "./text-table.ts";
import type { RawAccesses, RawBatch, RawGuest, RawMaps } from "./raw-batch.ts";
import { Rejects, REJECTED_FILE } from "./rejects.ts";
import { Source, type OpenSource, type SourceFacts } from "./source.ts";
import { EventSorter } from "./external-sort.ts";
import { checkOrder } from "./time-order.ts";
import { TraceBuilder } from "./trace-builder.ts";
import { TraceOutput } from "./trace-output.ts";

/**
 * Reads the inputs of a plan into a trace folder, which appears whole or not at all. `progress` is told how many bytes of
 * how many have been read. InputError: what the user can put right.
 */
export async function ingest(plan: IngestPlan, progress: (doneBytes: number, totalBytes: number) => void): Promise<IngestSummary> {
  checkOnce(plan.inputs);
  const map = new ColumnMap(plan.columns, formats);
  const folder = beginFolder(plan.output, MANIFEST_FILE);
  const rejects = new Rejects(plan.badRows === "quarantine" ? join(folder.path, REJECTED_FILE) : undefined);
  const output = new TraceOutput(folder.path);
  const temporary: string[] = [];
  const scratch = (): string => {
    temporary.push(join(folder.path, `scratch-${temporary.length}.tmp`));
    return temporary.at(-1) ?? "";
  };
  const sorter = new EventSorter(scratch());
  const inputs: Input[] = [];
  const opened: OpenSource[] = [];
  try {
    const facts: SourceFacts = { captured: new Set(), synthesised: new Set() };
    const total = plan.inputs.reduce((sum, path) => sum + Number(statPath(path)?.size ?? 0), 0);
    let done = 0;
    const advance = (bytes: number): void => progress((done += bytes), total);
    for (const path of plan.inputs) inputs.push(...(await openInputs(path, advance)));
    await openSources(inputs, opened, { plan, map, rejects, facts, scratch });
    map.checkUsed();
    const builder = new TraceBuilder(plan, output);
    await readAll(opened, builder, plan.sort ? sorter : undefined);
    const vms = builder.finish();
    for (const file of new Set(inputs.map((input) => input.file))) await file.checkUnchanged();
    const sources: TraceSource[] = [];
    for (const open of opened) sources.push(await open.describe());
    const useless = sources.find(({ accepted }) => accepted === 0);
    if (useless !== undefined)
      throw new InputError(`${useless.name}: none of its ${useless.rows} rows could be read; leave out --bad-rows to see why`);
    const manifest: TraceManifest = {
      schema: 1,
      tool: plan.tool,
      pageBytes: 4096,
      originNs: builder.originNs,
      endNs: builder.endNs,
      vms,
      sources,
      captured: [...facts.captured],
      synthesised: [...facts.synthesised],
    };
    rejects.close();
    output.finish(manifest);
    sorter.close();
    for (const path of temporary) rmSync(path, { force: true });
    folder.commit();
    return summaryOf(manifest, plan, rejects);
  } catch (error) {
    rejects.close();
    output.abandon();
    sorter.close();
    folder.discard();
    throw error;
  } finally {
    for (const open of opened) await open.close();
    for (const file of new Set(inputs.map((input) => input.file))) await file.close();
  }
}

/** Everything that is open while an ingest runs. */
interface Workplace {
  readonly plan: IngestPlan;
  readonly map: ColumnMap;
  readonly rejects: Rejects;
  readonly facts: SourceFacts;
  /** A name for one more temporary file. */
  readonly scratch: () => string;
}

/** Opens all inputs into `opened`. Of an archive that has others, one of no known format is left out, which the first of the others notes. */
async function openSources(
  inputs: readonly Input[],
  opened: OpenSource[],
  { plan, map, rejects, facts, scratch }: Workplace,
): Promise<void> {
  const firstOf = new Map<InputFile, Source>();
  const leftOut: { readonly input: Input; readonly unknown: Unknown }[] = [];
  for (const input of inputs) {
    const recognised = await recognise(input, plan.format, map, scratch);
    if ("unknown" in recognised) {
      leftOut.push({ input, unknown: recognised });
      continue;
    }
    const source = new Source(input.name, opened.length, plan, rejects, facts);
    if (!firstOf.has(input.file)) firstOf.set(input.file, source);
    opened.push({
      source,
      batches: beginSource(source, recognised, map),
      describe: async () => source.describe(input.file.bytes, await input.file.sha256()),
      close: async () => {
        if ("table" in recognised) await recognised.table.close();
      },
    });
  }
  for (const { input, unknown } of leftOut) {
    const first = firstOf.get(input.file);
    if (first === undefined) known(unknown);
    else first.note(`${basename(input.name)}, in no known format, is left out`);
  }
}

/** Where pages lie; events in the order of time; then contents and counters, which have no part in it. */
async function readAll(opened: readonly OpenSource[], builder: TraceBuilder, sorter: EventSorter | undefined): Promise<void> {
  const events: EventStream[] = [];
  const tables: { open: OpenSource; first: RawBatch; rest: AsyncGenerator<RawBatch> }[] = [];
  for (const open of opened) {
    const batches = open.batches();
    const first = await batches.next();
    if (first.done === true) continue;
    if (isEvents(first.value))
      for (const ordered of inOrder(open.source, first.value, batches, sorter)) events.push({ open, batches: ordered });
    else if (first.value.of === "maps") await readMaps(open.source, first.value, batches, builder);
    else tables.push({ open, first: first.value, rest: batches });
  }
  await mergeEvents(events, builder);
  for (const { open, first, rest } of tables) {
    addRows(open.source, first, builder);
    for await (const batch of rest) addRows(open.source, batch, builder);
  }
}

async function readMaps(source: Source, first: RawMaps, rest: AsyncGenerator<RawBatch>, builder: TraceBuilder): Promise<void> {
  builder.maps(source, first);
  for await (const batch of rest) {
    assert(batch.of === "maps", `a source of maps gave ${batch.of}`);
    builder.maps(source, batch);
  }
}

const isEvents = (batch: RawBatch): batch is RawAccesses | RawGuest => batch.of === "accesses" || batch.of === "guest";

/** The events of a source in the order of time: checked, or sorted where there is a sorter. */
function inOrder(
  source: Source,
  first: RawAccesses | RawGuest,
  rest: AsyncGenerator<RawBatch>,
  sorter: EventSorter | undefined,
): AsyncGenerator<RawAccesses | RawGuest>[] {
  const events = onlyEvents(first, rest);
  return sorter === undefined ? [checkOrder(source, events)] : sorter.sort(events);
}

async function* onlyEvents(first: RawAccesses | RawGuest, rest: AsyncGenerator<RawBatch>): AsyncGenerator<RawAccesses | RawGuest> {
  yield first;
  for await (const batch of rest) {
    assert(isEvents(batch), `a source of ${first.of} gave ${batch.of}`);
    yield batch;
  }
}

function addRows(source: Source, batch: RawBatch, builder: TraceBuilder): void {
  if (batch.of === "contents") builder.contents(source, batch);
  else if (batch.of === "meminfo") builder.meminfo(source, batch);
}

function summaryOf({ vms, sources, originNs, endNs }: TraceManifest, plan: IngestPlan, rejects: Rejects): IngestSummary {
  const sum = (of: (source: TraceSource) => number): number => sources.reduce((total, source) => total + of(source), 0);
  const sumVms = (of: (vm: TraceManifest["vms"][number]) => number): number => vms.reduce((total, vm) => total + of(vm), 0);
  return {
    rowsRead: sum((source) => source.rows),
    accepted: sum((source) => source.accepted),
    rejected: sum((source) => source.rejected),
    accesses: sumVms((vm) => vm.accesses),
    virtualPages: sumVms((vm) => vm.virtualPages),
    guestPhysicalPages: sumVms((vm) => vm.guestPhysicalPages),
    firstNs: originNs,
    lastNs: endNs,
    sources,
    rejectedFile: plan.badRows === "quarantine" && rejects.count > 0 ? join(plan.output, REJECTED_FILE) : undefined,
  };
}
