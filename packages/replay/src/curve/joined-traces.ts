import { BATCH_ROWS, type AccessBatch, type TouchBatch, type Trace, type TracedVm } from "@tidemark/data";

/** What a curve reads of a trace. */
export type TouchedTrace = Pick<Trace, "name" | "accesses" | "touches" | "ppns"> & {
  readonly manifest: { readonly vms: readonly TracedVm[] };
};

/**
 * Traces as one, whose VMs are those of the first, then those of the second and so on. Touches come by time, each trace's as it has it, at
 * equal times in the order of the traces; accesses come trace by trace.
 */
export function joinedTraces(traces: readonly TouchedTrace[]): TouchedTrace {
  const [only] = traces;
  if (traces.length === 1) return only;
  const vms = traces.flatMap(({ manifest }) => manifest.vms);
  let before = 0;
  const firstOf = traces.map(({ manifest }) => {
    before += manifest.vms.length;
    return before - manifest.vms.length;
  });
  return {
    name: traces.map(({ name }) => name).join(", "),
    manifest: { vms },
    async *accesses() {
      for (const [t, trace] of traces.entries())
        for await (const batch of trace.accesses()) yield { ...batch, vm: batch.vm.map((vm) => vm + firstOf[t]) };
    },
    touches: () => merged(traces, firstOf),
    ppns: async () => (await Promise.all(traces.map((trace) => trace.ppns()))).flat(),
  };
}

/** Where one trace is being read. */
interface Cursor {
  readonly rows: AsyncIterator<AccessBatch>;
  /** What is added to its VM numbers. */
  readonly first: number;
  batch: AccessBatch;
  at: number;
}

async function* merged(traces: readonly TouchedTrace[], firstOf: readonly number[]): AsyncGenerator<TouchBatch> {
  const cursors: Cursor[] = [];
  const iterators = traces.map((trace) => trace.accesses()[Symbol.asyncIterator]());
  try {
    for (const [t, rows] of iterators.entries()) {
      const next = await rows.next();
      if (next.done !== true) cursors.push({ rows, first: firstOf[t], batch: next.value, at: 0 });
    }
    const out = { length: 0, vm: new Uint16Array(BATCH_ROWS), ppn: new Uint32Array(BATCH_ROWS) };
    while (cursors.length > 0) {
      const [c, untilNs, isIncluded] = earliest(cursors);
      const cursor = cursors[c];
      take(cursor, untilNs, isIncluded, out);
      if (out.length === BATCH_ROWS) {
        yield out;
        out.length = 0;
      }
      if (cursor.at < cursor.batch.length) continue;
      const next = await cursor.rows.next();
      if (next.done === true) cursors.splice(c, 1);
      else [cursor.batch, cursor.at] = [next.value, 0];
    }
    if (out.length > 0) yield out;
  } finally {
    for (const rows of iterators) await rows.return?.();
  }
}

const timeOf = ({ batch, at }: Cursor): number => (at < batch.length ? batch.timeNs[at] : -Infinity);

/** The cursor whose row is next, and until when its rows are: until another's, with those at that time where the other comes after it. */
function earliest(cursors: readonly Cursor[]): readonly [cursor: number, untilNs: number, isIncluded: boolean] {
  let first = 0;
  for (let c = 1; c < cursors.length; c++) if (timeOf(cursors[c]) < timeOf(cursors[first])) first = c;
  let untilNs = Infinity;
  let isIncluded = true;
  for (let c = 0; c < cursors.length; c++) {
    if (c === first || timeOf(cursors[c]) > untilNs) continue;
    isIncluded = c > first && (timeOf(cursors[c]) < untilNs || isIncluded);
    untilNs = timeOf(cursors[c]);
  }
  return [first, untilNs, isIncluded];
}

/** Copies rows until that time, as far as there is room. */
function take(
  cursor: Cursor,
  untilNs: number,
  isIncluded: boolean,
  out: { length: number; readonly vm: Uint16Array; readonly ppn: Uint32Array },
): void {
  const { batch, first } = cursor;
  const { timeNs, vm, ppn, length } = batch;
  for (; cursor.at < length && out.length < BATCH_ROWS; cursor.at++) {
    const ns = timeNs[cursor.at];
    if (ns > untilNs || (ns === untilNs && !isIncluded)) return;
    out.vm[out.length] = first + vm[cursor.at];
    out.ppn[out.length++] = ppn[cursor.at];
  }
}
