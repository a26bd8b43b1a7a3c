import { bug, NONE } from "@tidemark/data/shapes";

/** What a machine page is in the table: nothing; a hint, still one VM's own; shared, copy-on-write. */
export const ABSENT = 0,
  HINT = 1,
  SHARED = 2;

/**
 * The table of page sharing: from a page's content, as the hash of its 64 bits and a salt, to the machine page that has it
 * (Waldspurger 2002 §4.3). Only pages of equal salt share. An entry is a hint, left by a scan that found no match, or a shared
 * machine page with its references; a key has one entry, and a machine page one at most, so that one record per machine page
 * is all the table ever needs. Collisions are chained. Contents are not looked at here: whether a hint is stale, the caller knows.
 */
export class ShareTable {
  /** Entries of each kind, and references to all shared machine pages. */
  hints = 0;
  sharedPages = 0;
  references = 0;
  readonly #mask: number;
  /** First MPN of a chain, NONE where it is empty. */
  readonly #first: Uint32Array;
  // By MPN.
  readonly #next: Uint32Array;
  readonly #salt: Uint32Array;
  readonly #hashLow: Uint32Array;
  readonly #hashHigh: Uint32Array;
  readonly #kind: Uint8Array;
  readonly #refs: Uint32Array;

  constructor(mpns: number) {
    const chains = 2 ** Math.ceil(Math.log2(Math.max(1, mpns)));
    this.#mask = chains - 1;
    this.#first = new Uint32Array(chains).fill(NONE);
    this.#next = new Uint32Array(mpns);
    this.#salt = new Uint32Array(mpns);
    this.#hashLow = new Uint32Array(mpns);
    this.#hashHigh = new Uint32Array(mpns);
    this.#kind = new Uint8Array(mpns);
    this.#refs = new Uint32Array(mpns);
  }

  kindOf(mpn: number): number {
    return this.#kind[mpn];
  }

  /** References to a shared machine page; 0 for any other. */
  refsOf(mpn: number): number {
    return this.#refs[mpn];
  }

  /** The machine page that has this content or, a hint, had it when it was scanned; NONE where there is none. Halves unsigned. */
  find(salt: number, hashLow: number, hashHigh: number): number {
    let mpn = this.#first[this.#chainOf(salt, hashLow, hashHigh)];
    while (mpn !== NONE && (this.#hashLow[mpn] !== hashLow || this.#hashHigh[mpn] !== hashHigh || this.#salt[mpn] !== salt))
      mpn = this.#next[mpn];
    return mpn;
  }

  /** Leaves a hint under a content that has no entry. A hint that the page left before, under another content, goes. */
  placeHint(mpn: number, salt: number, hashLow: number, hashHigh: number): void {
    if (this.#kind[mpn] === SHARED) throw bug(`MPN ${mpn} is shared and leaves a hint`);
    if (this.find(salt, hashLow, hashHigh) !== NONE) throw bug(`MPN ${mpn} leaves a hint where there is an entry`);
    this.remove(mpn);
    const chain = this.#chainOf(salt, hashLow, hashHigh);
    this.#salt[mpn] = salt;
    this.#hashLow[mpn] = hashLow;
    this.#hashHigh[mpn] = hashHigh;
    this.#next[mpn] = this.#first[chain];
    this.#first[chain] = mpn;
    this.#kind[mpn] = HINT;
    this.hints++;
  }

  /** Puts a page's hint in the place of a stale one. */
  replaceStale(stale: number, mpn: number): void {
    if (this.#kind[stale] !== HINT || stale === mpn) throw bug(`MPN ${mpn} replaces MPN ${stale}, which is no other hint`);
    const salt = this.#salt[stale];
    const low = this.#hashLow[stale];
    const high = this.#hashHigh[stale];
    this.remove(stale);
    this.placeHint(mpn, salt, low, high);
  }

  /** Makes a hint's page a shared one, with the one reference of the page that it was. */
  promote(mpn: number): void {
    if (this.#kind[mpn] !== HINT) throw bug(`MPN ${mpn} is no hint and becomes shared`);
    this.#kind[mpn] = SHARED;
    this.#refs[mpn] = 1;
    this.hints--;
    this.sharedPages++;
    this.references++;
  }

  /** One more page maps to a shared machine page. */
  reference(mpn: number): void {
    if (this.#kind[mpn] !== SHARED) throw bug(`MPN ${mpn} is not shared and is referenced`);
    this.#refs[mpn]++;
    this.references++;
  }

  /**
   * One page fewer: it was written, or gave up its memory. Returns the references left. One left is still shared; none left,
   * and the machine page is no longer in the table.
   */
  unreference(mpn: number): number {
    if (this.#kind[mpn] !== SHARED) throw bug(`MPN ${mpn} is not shared and loses a reference`);
    this.references--;
    const left = --this.#refs[mpn];
    if (left === 0) {
      this.sharedPages--;
      this.#unlink(mpn);
    }
    return left;
  }

  /** Takes back a page's hint, if it left one: the page gave up its memory. */
  remove(mpn: number): void {
    if (this.#kind[mpn] === SHARED) throw bug(`MPN ${mpn} is shared and removed as a hint`);
    if (this.#kind[mpn] === ABSENT) return;
    this.hints--;
    this.#unlink(mpn);
  }

  #unlink(mpn: number): void {
    const chain = this.#chainOf(this.#salt[mpn], this.#hashLow[mpn], this.#hashHigh[mpn]);
    const after = this.#next[mpn];
    if (this.#first[chain] === mpn) this.#first[chain] = after;
    else {
      let before = this.#first[chain];
      while (this.#next[before] !== mpn) before = this.#next[before];
      this.#next[before] = after;
    }
    this.#kind[mpn] = ABSENT;
  }

  /** Content profiles number their contents, so the hash itself may be far from uniform (finaliser of MurmurHash3). */
  #chainOf(salt: number, hashLow: number, hashHigh: number): number {
    let mixed = Math.imul(hashLow ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b) ^ hashHigh;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) & this.#mask;
  }
}
