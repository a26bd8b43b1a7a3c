import { bug } from "@tidemark/data/shapes";
import { PageQueues } from "../page-queues.ts";

/** A quarter of a page: the unit of the compression cache. */
const QUARTER_BYTES = 1024;
const QUARTERS_PER_PAGE = 4;

/** Quarters that a page needs when it does not compress to half a page: it is swapped. */
export const INCOMPRESSIBLE = 0;

/** Quarters of the slot for a page that compresses to so many bytes: one up to 1 KB, two up to 2 KB (MRM whitepaper, vSphere 5). */
export const slotQuarters = (zbytes: number): number => (zbytes <= QUARTER_BYTES ? 1 : zbytes <= 2 * QUARTER_BYTES ? 2 : INCOMPRESSIBLE);

/** Most of a VM's size that its compression cache may take, in percent (RMG, Mem.MemZipMaxPct). */
export const ZIP_MAX_PERCENT = 10;

export const zipCap = (configuredPages: number, maxPercent: number): number => Math.floor((maxPercent * configuredPages) / 100);

/**
 * The compression cache of one VM: its compressed pages in the order in which they came. A touch decompresses a page and
 * takes it out, so the one that came first is the one unused longest. Slots are taken to fill machine pages without gaps.
 */
export class CompressionCache {
  readonly capPages: number;
  #used = 0;
  readonly #order: PageQueues;
  readonly #quarters: Uint8Array;

  constructor(configuredPages: number, capPages: number) {
    this.capPages = capPages;
    this.#order = new PageQueues(configuredPages, 1);
    this.#quarters = new Uint8Array(configuredPages);
  }

  /** The PPN unused longest, NO_PAGE in an empty cache. */
  get oldest(): number {
    return this.#order.oldest(0);
  }

  /** Compressed pages in the cache. */
  get zippedPages(): number {
    return this.#order.sizes[0];
  }

  /** Machine pages that the cache takes. */
  get pages(): number {
    return Math.ceil(this.#used / QUARTERS_PER_PAGE);
  }

  /** Whether so many quarters fit under the cap. In a cache that may hold a page, evicting the oldest makes them fit in the end. */
  fits(quarters: number): boolean {
    return this.#used + quarters <= QUARTERS_PER_PAGE * this.capPages;
  }

  /** Quarters of a page's slot, 0 where the page is not in the cache. */
  quartersOf(ppn: number): number {
    return this.#quarters[ppn];
  }

  /** Keeps a compressed page, as the newest. It must fit. */
  put(ppn: number, quarters: number): void {
    if (!(quarters > 0 && this.#quarters[ppn] === 0 && this.fits(quarters))) throw bug(`PPN ${ppn} is put into ${quarters} quarters`);
    this.#order.append(ppn, 0);
    this.#quarters[ppn] = quarters;
    this.#used += quarters;
  }

  /** A page is about to be used: it is the newest. */
  renew(ppn: number): void {
    this.#order.renew(ppn);
  }

  /** Takes a page out, to decompress it or because it is gone. */
  remove(ppn: number): void {
    if (this.#quarters[ppn] === 0) throw bug(`PPN ${ppn} is not in the compression cache`);
    this.#order.remove(ppn);
    this.#used -= this.#quarters[ppn];
    this.#quarters[ppn] = 0;
  }
}
