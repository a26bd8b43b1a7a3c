import {
  beginFolder,
  InputError,
  MANIFEST_FILE,
  MARK,
  NONE,
  type Trace,
  type TracedPages,
  type TraceManifest,
} from "@tidemark/data/shapes";
import { anonymousPages, anonymousRows, type Anonymiser, createAnonymiser } from "./anonymise.ts";
import { PLAIN_READING, type IngestPlan } from "./ingest-plan.ts";
import { mergeEvents } from "./merge.ts";
import { rawAccesses, rawGuest, type RawAccesses, type RawContents, type RawGuest, type RawMeminfo } from "./raw-batch.ts";
import { Rejects } from "./rejects.ts";
import { Source } from "./source.ts";
import { TraceBuilder } from "./trace-builder.ts";
import { TraceOutput } from "./trace-output.ts";

/** What to keep of a trace. */
export interface CutPlan {
  readonly trace: Trace;
  /** Trace folder to write; it appears whole or not at all. */
  readonly output: string;
  /** First and last instant kept, ns; an event at exactly either is kept. */
  readonly fromNs: number;
  readonly toNs: number;
  /** The only VM kept; undefined: all. */
  readonly vm: string | undefined;
  /** Replace addresses, spaces, pids, names and content hashes by numbers. */
  readonly anonymise: boolean;
  readonly tool: string;
}

/** Writes a part of a trace as a trace. Times are kept; memory begins empty at the cut. Gives the new manifest. */
export async function cutTrace(plan: CutPlan, progress: (doneRows: number, totalRows: number) => void): Promise<TraceManifest> {
  const { trace, fromNs, toNs } = plan;
  const { manifest } = trace;
  if (plan.vm !== undefined && !manifest.vms.some(({ name }) => name === plan.vm)) {
    throw new InputError(`${trace.name}: has no VM "${plan.vm}"; it has ${manifest.vms.map(({ name }) => name).join(", ")}`);
  }
  if (fromNs > toNs) throw new InputError(`the cut ends (${toNs / 1e9} s) before it begins (${fromNs / 1e9} s)`);
  const kept = manifest.vms.map(({ name }) => plan.vm === undefined || plan.vm === name);
  const names = manifest.vms.map(({ name }, v) => (plan.anonymise ? `vm${v + 1}` : name));
  const folder = beginFolder(plan.output, MANIFEST_FILE);
  const output = new TraceOutput(folder.path);
  try {
    const builder = new TraceBuilder(builderPlan(plan), output);
    const source = new Source(trace.name, 0, builderPlan(plan), new Rejects(undefined), { captured: new Set(), synthesised: new Set() });
    source.vmNames = ["", ...names];
    const anonymiser = plan.anonymise ? createAnonymiser() : undefined;
    const pages = anonymiser === undefined ? await trace.pages() : anonymousPages(anonymiser, await trace.pages());
    const open = {
      source,
      batches: noBatches,
      describe: () => Promise.reject(new Error("bug: not a file")),
      close: () => Promise.resolve(),
    };
    await mergeEvents(
      [
        { open, batches: guestRows(plan, kept, anonymiser) },
        { open: { ...open }, batches: accessRows(plan, kept, pages, progress) },
      ],
      builder,
    );
    await addTables(plan, kept, builder, source, anonymiser);
    const vms = builder.finish().map((vm) => {
      const before = manifest.vms[names.indexOf(vm.name)];
      return {
        ...vm,
        order: before.order,
        spacesFrom: before.spacesFrom,
        configuredBytes: before.configuredBytes,
        configuredFrom: before.configuredFrom,
      };
    });
    if (builder.originNs === null) throw new InputError(`${trace.name}: has no accesses in the part that would be kept`);
    const cut: TraceManifest = {
      ...manifest,
      tool: plan.tool,
      originNs: builder.originNs,
      endNs: builder.endNs,
      vms,
      sources: plan.anonymise
        ? manifest.sources.map((each, i) => ({ ...each, name: `source${i + 1}`, sha256: "withheld", notes: [] }))
        : manifest.sources,
      synthesised: [...manifest.synthesised, ...cutNotes(plan)],
    };
    output.finish(cut);
    folder.commit();
    return cut;
  } catch (error) {
    output.abandon();
    folder.discard();
    throw error;
  }
}

/** The time of the first marker `id`, at or after `afterNs`. InputError where there is none. */
export async function markerTime(trace: Trace, id: number, afterNs: number): Promise<number> {
  const seen = new Set<number>();
  for await (const { length, kind, value, timeNs } of trace.guestEvents()) {
    for (let i = 0; i < length; i++) {
      if (kind[i] !== MARK) continue;
      if (value[i] === id && timeNs[i] >= afterNs) return timeNs[i];
      seen.add(value[i]);
    }
  }
  const known = [...seen].join(", ") || "none";
  throw new InputError(`${trace.name}: has no marker ${id}${afterNs > -Infinity ? ` after ${afterNs / 1e9} s` : ""}; it has ${known}`);
}

function cutNotes({ trace, fromNs, toNs, vm, anonymise }: CutPlan): string[] {
  const notes: string[] = [];
  const { originNs, endNs } = trace.manifest;
  if ((originNs !== null && fromNs > originNs) || (endNs !== null && toNs < endNs)) {
    notes.push(
      `cut from a longer trace (${Math.max(fromNs, originNs ?? fromNs) / 1e9} s to ${Math.min(toNs, endNs ?? toNs) / 1e9} s): what was touched or allocated before is not in it`,
    );
  }
  if (vm !== undefined) notes.push(`cut to the VM ${anonymise ? "kept" : vm}`);
  if (anonymise)
    notes.push(
      "anonymised: virtual addresses, spaces, pids, names and content hashes are replaced by numbers; guest-physical page numbers, times and counts are kept",
    );
  return notes;
}

/** The part of a plan that the builder reads; a native trace is checked already. */
const builderPlan = ({ output, tool }: CutPlan): IngestPlan => ({ ...PLAIN_READING, inputs: [], output, tool });

async function* noBatches(): AsyncGenerator<never> {}

async function* accessRows(
  { trace, fromNs, toNs }: CutPlan,
  kept: readonly boolean[],
  pages: readonly TracedPages[],
  progress: CutProgress,
): AsyncGenerator<RawAccesses> {
  const total = trace.manifest.vms.reduce((sum, vm) => sum + vm.rows, 0);
  const synthesised = trace.manifest.vms.map(({ ppns }) => ppns === "synthesised");
  let done = 0;
  let raw = rawAccesses(0);
  for await (const { length, timeNs, vm, vcpu, kind, page, ppn, count } of trace.accesses()) {
    done += length;
    if (timeNs[length - 1] < fromNs) continue;
    if (timeNs[0] > toNs) return;
    if (raw.vm.length < length) raw = rawAccesses(length);
    const space = new Float64Array(length);
    let n = 0;
    for (let i = 0; i < length; i++) {
      const v = vm[i];
      if (timeNs[i] < fromNs || timeNs[i] > toNs || !kept[v]) continue;
      const vpn = pages[v].vpn[page[i]];
      raw.timeNs[n] = timeNs[i];
      raw.vm[n] = v + 1;
      raw.vcpu[n] = vcpu[i];
      raw.kind[n] = kind[i];
      raw.vpnHi[n] = Math.floor(vpn / 4294967296);
      raw.vpnLo[n] = vpn % 4294967296;
      raw.ppn[n] = synthesised[v] ? NONE : ppn[i];
      raw.count[n] = count[i];
      space[n] = pages[v].space[page[i]];
      n++;
    }
    raw.length = n;
    raw.space = space;
    progress(done, total);
    yield raw;
  }
}

type CutProgress = (doneRows: number, totalRows: number) => void;

async function* guestRows(
  { trace, fromNs, toNs }: CutPlan,
  kept: readonly boolean[],
  anonymiser: Anonymiser | undefined,
): AsyncGenerator<RawGuest> {
  for await (const batch of trace.guestEvents()) {
    const keep: number[] = [];
    for (let i = 0; i < batch.length; i++) if (batch.timeNs[i] >= fromNs && batch.timeNs[i] <= toNs && kept[batch.vm[i]]) keep.push(i);
    const raw = rawGuest(keep.length);
    keep.forEach((from, to) => {
      raw.timeNs[to] = batch.timeNs[from];
      raw.vm[to] = batch.vm[from] + 1;
      raw.vcpu[to] = batch.vcpu[from];
      raw.kind[to] = batch.kind[from];
      raw.space[to] = batch.space[from];
      raw.vpn[to] = batch.vpn[from];
      raw.ppn[to] = batch.ppn[from];
      raw.count[to] = batch.count[from];
      raw.value[to] = batch.value[from];
      raw.pid[to] = batch.pid[from];
      raw.gfp[to] = batch.gfp[from];
      raw.migratetype[to] = batch.migratetype[from];
      raw.level[to] = batch.level[from];
    });
    raw.length = keep.length;
    if (anonymiser !== undefined) anonymousRows(anonymiser, raw);
    yield raw;
  }
}

/** Contents and meminfo samples that were known within the cut. */
async function addTables(
  { trace, fromNs, toNs }: CutPlan,
  kept: readonly boolean[],
  builder: TraceBuilder,
  source: Source,
  anonymiser: Anonymiser | undefined,
): Promise<void> {
  const contents = await trace.contents();
  const rows = Uint32Array.from(contents.vm.keys()).filter(
    (i) => kept[contents.vm[i]] && contents.timeNs[i] >= fromNs && contents.timeNs[i] <= toNs,
  );
  const origin = { lineOf: (row: number) => row, textOf: () => "" };
  if (rows.length > 0) {
    const raw: RawContents = {
      of: "contents",
      length: rows.length,
      vm: Uint32Array.from(rows, (i) => contents.vm[i] + 1),
      row: rows,
      origin,
      ppn: Uint32Array.from(rows, (i) => contents.ppn[i]),
      timeNs: Float64Array.from(rows, (i) => contents.timeNs[i]),
      hash: BigUint64Array.from(rows, (i) => (anonymiser === undefined ? contents.hash[i] : anonymiser.hash(contents.hash[i]))),
      zbytes: Uint32Array.from(rows, (i) => contents.zbytes[i]),
    };
    builder.contents(source, raw);
  }
  const samples = (await trace.meminfo()).filter(({ vm, timeNs }) => kept[vm] && timeNs >= fromNs && timeNs <= toNs);
  if (samples.length > 0) {
    const raw: RawMeminfo = {
      of: "meminfo",
      length: samples.length,
      vm: Uint32Array.from(samples, ({ vm }) => vm + 1),
      row: Uint32Array.from(samples.keys()),
      origin,
      timeNs: Float64Array.from(samples, ({ timeNs }) => timeNs),
      counter: samples.map(({ counter }) => counter),
      value: Float64Array.from(samples, ({ value }) => value),
      unit: samples.map(({ unit }) => unit),
    };
    builder.meminfo(source, raw);
  }
}
