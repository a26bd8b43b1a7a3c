import { NONE } from "@tidemark/data/shapes";

/** Where virtual pages lie, in pieces that are as long as they are aligned: pages of 4 KB, 2 MB and the like. */
export class PageMaps {
  /** PPN of a piece's first page, by the piece's number; one map for each length. */
  readonly #pieces: { readonly pages: number; readonly ppns: Map<number, number> }[] = [];

  /** `pages` pages from `vpn` on, a multiple of `pages`, lie from `ppn` on. */
  add(vpn: number, pages: number, ppn: number): void {
    let pieces = this.#pieces.find((each) => each.pages === pages);
    if (pieces === undefined) this.#pieces.push((pieces = { pages, ppns: new Map() }));
    pieces.ppns.set(vpn / pages, ppn);
  }

  /** PPN of a page; NONE: not told. */
  find(vpn: number): number {
    for (const { pages, ppns } of this.#pieces) {
      const ppn = ppns.get(pages === 1 ? vpn : Math.floor(vpn / pages));
      if (ppn !== undefined) return ppn + (pages === 1 ? 0 : vpn % pages);
    }
    return NONE;
  }
}
