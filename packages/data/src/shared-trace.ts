import { accessBatch, BATCH_ROWS, type AccessBatch } from "./access-batch.ts";
import { InputError } from "./fail.ts";
import { guestBatch, type GuestBatch } from "./guest-batch.ts";
import type { MeminfoRow, Trace, TracedContents, TracedPages, TracedPpns } from "./trace.ts";
import type { TraceManifest } from "./trace-manifest.ts";

type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array | BigUint64Array;

/** A trace in memory that threads share: a message to a worker hands over the columns without copying them. */
export interface SharedTrace {
  readonly name: string;
  readonly manifest: TraceManifest;
  readonly accesses: AccessBatch;
  readonly guest: GuestBatch;
  readonly pages: readonly TracedPages[];
  readonly ppns: readonly TracedPpns[];
  readonly contents: TracedContents;
  readonly meminfo: readonly MeminfoRow[];
}

/** Bytes of a row of accesses, of guest events, of pages, PPNs and contents, by the widths of their columns. */
const ACCESS_BYTES = 8 + 2 + 1 + 1 + 4 + 4 + 4,
  GUEST_BYTES = 8 + 2 + 1 + 1 + 8 + 8 + 4 + 4 + 8 + 4 + 4 + 1 + 1,
  PAGE_BYTES = 8 + 8,
  PPN_BYTES = 4 + 8 + 8,
  CONTENT_BYTES = 2 + 4 + 8 + 8 + 4;

/** Memory that `shareTrace` takes, bytes. */
export const sharedBytes = ({ vms }: TraceManifest): number =>
  vms.reduce(
    (sum, vm) =>
      sum +
      vm.rows * ACCESS_BYTES +
      vm.guestEvents * GUEST_BYTES +
      vm.virtualPages * PAGE_BYTES +
      vm.guestPhysicalPages * PPN_BYTES +
      vm.contents * CONTENT_BYTES,
    0,
  );

/** Reads a whole trace into shared memory. */
export async function shareTrace(trace: Trace): Promise<SharedTrace> {
  const { name, manifest } = trace;
  const count = (of: (vm: TraceManifest["vms"][number]) => number): number => manifest.vms.reduce((sum, vm) => sum + of(vm), 0);
  const rows = count((vm) => vm.rows);
  const accesses = sharedBatch(accessBatch(0), rows);
  await fill(accesses, rows, trace.accesses(), name);
  const events = count((vm) => vm.guestEvents);
  const guest = sharedBatch(guestBatch(0), events);
  await fill(guest, events, trace.guestEvents(), name);
  return {
    name,
    manifest,
    accesses,
    guest,
    pages: (await trace.pages()).map(inShared),
    ppns: (await trace.ppns()).map(inShared),
    contents: inShared(await trace.contents()),
    meminfo: await trace.meminfo(),
  };
}

/** The trace again, from its shared columns. Batches are views of them: nobody writes there. */
export function openShared({ name, manifest, accesses, guest, pages, ppns, contents, meminfo }: SharedTrace): Trace {
  return {
    name,
    manifest,
    accesses: () => viewsOf(accesses),
    touches: () => viewsOf(accesses),
    guestEvents: () => viewsOf(guest),
    pages: async () => pages,
    ppns: async () => ppns,
    contents: async () => contents,
    meminfo: async () => meminfo,
  };
}

/** An array of the kind of `like`, in shared memory. */
function sharedLike<C extends Column>(like: C, length: number): C {
  const Kind = like.constructor as new (buffer: SharedArrayBuffer) => C; // a typed array's constructor makes its kind
  return new Kind(new SharedArrayBuffer(length * like.BYTES_PER_ELEMENT));
}

/** The columns of an object, copied to shared memory. */
function inShared<T extends { readonly [K in keyof T]: Column }>(columns: T): T {
  const copied = Object.entries<Column>(columns).map(([column, values]) => {
    const shared = sharedLike(values, values.length);
    put(shared, values, values.length, 0);
    return [column, shared];
  });
  return Object.fromEntries(copied) as T; // the same names, the same kinds of arrays
}

type Batch = AccessBatch | GuestBatch;
const columnsOf = (batch: Batch): [string, Column][] => Object.entries(batch).filter(([, values]) => typeof values !== "number");

/** An empty batch with room for `rows`, in shared memory. */
function sharedBatch<B extends Batch>(like: B, rows: number): B {
  return { ...like, ...Object.fromEntries(columnsOf(like).map(([column, values]) => [column, sharedLike(values, rows)])) };
}

/** Copies batches into `all`, which has room for as many rows as the manifest says. */
async function fill<B extends Batch>(all: B, rows: number, batches: AsyncIterable<B>, name: string): Promise<void> {
  const columns = columnsOf(all);
  for await (const batch of batches) {
    const read = Object.fromEntries(columnsOf(batch));
    if (all.length + batch.length <= rows) for (const [column, values] of columns) put(values, read[column], batch.length, all.length);
    all.length += batch.length;
  }
  if (all.length !== rows)
    throw new InputError(`${name}: has ${all.length} rows where its manifest says ${rows}; ingest the sources again`);
}

function put(into: Column, from: Column | undefined, length: number, at: number): void {
  if (into instanceof BigUint64Array) {
    if (from instanceof BigUint64Array) into.set(from.subarray(0, length), at);
  } else if (from !== undefined && !(from instanceof BigUint64Array)) into.set(from.subarray(0, length), at);
}

async function* viewsOf<B extends Batch>(all: B): AsyncGenerator<B> {
  const columns = columnsOf(all);
  for (let from = 0; from < all.length; from += BATCH_ROWS) {
    const to = Math.min(all.length, from + BATCH_ROWS);
    const views = Object.fromEntries(columns.map(([column, values]) => [column, values.subarray(from, to)]));
    yield { ...all, ...views, length: to - from };
  }
}
