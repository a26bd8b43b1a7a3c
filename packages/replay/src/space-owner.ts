import type { TracedPages } from "@tidemark/data/shapes";
import { KERNEL_OWNER, ownerNumber, type Groups } from "./groups.ts";
import { KERNEL_LABEL, labelSpaces, UNKNOWN_LABEL } from "./space-label.ts";

/** The owners of a VM before anything has happened: pages that nobody is known to own are the kernel's, or unknown. */
export const firstOwner = (physicalOnly: boolean): string => (physicalOnly ? UNKNOWN_LABEL : KERNEL_LABEL);

/** Page → number of the owner that its user-half address space is; KERNEL_OWNER in the kernel half. */
export function userOwners(groups: Groups, traced: TracedPages, physicalOnly: boolean): Uint8Array | Uint16Array | Uint32Array {
  const { labels, labelOf } = labelSpaces(traced, physicalOnly);
  const owners = labels.map((label) => (label === firstOwner(physicalOnly) ? KERNEL_OWNER : ownerNumber(groups, label)));
  return labelOf.map((label) => owners[label]);
}
