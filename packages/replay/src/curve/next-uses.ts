/** Where each access's page is accessed next; the number of accesses where it is not. 4 bytes per access. */
export type NextUses = Uint32Array;

/** Fills in the next uses of accesses to pages below `pageCount`, read forward once; `accesses`: how many there will be. */
export function nextUses(
  pageCount: number,
  accesses: number,
): { step(pages: Uint32Array, length: number): void; readonly found: NextUses } {
  const found = new Uint32Array(accesses).fill(accesses);
  const lastOf = new Uint32Array(pageCount).fill(accesses);
  let at = 0;
  return {
    found,
    step(pages, length) {
      for (let i = 0; i < length; i++, at++) {
        const page = pages[i];
        if (lastOf[page] !== accesses) found[lastOf[page]] = at;
        lastOf[page] = at;
      }
    },
  };
}
