import { MARK, NONE, type TracedPages } from "@tidemark/data/shapes";
import type { RawGuest } from "./raw-batch.ts";

/** First VPN of the upper half of the address space, which stays the upper half. */
const KERNEL_HALF_VPN = 2 ** 51;

/** Replaces values by numbers in the order in which they are met; equal values stay equal, nothing else is kept of them. */
export interface Anonymiser {
  space(space: number): number;
  pid(pid: number): number;
  hash(hash: bigint): bigint;
}

export function createAnonymiser(): Anonymiser {
  const numbering = () => {
    const numberOf = new Map<number | bigint, number>();
    return (value: number | bigint): number => {
      const known = numberOf.get(value) ?? numberOf.size + 1;
      numberOf.set(value, known);
      return known;
    };
  };
  const [spaces, pids, hashes] = [numbering(), numbering(), numbering()];
  return {
    space: (space) => (space === 0 ? 0 : spaces(space)),
    pid: pids,
    hash: (hash) => (hash === 0n ? 0n : BigInt(hashes(hash))), // 0 is the zero page, for everyone
  };
}

/** The pages under new addresses: their own number, in the same half; identity-mapped boot pages become plain ones. */
export const anonymousPages = (anonymiser: Anonymiser, pages: readonly TracedPages[]): readonly TracedPages[] =>
  pages.map(({ space, vpn }) => ({
    space: space.map((each) => anonymiser.space(each)),
    vpn: vpn.map((each, page) => (each >= KERNEL_HALF_VPN ? KERNEL_HALF_VPN + page : page)),
  }));

/** Guest events without pids, address-space roots and virtual addresses. */
export function anonymousRows(anonymiser: Anonymiser, raw: RawGuest): void {
  for (let i = 0; i < raw.length; i++) {
    raw.space[i] = anonymiser.space(raw.space[i]);
    if (raw.pid[i] !== NONE) raw.pid[i] = anonymiser.pid(raw.pid[i]);
    if (raw.kind[i] !== MARK) raw.value[i] = 0;
    raw.vpn[i] = NaN;
  }
}
