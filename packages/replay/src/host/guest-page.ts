/** What the guest and the host keep about a page beside its residency; bits of a byte per PPN. */
export const CLEAN_IN_SWAP = 1, // the swap file has what the page holds: swapping it out again writes nothing
  GUEST_OUT = 2; // the guest paged it out; the next touch goes through the guest's pager
