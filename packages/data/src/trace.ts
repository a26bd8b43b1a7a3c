import { join } from "node:path";
import { accessBatch, NONE, type AccessBatch } from "./access-batch.ts";
import { readColumns } from "./arrow-columns.ts";
import { readArrowFile } from "./arrow-file.ts";
import { InputError } from "./fail.ts";
import { guestBatch, type GuestBatch } from "./guest-batch.ts";
import { readManifest } from "./manifest-file.ts";
import * as files from "./trace-files.ts";
import { traceManifest, type TraceManifest } from "./trace-manifest.ts";

/** The dense pages of one VM: index = page. */
export interface TracedPages {
  /** Guest address space (CR3 or pid); 0 unknown. */
  readonly space: Float64Array;
  readonly vpn: Float64Array;
}
/** The guest-physical pages of one VM that are ever accessed. */
export interface TracedPpns {
  readonly ppn: Uint32Array;
  /** First and last access, ns. */
  readonly firstNs: Float64Array;
  readonly lastNs: Float64Array;
}
/** Known contents, all VMs. */
export interface TracedContents {
  readonly vm: Uint16Array;
  readonly ppn: Uint32Array;
  readonly timeNs: Float64Array;
  readonly hash: BigUint64Array;
  readonly zbytes: Uint32Array;
}
export interface MeminfoRow {
  readonly timeNs: number;
  readonly vm: number;
  readonly counter: string;
  readonly value: number;
  readonly unit: string;
}

/** What paging needs of the accesses, in the columns of an access batch; reused like one. */
export type TouchBatch = Pick<AccessBatch, "length" | "vm" | "ppn">;

/** A captured trace that can be read more than once. Every method reads afresh, but for `pages` and `ppns`, which are read once and held: nobody may change them. */
export interface Trace {
  /** Where it came from, for messages. */
  readonly name: string;
  readonly manifest: TraceManifest;
  accesses(): AsyncIterable<AccessBatch>;
  /** The same rows, fewer columns: several times as fast. */
  touches(): AsyncIterable<TouchBatch>;
  guestEvents(): AsyncIterable<GuestBatch>;
  /** Index = VM. */
  pages(): Promise<readonly TracedPages[]>;
  /** Index = VM. */
  ppns(): Promise<readonly TracedPpns[]>;
  contents(): Promise<TracedContents>;
  meminfo(): Promise<readonly MeminfoRow[]>;
}

/** Opens a trace folder `NAME.trace`. InputError where it is not one, or not whole. */
export function openTrace(folder: string): Trace {
  const manifest: TraceManifest = readManifest(join(folder, files.MANIFEST_FILE), traceManifest, "ingest the sources again");
  const path = (file: string): string => join(folder, file);
  const { vms } = manifest;
  const sum = (of: (vm: (typeof vms)[number]) => number): number => vms.reduce((total, vm) => total + of(vm), 0);
  /** First row and row after the last of each VM, in files grouped by VM. */
  const ranges = (of: (vm: (typeof vms)[number]) => number): (readonly [number, number])[] => {
    let to = 0;
    return vms.map((vm) => [to, (to += of(vm))]);
  };
  const readPages = async (): Promise<readonly TracedPages[]> => {
    const n = sum((vm) => vm.virtualPages);
    const columns = { space: new Float64Array(n), vpn: new Float64Array(n) };
    const { space, vpn } = await readColumns(path(files.PAGES_FILE), files.PAGE_COLUMNS, n, columns);
    return ranges((vm) => vm.virtualPages).map(([from, to]) => ({ space: space.subarray(from, to), vpn: vpn.subarray(from, to) }));
  };
  const readPpns = async (): Promise<readonly TracedPpns[]> => {
    const n = sum((vm) => vm.guestPhysicalPages);
    const columns = { vm: new Uint16Array(n), ppn: new Uint32Array(n), first: new Float64Array(n), last: new Float64Array(n) };
    const { vm, ppn, first, last } = await readColumns(path(files.PPNS_FILE), files.PPN_COLUMNS, n, columns);
    return ranges(({ guestPhysicalPages }) => guestPhysicalPages).map(([from, to], v) => {
      if (!vm.subarray(from, to).every((named) => named === v))
        throw new InputError(`${path(files.PPNS_FILE)}: its VMs are not those of ${files.MANIFEST_FILE}; ingest the sources again`);
      return { ppn: ppn.subarray(from, to), firstNs: first.subarray(from, to), lastNs: last.subarray(from, to) };
    });
  };
  let pagesRead: Promise<readonly TracedPages[]> | undefined;
  let ppnsRead: Promise<readonly TracedPpns[]> | undefined;
  return {
    name: folder,
    manifest,
    async *accesses() {
      const batch = accessBatch(0);
      const synthesised = vms.map((vm) => vm.ppns === "synthesised");
      const anySynthesised = synthesised.includes(true);
      for await (const { length, columns } of readArrowFile(path(files.EVENTS_FILE), files.EVENT_COLUMNS)) {
        batch.length = length;
        [batch.timeNs, batch.vm, batch.vcpu, batch.kind, batch.page, batch.ppn, batch.count] = columns as [
          Float64Array,
          Uint16Array,
          Uint8Array,
          Uint8Array,
          Uint32Array,
          Uint32Array,
          Uint32Array,
        ];
        if (anySynthesised) batch.ppn = ppnOrPage(batch, synthesised);
        yield batch;
      }
    },
    async *touches() {
      const synthesised = vms.map((vm) => vm.ppns === "synthesised");
      const isAlone = vms.length === 1; // then all rows are its, and the column is not read
      let zeros = new Uint16Array(0);
      const wanted = [
        ...(isAlone ? [] : ["vm"]),
        ...(synthesised.includes(true) ? ["page"] : []),
        ...(synthesised.includes(false) ? ["ppn"] : []),
      ];
      const declared = files.EVENT_COLUMNS.filter(({ name }) => wanted.includes(name));
      for await (const { length, columns } of readArrowFile(path(files.EVENTS_FILE), declared)) {
        if (isAlone && zeros.length < length) zeros = new Uint16Array(length);
        // Of one kind of VM the second column is that of all their PPNs.
        const [vm, page, ppn] = (isAlone ? [zeros, ...columns] : columns) as [Uint16Array, Uint32Array, Uint32Array | undefined];
        yield { length, vm, ppn: ppn === undefined ? page : ppnOrPage({ length, vm, page, ppn }, synthesised) };
      }
    },
    async *guestEvents() {
      if (sum((vm) => vm.guestEvents) === 0) return;
      const batch = guestBatch(0);
      for await (const { length, columns } of readArrowFile(path(files.GUEST_FILE), files.GUEST_COLUMNS)) {
        batch.length = length;
        const [timeNs, vm, vcpu, kind, space, vpn, ppn, count, value, pid, gfp, migratetype, level] = columns;
        Object.assign(batch, { timeNs, vm, vcpu, kind, space, vpn, ppn, count, value, pid, gfp, migratetype, level });
        yield batch;
      }
    },
    pages: () => (pagesRead ??= readPages()),
    ppns: () => (ppnsRead ??= readPpns()),
    async contents() {
      const n = sum((vm) => vm.contents);
      const columns = {
        vm: new Uint16Array(n),
        ppn: new Uint32Array(n),
        time: new Float64Array(n),
        hash: new BigUint64Array(n),
        zbytes: new Uint32Array(n),
      };
      if (n > 0) await readColumns(path(files.CONTENTS_FILE), files.CONTENT_COLUMNS, n, columns);
      const { time: timeNs, ...rest } = columns;
      return { ...rest, timeNs };
    },
    async meminfo() {
      const rows: MeminfoRow[] = [];
      if (sum((vm) => vm.meminfoSamples) === 0) return rows;
      for await (const { length, columns } of readArrowFile(path(files.MEMINFO_FILE), files.MEMINFO_COLUMNS)) {
        const [time, vm, counter, value, unit] = columns as [Float64Array, Uint16Array, readonly string[], Float64Array, readonly string[]];
        for (let i = 0; i < length; i++) {
          rows.push({
            timeNs: time[i],
            vm: vm[i],
            counter: counter[i] as string,
            value: value[i],
            unit: unit[i] as string,
          });
        }
      }
      return rows;
    },
  };
}

/** In a VM whose PPNs are synthesised, a page's PPN is its first-touch number: the page itself. */
function ppnOrPage(
  { length, vm, page, ppn }: Pick<AccessBatch, "length" | "vm" | "page" | "ppn">,
  synthesised: readonly boolean[],
): Uint32Array {
  const out = ppn.slice(0, length);
  for (let i = 0; i < length; i++) if (out[i] === NONE && synthesised[vm[i]] === true) out[i] = page[i];
  return out;
}
