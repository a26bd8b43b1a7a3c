import type { TracedPages } from "@tidemark/data";
import { KERNEL_OWNER, ownerNumber, type Groups } from "./groups.ts";
import { KERNEL_LABEL, labelSpaces } from "./space-label.ts";

/** Page → number of the owner that its user-half address space is; KERNEL_OWNER in the kernel half. */
export function userOwners(groups: Groups, traced: TracedPages): Uint8Array | Uint16Array | Uint32Array {
  const { labels, labelOf } = labelSpaces(traced);
  const owners = labels.map((label) => (label === KERNEL_LABEL ? KERNEL_OWNER : ownerNumber(groups, label)));
  return labelOf.map((label) => owners[label]);
}
