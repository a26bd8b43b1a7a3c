import { InputError, type TraceManifest } from "@tidemark/data";
import type { IngestOptions } from "./ingest-options.ts";
import { openInput, type OpenInput } from "./open-input.ts";
import { isTraceFolder } from "./trace-folder.ts";

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

/** The VM of a trace that `--vm` names; all of them where it was not given. `path`: the trace, for the message. */
function pickVms({ vms }: Pick<TraceManifest, "vms">, wanted: string | undefined, path: string): TracedVms {
  if (wanted === undefined) return vms;
  const picked = vms.filter(({ name }) => name === wanted);
  if (picked.length > 0) return picked;
  throw new InputError(`--vm ${wanted}: ${path} has no such VM; it has ${vms.map(({ name }) => name).join(", ")}`);
}
