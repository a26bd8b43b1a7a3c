import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { expect, test } from "vitest";
import { accessBatch, BATCH_ROWS, NONE } from "./access-batch.ts";
import { InputError } from "./fail.ts";
import { guestBatch, MARK } from "./guest-batch.ts";
import { openShared, sharedBytes, shareTrace } from "./shared-trace.ts";
import { collect, thrownBy } from "./testing.ts";
import type { TracedVm } from "./trace-manifest.ts";
import type { Trace } from "./trace.ts";

const ROWS = BATCH_ROWS + 3;
/** Rows of a producer's batch: other ones than the views'. */
const STEP = 1000;

const VM: TracedVm = {
  name: "db",
  configuredBytes: null,
  configuredFrom: null,
  ppns: "captured",
  order: "exact",
  spacesFrom: "rows",
  rows: ROWS,
  accesses: ROWS,
  reads: ROWS,
  writes: 0,
  fetches: 0,
  firstNs: 0,
  lastNs: ROWS - 1,
  virtualPages: 2,
  guestPhysicalPages: 1,
  highestPpn: 9,
  inferredPpnRows: 0,
  allocatorEvents: 0,
  guestEvents: 1,
  contents: 1,
  meminfoSamples: 1,
};

/** A trace whose producer poisons each batch after use. */
const traceOf = (facts: Partial<TracedVm> = {}): Trace => ({
  name: "made",
  manifest: {
    schema: 1,
    tool: "test",
    pageBytes: 4096,
    originNs: 0,
    endNs: ROWS - 1,
    vms: [{ ...VM, ...facts }],
    sources: [],
    captured: [],
    synthesised: [],
  },
  async *accesses() {
    const batch = accessBatch(STEP);
    for (let from = 0; from < ROWS; from += STEP) {
      batch.length = Math.min(STEP, ROWS - from);
      for (let i = 0; i < batch.length; i++) {
        batch.timeNs[i] = from + i;
        batch.page[i] = (from + i) % 2;
        batch.ppn[i] = (from + i) % 7;
        batch.count[i] = 1;
      }
      yield batch;
      batch.timeNs.fill(NaN);
      batch.ppn.fill(NONE);
    }
  },
  async *touches() {
    yield* this.accesses();
  },
  async *guestEvents() {
    const batch = guestBatch(4);
    Object.assign(batch, { length: 1, kind: Uint8Array.of(MARK), vpn: Float64Array.of(NaN), value: Float64Array.of(11) });
    yield batch;
  },
  pages: async () => [{ space: Float64Array.of(1, 2), vpn: Float64Array.of(3, 2 ** 51) }],
  ppns: async () => [{ ppn: Uint32Array.of(9), firstNs: Float64Array.of(0), lastNs: Float64Array.of(5) }],
  contents: async () => ({
    vm: Uint16Array.of(0),
    ppn: Uint32Array.of(9),
    timeNs: Float64Array.of(5),
    hash: BigUint64Array.of(2n ** 64n - 1n),
    zbytes: Uint32Array.of(NONE),
  }),
  meminfo: async () => [{ timeNs: 1, vm: 0, counter: "MemTotal", value: 4, unit: "kB" }],
});

const timesAndPpns = (trace: Trace): Promise<number[]> =>
  collect(trace.accesses(), ({ length, timeNs, ppn }) => Array.from({ length }, (_, i) => timeNs[i] * 8 + ppn[i]));

/** What a worker gets of a message. */
function received<T>(message: T): T {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(message, []);
  const got: { readonly message: T } | undefined = receiveMessageOnPort(port2);
  port1.close();
  if (got === undefined) throw new Error("no message came");
  return got.message;
}

test("a shared trace, handed to another thread, reads as the trace itself", async () => {
  const trace = traceOf();
  const shared = openShared(received(await shareTrace(trace)));
  expect(await timesAndPpns(shared)).toEqual(await timesAndPpns(trace));
  expect(await collect(shared.touches(), ({ length }) => [length])).toEqual([BATCH_ROWS, 3]);
  const markers = await collect(shared.guestEvents(), ({ length, kind, vpn, value }) => [[length, kind[0], vpn[0], value[0]]]);
  expect(markers).toEqual([[1, MARK, NaN, 11]]);
  for (const part of ["pages", "ppns", "contents", "meminfo"] as const) expect(await shared[part](), part).toEqual(await trace[part]());
  expect([shared.name, shared.manifest]).toEqual([trace.name, trace.manifest]);
});

test("its columns are handed over without a copy", async () => {
  const shared = await shareTrace(traceOf());
  const there = received(shared);
  shared.accesses.ppn[5] = 4711;
  expect(there.accesses.ppn[5]).toBe(4711);
});

test("its memory is known before it is taken", async () => {
  const trace = traceOf();
  const { accesses, guest, pages, ppns, contents } = await shareTrace(trace);
  const bytes = [accesses, guest, ...pages, ...ppns, contents].flatMap((columns) =>
    Object.values(columns).map((column: unknown) => (ArrayBuffer.isView(column) ? column.byteLength : 0)),
  );
  expect(sharedBytes(trace.manifest)).toBe(bytes.reduce((sum, each) => sum + each, 0));
});

test("rows that the manifest does not know of are refused", async () => {
  for (const rows of [ROWS - 1, ROWS + 1]) {
    expect(await thrownBy(() => shareTrace(traceOf({ rows })))).toEqual(
      new InputError(`made: has ${ROWS} rows where its manifest says ${rows}; ingest the sources again`),
    );
  }
});
