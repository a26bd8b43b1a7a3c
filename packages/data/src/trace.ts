import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accessBatch, NONE, type AccessBatch } from "./access-batch.ts";
import { readArrowFile } from "./arrow-file.ts";
import { fileProblem, InputError } from "./fail.ts";
import { guestBatch, type GuestBatch } from "./guest-batch.ts";
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

/** A captured trace that can be read more than once. Every method reads afresh. */
export interface Trace {
  /** Where it came from, for messages. */
  readonly name: string;
  readonly manifest: TraceManifest;
  accesses(): AsyncIterable<AccessBatch>;
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
  const manifest = readManifest(folder);
  const path = (file: string): string => join(folder, file);
  const { vms } = manifest;
  const sum = (of: (vm: (typeof vms)[number]) => number): number => vms.reduce((total, vm) => total + of(vm), 0);
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
    async pages() {
      const all = vms.map(({ virtualPages: n }) => ({ space: new Float64Array(n), vpn: new Float64Array(n) }));
      let vm = 0;
      let at = 0;
      for await (const { length, columns } of readArrowFile(path(files.PAGES_FILE), files.PAGE_COLUMNS)) {
        const [space, vpn] = columns as [Float64Array, Float64Array];
        for (let from = 0; from < length;) {
          while (at === vms[vm]?.virtualPages) {
            vm++;
            at = 0;
          }
          const target = all[vm];
          if (target === undefined) throw new InputError(`${folder}: ${files.PAGES_FILE} has more pages than ${files.MANIFEST_FILE} says`);
          const n = Math.min(length - from, target.vpn.length - at);
          target.space.set(space.subarray(from, from + n), at);
          target.vpn.set(vpn.subarray(from, from + n), at);
          from += n;
          at += n;
        }
      }
      return all;
    },
    async ppns() {
      const all = vms.map(({ guestPhysicalPages: n }) => ({
        ppn: new Uint32Array(n),
        firstNs: new Float64Array(n),
        lastNs: new Float64Array(n),
      }));
      const filled = vms.map(() => 0);
      for await (const { length, columns } of readArrowFile(path(files.PPNS_FILE), files.PPN_COLUMNS)) {
        const [vm, ppn, first, last] = columns as [Uint16Array, Uint32Array, Float64Array, Float64Array];
        for (let i = 0; i < length; i++) {
          const target = all[vm[i] as number];
          if (target === undefined)
            throw new InputError(`${folder}: ${files.PPNS_FILE} names VM ${vm[i]}, which ${files.MANIFEST_FILE} lacks`);
          const at = (filled[vm[i] as number] as number)++;
          target.ppn[at] = ppn[i] as number;
          target.firstNs[at] = first[i] as number;
          target.lastNs[at] = last[i] as number;
        }
      }
      return all;
    },
    async contents() {
      const n = sum((vm) => vm.contents);
      const all = {
        vm: new Uint16Array(n),
        ppn: new Uint32Array(n),
        timeNs: new Float64Array(n),
        hash: new BigUint64Array(n),
        zbytes: new Uint32Array(n),
      };
      if (n === 0) return all;
      let at = 0;
      for await (const { length, columns } of readArrowFile(path(files.CONTENTS_FILE), files.CONTENT_COLUMNS)) {
        const [vm, ppn, time, hash, zbytes] = columns as [Uint16Array, Uint32Array, Float64Array, BigUint64Array, Uint32Array];
        all.vm.set(vm.subarray(0, length), at);
        all.ppn.set(ppn.subarray(0, length), at);
        all.timeNs.set(time.subarray(0, length), at);
        all.hash.set(hash.subarray(0, length), at);
        all.zbytes.set(zbytes.subarray(0, length), at);
        at += length;
      }
      return all;
    },
    async meminfo() {
      const rows: MeminfoRow[] = [];
      if (sum((vm) => vm.meminfoSamples) === 0) return rows;
      for await (const { length, columns } of readArrowFile(path(files.MEMINFO_FILE), files.MEMINFO_COLUMNS)) {
        const [time, vm, counter, value, unit] = columns as [Float64Array, Uint16Array, readonly string[], Float64Array, readonly string[]];
        for (let i = 0; i < length; i++) {
          rows.push({
            timeNs: time[i] as number,
            vm: vm[i] as number,
            counter: counter[i] as string,
            value: value[i] as number,
            unit: unit[i] as string,
          });
        }
      }
      return rows;
    },
  };
}

/** In a VM whose PPNs are synthesised, a page's PPN is its first-touch number: the page itself. */
function ppnOrPage({ length, vm, page, ppn }: AccessBatch, synthesised: readonly boolean[]): Uint32Array {
  const out = ppn.slice(0, length);
  for (let i = 0; i < length; i++) if (out[i] === NONE && synthesised[vm[i] as number] === true) out[i] = page[i] as number;
  return out;
}

function readManifest(folder: string): TraceManifest {
  const path = join(folder, files.MANIFEST_FILE);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path}: is not JSON (${error.message})`);
    throw fileProblem(error, path);
  }
  const parsed = traceManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError(`${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not a trace manifest"}; ingest the sources again`);
}
