import { accessBatch, BATCH_ROWS, READ, type Trace, type TracedContents, type TracedVm } from "@tidemark/data/shapes";
import { selectGuestEvents } from "./feed.ts";
import type { Guest } from "./guests.ts";

/** A VM of which the contents were captured, and no accesses. */
const isContentsAlone = ({ rows, contents }: TracedVm): boolean => rows === 0 && contents > 0;

/**
 * The guests of a host of finite memory: those given by their contents alone read every page that has one once, at their start, so
 * that it is resident; nothing else happens to them. They start with the first access of the others, at 0 where there is none,
 * and by their own `start` and `stagger` later.
 */
export async function startWithContents(guests: readonly Guest[]): Promise<readonly Guest[]> {
  const firsts = guests.flatMap(({ facts }) => (facts.firstNs === null ? [] : [facts.firstNs]));
  const originNs = firsts.length === 0 ? 0 : Math.min(...firsts);
  const read = new Map<string, Trace>(); // copies are of one trace
  const started: Guest[] = [];
  for (const guest of guests) {
    const { trace, traced, facts, offsetNs } = guest;
    if (!isContentsAlone(facts)) {
      started.push(guest);
      continue;
    }
    const key = `${trace.name}\0${traced}`;
    const once = read.get(key) ?? (await readOnce(guest, originNs));
    read.set(key, once);
    const startNs = originNs + offsetNs;
    const own = { ...facts, ppns: "captured", order: "exact", firstNs: startNs, lastNs: startNs } as const;
    started.push({ ...guest, trace: once, traced: 0, facts: own, peakNs: startNs });
  }
  return started;
}

/** The trace of one VM in which every page with a content is read once, in the order of PPNs, at `readNs`. */
async function readOnce({ name, trace, traced, configuredPages }: Guest, readNs: number): Promise<Trace> {
  const contents = only(await trace.contents(), traced);
  const ppn = Uint32Array.from(new Set(contents.ppn.filter((each) => each < configuredPages))).sort();
  const { manifest } = trace;
  const facts: TracedVm = {
    ...manifest.vms[traced],
    ppns: "captured",
    order: "exact",
    rows: ppn.length,
    accesses: ppn.length,
    reads: ppn.length,
    firstNs: readNs,
    lastNs: readNs,
    virtualPages: ppn.length,
    guestPhysicalPages: ppn.length,
    highestPpn: ppn.at(-1) ?? null,
  };
  const statement = `${name}: the trace has contents and no accesses: every page with a content is taken to be read once, when the VM starts; nothing else happens to it`;
  const hostVm = manifest.vms.map((_, t) => (t === traced ? 0 : -1));
  return {
    name: trace.name,
    manifest: { ...manifest, originNs: readNs, endNs: readNs, vms: [facts], synthesised: [...manifest.synthesised, statement] },
    async *accesses() {
      for (let from = 0; from < ppn.length; from += BATCH_ROWS) {
        const rows = ppn.subarray(from, from + BATCH_ROWS);
        const batch = accessBatch(rows.length);
        batch.timeNs.fill(readNs);
        batch.kind.fill(READ);
        batch.page.set(rows.map((_, i) => from + i));
        batch.ppn.set(rows);
        batch.count.fill(1);
        batch.length = rows.length;
        yield batch;
      }
    },
    async *touches() {
      yield { length: ppn.length, vm: new Uint16Array(ppn.length), ppn };
    },
    async *guestEvents() {
      for await (const batch of trace.guestEvents()) yield selectGuestEvents(batch, hostVm);
    },
    pages: async () => [{ space: new Float64Array(ppn.length), vpn: Float64Array.from(ppn) }],
    ppns: async () => [{ ppn, firstNs: new Float64Array(ppn.length).fill(readNs), lastNs: new Float64Array(ppn.length).fill(readNs) }],
    contents: async () => contents,
    meminfo: async () => (await trace.meminfo()).filter(({ vm }) => vm === traced).map((row) => ({ ...row, vm: 0 })),
  };
}

/** The contents of one VM of a trace, as those of VM 0. */
function only({ vm, ppn, timeNs, hash, zbytes }: TracedContents, traced: number): TracedContents {
  const isOwn = (_: number | bigint, i: number): boolean => vm[i] === traced;
  const own = ppn.filter(isOwn);
  return {
    vm: new Uint16Array(own.length),
    ppn: own,
    timeNs: timeNs.filter(isOwn),
    hash: hash.filter(isOwn),
    zbytes: zbytes.filter(isOwn),
  };
}
