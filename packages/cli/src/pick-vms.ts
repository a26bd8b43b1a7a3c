import { basename } from "node:path";
import { InputError, type Trace, type TraceManifest } from "@tidemark/data/shapes";
import type { IngestOptions } from "./ingest-options.ts";
import { checkReadAlready, openInput, type OpenInput } from "./open-input.ts";
import { isTraceFolder, openTraceFolder } from "./trace-folder.ts";

export type TracedVms = TraceManifest["vms"];

/** Opens an input and picks its VMs: of a trace that has been read `--vm` says which, of files, what to call it. */
export async function openVms(
  inputs: readonly string[],
  options: IngestOptions,
): Promise<{ readonly input: OpenInput; readonly vms: TracedVms }> {
  if (!inputs.some(isTraceFolder)) {
    const input = await openInput(inputs, options);
    return { input, vms: input.trace.manifest.vms };
  }
  const { vm: wanted, ...others } = options;
  const input = await openInput(inputs, others);
  return { input, vms: pickVms(input.trace.manifest, wanted, input.path) };
}

/** A VM in one of several traces. */
export interface PlacedVm {
  /** As the scenario names it. */
  readonly path: string;
  readonly vm: TracedVms[number];
  /** Its own, and where another trace has a VM of that name, with that of its trace. */
  readonly name: string;
}

/** The VMs of one input, as `openVms` has it, or of several trace folders. */
export async function openPlacedVms(
  inputs: readonly string[],
  options: IngestOptions,
): Promise<{ readonly vms: readonly PlacedVm[]; open(path: string): Trace; discard(): void }> {
  const folders = [...new Set(inputs)];
  if (folders.length < 2 || !folders.every(isTraceFolder)) {
    const { input, vms } = await openVms(inputs, options);
    return {
      vms: vms.map((vm) => ({ path: input.path, vm, name: vm.name })),
      open: () => input.trace,
      discard: () => input.discard(),
    };
  }
  const { vm: wanted, ...others } = options;
  checkReadAlready(folders[0], others);
  const traces = new Map(folders.map((path) => [path, openTraceFolder(path)]));
  const all = [...traces].flatMap(([path, { manifest }]) => manifest.vms.map((vm) => ({ path, vm })));
  const picked = all.filter(({ vm }) => wanted === undefined || vm.name === wanted);
  if (picked.length === 0)
    throw new InputError(`--vm ${wanted}: none of the traces has such a VM; they have ${all.map(({ vm }) => vm.name).join(", ")}`);
  const isTaken = (name: string): boolean => picked.filter(({ vm }) => vm.name === name).length > 1;
  return {
    vms: picked.map(({ path, vm }) => ({
      path,
      vm,
      name: isTaken(vm.name) ? `${basename(path).replace(/\.trace$/, "")}:${vm.name}` : vm.name,
    })),
    open: (path) => traces.get(path) ?? openTraceFolder(path),
    discard() {},
  };
}

/** The VM of a trace that `--vm` names; all of them where it was not given. `path`: the trace, for the message. */
function pickVms({ vms }: Pick<TraceManifest, "vms">, wanted: string | undefined, path: string): TracedVms {
  if (wanted === undefined) return vms;
  const picked = vms.filter(({ name }) => name === wanted);
  if (picked.length > 0) return picked;
  throw new InputError(`--vm ${wanted}: ${path} has no such VM; it has ${vms.map(({ name }) => name).join(", ")}`);
}
