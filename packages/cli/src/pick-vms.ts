import { InputError, type TraceManifest } from "@tidemark/data";

export type TracedVms = TraceManifest["vms"];

/** The VM of a trace that `--vm` names; all of them where it was not given. `path`: the trace, for the message. */
export function pickVms({ vms }: Pick<TraceManifest, "vms">, wanted: string | undefined, path: string): TracedVms {
  if (wanted === undefined) return vms;
  const picked = vms.filter(({ name }) => name === wanted);
  if (picked.length > 0) return picked;
  throw new InputError(`--vm ${wanted}: ${path} has no such VM; it has ${vms.map(({ name }) => name).join(", ")}`);
}
