/** Bits of the allocation flags by their names, Linux 6.1 (include/linux/gfp_types.h); other kernels number some of them otherwise. */
const BITS: Readonly<Record<string, number>> = {
  __GFP_DMA: 0x1,
  __GFP_HIGHMEM: 0x2,
  __GFP_DMA32: 0x4,
  __GFP_MOVABLE: 0x8,
  __GFP_RECLAIMABLE: 0x10,
  __GFP_HIGH: 0x20,
  __GFP_IO: 0x40,
  __GFP_FS: 0x80,
  __GFP_ZERO: 0x100,
  __GFP_ATOMIC: 0x200,
  __GFP_DIRECT_RECLAIM: 0x400,
  __GFP_KSWAPD_RECLAIM: 0x800,
  __GFP_RECLAIM: 0xc00,
  __GFP_WRITE: 0x1000,
  __GFP_NOWARN: 0x2000,
  __GFP_RETRY_MAYFAIL: 0x4000,
  __GFP_NOFAIL: 0x8000,
  __GFP_NORETRY: 0x1_0000,
  __GFP_MEMALLOC: 0x2_0000,
  __GFP_COMP: 0x4_0000,
  __GFP_NOMEMALLOC: 0x8_0000,
  __GFP_HARDWALL: 0x10_0000,
  __GFP_THISNODE: 0x20_0000,
  __GFP_ACCOUNT: 0x40_0000,
  __GFP_ZEROTAGS: 0x80_0000,
  GFP_NOWAIT: 0x800,
  GFP_ATOMIC: 0xa20,
  GFP_NOIO: 0xc00,
  GFP_NOFS: 0xc40,
  GFP_KERNEL: 0xcc0,
  GFP_KERNEL_ACCOUNT: 0x40_0cc0,
  GFP_USER: 0x10_0cc0,
  GFP_HIGHUSER: 0x10_0cc2,
  GFP_HIGHUSER_MOVABLE: 0x10_0cca,
  GFP_TRANSHUGE_LIGHT: 0x1c_20ca,
  GFP_TRANSHUGE: 0x1c_24ca,
  GFP_DMA: 0x1,
  GFP_DMA32: 0x4,
  none: 0,
};

/** The number behind `GFP_USER|__GFP_ZERO` or `0x100dc0`; a name that is not known counts for nothing. */
export function gfpFlags(text: string): number {
  const known = read.get(text);
  if (known !== undefined) return known;
  let flags = 0;
  for (const name of text.split("|")) flags |= BITS[name] ?? (/^0x[0-9a-f]{1,8}$/.test(name) ? Number(name) : 0);
  // A copy: what is kept of a line would keep all the text that was read with it.
  if (read.size < READ_MAX && text.length <= TEXT_MAX) read.set(Buffer.from(text).toString(), flags >>> 0);
  return flags >>> 0;
}

/** A trace has the same few over and over; a damaged one not. */
const read = new Map<string, number>();
const READ_MAX = 10_000;
const TEXT_MAX = 500;
