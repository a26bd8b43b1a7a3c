import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import {
  beginFolder,
  formatTime,
  MANIFEST_FILE,
  PAGE_BYTES,
  seededRandom,
  type Params,
  type TraceManifest,
  type Values,
} from "@tidemark/data/shapes";
import { PLAIN_READING, type IngestPlan } from "../ingest-plan.ts";
import { Rejects } from "../rejects.ts";
import { Source } from "../source.ts";
import { TraceBuilder } from "../trace-builder.ts";
import { TraceOutput } from "../trace-output.ts";
import { RowSink } from "./row-sink.ts";
import { synthContents } from "./synth-contents.ts";
import { SynthGuest } from "./synth-guest.ts";
import type { Workload } from "./workload.ts";

export interface SynthPlan {
  readonly workload: Workload;
  readonly values: Values<Params>;
  /** Trace folder to write; it appears whole or not at all. */
  readonly output: string;
  /** Accesses. */
  readonly rows: number;
  /** Between the first access and the last, ns. */
  readonly durationNs: number;
  /** Of each guest. */
  readonly memoryBytes: number;
  readonly seed: number;
  /** Name and version of the caller, for the manifest. */
  readonly tool: string;
}

/** Rows between two words of progress. */
const PROGRESS_ROWS = 65_536;

/**
 * Makes up a trace: rows as they come, memory by its pages. Equal plans give equal bytes. InputError where the workload needs more memory than
 * its guests have.
 */
export async function synthesise(plan: SynthPlan, progress: (doneRows: number, totalRows: number) => void): Promise<TraceManifest> {
  const { workload, values, rows, durationNs, seed, memoryBytes } = plan;
  const described = `${workload.name}${Object.entries(values)
    .map(([name, value], i) => `${i === 0 ? ":" : ","}${name}=${value}`)
    .join("")}, ${rows.toLocaleString("en-US")} accesses in ${formatTime(durationNs)}, seed ${seed}`;
  const ingestPlan: IngestPlan = {
    ...PLAIN_READING,
    inputs: [],
    output: plan.output,
    order: workload.order,
    sizeBytes: memoryBytes,
    tool: plan.tool,
  };
  const rejects = new Rejects(undefined);
  const facts = { captured: new Set<string>(), synthesised: new Set<string>() };
  const source = new Source(`synth ${described}`, 0, ingestPlan, rejects, facts);
  const vms = workload.vms?.(values) ?? 1;
  source.vmNames = vms === 1 ? [workload.name] : Array.from({ length: vms }, (_, v) => `${workload.name}-${v + 1}`);
  source.format = "synth";
  const folder = beginFolder(plan.output, MANIFEST_FILE);
  const output = new TraceOutput(folder.path);
  try {
    const builder = new TraceBuilder(ingestPlan, output);
    const sink = new RowSink({
      accesses: (raw) => builder.accesses(source, raw, 0, raw.length),
      guest: (raw) => builder.guest(source, raw, 0, raw.length),
    });
    const guests = Array.from({ length: vms }, (_, v) => new SynthGuest(v, memoryBytes / PAGE_BYTES, sink));
    const step = workload.start(guests, seededRandom(seed, workload.name, "synth"), values);
    for (let row = 0; row < rows; row++) {
      const done = row / rows;
      sink.nowNs = rows === 1 ? 0 : Math.round((row / (rows - 1)) * durationNs);
      step(done);
      if (row % PROGRESS_ROWS === 0) {
        progress(row, rows);
        await setImmediate(); // lets Ctrl-C in
      }
    }
    sink.end();
    source.read(sink.rows);
    guests.forEach(({ usedPages }, v) => {
      for (const raw of synthContents(seed, v, usedPages)) builder.contents(source, raw);
    });
    const manifest: TraceManifest = {
      schema: 1,
      tool: plan.tool,
      pageBytes: PAGE_BYTES,
      vms: builder.finish(),
      originNs: builder.originNs,
      endNs: builder.endNs,
      sources: [source.describe(0, createHash("sha256").update(described).digest("hex"))],
      captured: [],
      synthesised: [`all of it: made up by tidemark synth ${described}`],
    };
    output.finish(manifest);
    folder.commit();
    return manifest;
  } catch (error) {
    output.abandon();
    folder.discard();
    throw error;
  }
}
