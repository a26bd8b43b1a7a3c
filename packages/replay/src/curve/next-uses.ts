/** Of an access whose page is accessed no more. */
export const NEVER = 0xffff_ffff;

/** Where each access's page is accessed next, NEVER where it is not. 4 bytes per access. */
export type NextUses = Uint32Array;

/** Fills in the next uses of accesses to pages below `pageCount`, read forward once; `accesses`: how many there will be, more or less. */
export function nextUses(pageCount: number, accesses: number): { step(pages: Uint32Array, length: number): void; found(): NextUses } {
  let next = new Uint32Array(accesses);
  const lastOf = new Uint32Array(pageCount).fill(NEVER);
  let at = 0;
  return {
    found: () => next.subarray(0, at),
    step(pages, length) {
      if (at + length > next.length) {
        const longer = new Uint32Array(Math.max(at + length, 2 * next.length));
        longer.set(next);
        next = longer;
      }
      for (let i = 0; i < length; i++, at++) {
        const page = pages[i];
        if (lastOf[page] !== NEVER) next[lastOf[page]] = at;
        lastOf[page] = at;
        next[at] = NEVER;
      }
    },
  };
}
