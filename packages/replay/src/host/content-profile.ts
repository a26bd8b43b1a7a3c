import type { Random, Values } from "@tidemark/data/shapes";
import type { Contents } from "./contents.ts";
import type { PROFILE } from "./mechanism-params.ts";

/** 2^32 times the golden section, of which the multiples modulo 2^32 lie evenly, so that every stretch of PPNs has the parts of the whole. */
const GOLDEN = 0x9e3779b9;

/** High halves of assumed hashes, by who has such a content; the low half is its number. Zero pages have the hash 0. */
const IN_COMMON = 0x1_0000, // of every VM, or of those that have it
  TWICE_IN_EVERY_VM = 0x2_0000,
  TWICE_HERE = 0x3_0000, // and the VM's number
  HERE = 0x4_0000;

/**
 * Assumed contents of VM number `v` (share.profile): which page holds what depends on its PPN alone, so that a content that
 * VMs have in common stands at one PPN in all of them, as most do in guests of one image. Whether a VM has what only some have is
 * left to chance. Contents hold throughout, whatever is written; what they compress to is not known.
 */
export function profileContents(profile: Values<typeof PROFILE>, v: number, configuredPages: number, random: Random): Contents {
  const { zero, commonDuplicate, ownDuplicate, common, some, held } = profile;
  const low = new Uint32Array(configuredPages);
  const high = new Uint32Array(configuredPages);
  const ends = upTo([zero, commonDuplicate, ownDuplicate, common, some]);
  let twiceInEveryVm = 0;
  let twiceHere = 0;
  for (let ppn = 0; ppn < configuredPages; ppn++) {
    const place = (100 * (Math.imul(ppn, GOLDEN) >>> 0)) / 2 ** 32;
    const part = ends.findIndex((end) => place < end);
    low[ppn] = ppn;
    if (part === 0) low[ppn] = 0;
    else if (part === 1) {
      high[ppn] = TWICE_IN_EVERY_VM;
      low[ppn] = Math.floor(twiceInEveryVm++ / 2);
    } else if (part === 2) {
      high[ppn] = TWICE_HERE + v;
      low[ppn] = Math.floor(twiceHere++ / 2);
    } else if (part === 3 || (part === 4 && 100 * random() < held)) high[ppn] = IN_COMMON;
    else high[ppn] = HERE + v;
  }
  return {
    low,
    high,
    zbytes: new Uint16Array(configuredPages),
    holds: new Uint8Array(configuredPages).fill(1),
    writesLeft: new Uint32Array(configuredPages),
    isEndState: true,
  };
}

/** Running sums. */
function upTo(parts: readonly number[]): readonly number[] {
  let sum = 0;
  return parts.map((part) => (sum += part));
}
