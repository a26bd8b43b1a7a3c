import type { TracedPages, TracedPpns, TracedVm } from "@tidemark/data/shapes";

/** First VPN of the upper, kernel half of a canonical address space (2^63 / 4 KB). */
const KERNEL_HALF_VPN = 2 ** 51;

/** The label of the guest kernel, the owner of the upper half of every address space. */
export const KERNEL_LABEL = "kernel";

/** The label of everything where the trace has no virtual addresses. */
export const UNKNOWN_LABEL = "unknown";

/** The guest address spaces of a VM, in order of first touch. */
export interface LabelledSpaces {
  /** `kernel`; `user` where only the address half is known; else the space's number. */
  readonly labels: readonly string[];
  /** Page → position in `labels`. */
  readonly labelOf: Uint8Array | Uint16Array | Uint32Array;
}

/** Whether a VM was captured by guest-physical addresses alone: then each page stands for itself (VPN = PPN throughout). */
export const isPhysicalOnly = ({ vpn }: TracedPages, { ppn }: TracedPpns, ppns: TracedVm["ppns"]): boolean =>
  ppns === "captured" && vpn.length === ppn.length && vpn.every((each, i) => each === ppn[i]);

/** Names the address space of every page. In windowed traces only the address half is known, in physical ones nothing. */
export function labelSpaces({ space, vpn }: TracedPages, physicalOnly: boolean): LabelledSpaces {
  if (physicalOnly) return { labels: [UNKNOWN_LABEL], labelOf: new Uint8Array(vpn.length) };
  const labels: string[] = [];
  const numberOf = new Map<number, number>(); // by space; the kernel half as -1
  const labelOf = new Uint32Array(vpn.length);
  for (let page = 0; page < vpn.length; page++) {
    const key = vpn[page] >= KERNEL_HALF_VPN ? -1 : space[page];
    let label = numberOf.get(key);
    if (label === undefined) {
      label = labels.push(key === -1 ? KERNEL_LABEL : key === 0 ? "user" : key < 4096 ? `space ${key}` : `space 0x${key.toString(16)}`) - 1;
      numberOf.set(key, label);
    }
    labelOf[page] = label;
  }
  // The smallest array that holds them: it is read once per access.
  return {
    labels,
    labelOf: labels.length <= 0xff ? Uint8Array.from(labelOf) : labels.length <= 0xffff ? Uint16Array.from(labelOf) : labelOf,
  };
}
