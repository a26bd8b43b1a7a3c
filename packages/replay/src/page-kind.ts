import { NONE, PAGE_KINDS } from "@tidemark/data/shapes";

/** Positions in PAGE_KINDS. */
export const ANONYMOUS = PAGE_KINDS.indexOf("anonymous");
export const PAGE_CACHE = PAGE_KINDS.indexOf("page cache");
export const KERNEL = PAGE_KINDS.indexOf("kernel");
export const FREE_KIND = PAGE_KINDS.indexOf("free");
export const UNKNOWN_KIND = PAGE_KINDS.indexOf("unknown");

const GFP_MOVABLE = 0x08;
const GFP_ZERO = 0x100;

/**
 * What an allocation is for, from the flags the guest's page allocator was called with (Linux 6.1, include/linux/gfp_types.h).
 * User memory is asked for as movable; anonymous pages are asked for zeroed, page cache and tmpfs pages are not, for they are
 * filled by whoever asks. Copies made by copy-on-write are not zeroed either and so count as page cache.
 */
export function kindOfGfp(gfp: number): number {
  if (gfp === NONE) return UNKNOWN_KIND;
  if ((gfp & GFP_MOVABLE) === 0) return KERNEL;
  return (gfp & GFP_ZERO) === 0 ? PAGE_CACHE : ANONYMOUS;
}
