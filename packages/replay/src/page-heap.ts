import { NO_PAGE } from "./policy.ts";

/** Pages by a key, greatest on top: a binary heap over arrays, in which every page knows its place. Every change is O(log n). */
export class PageHeap {
  #size = 0;
  readonly #pages: Int32Array;
  readonly #placeOf: Int32Array;
  readonly #keyOf: Float64Array;

  constructor(pages: number) {
    this.#pages = new Int32Array(pages);
    this.#placeOf = new Int32Array(pages).fill(NO_PAGE);
    this.#keyOf = new Float64Array(pages);
  }

  get top(): number {
    return this.#size === 0 ? NO_PAGE : this.#pages[0];
  }

  /** Adds a page, or gives it another key. */
  set(page: number, key: number): void {
    const place = this.#placeOf[page];
    this.#keyOf[page] = key;
    if (place === NO_PAGE) this.#rise(page, this.#size++);
    else if (this.#rise(page, place) === place) this.#sink(page, place);
  }

  remove(page: number): void {
    const place = this.#placeOf[page];
    const last = this.#pages[--this.#size];
    this.#placeOf[page] = NO_PAGE;
    if (last === page) return;
    if (this.#rise(last, place) === place) this.#sink(last, place);
  }

  /** Moves the page up from a place that is free for it, to where no greater key is below; the place it got. */
  #rise(page: number, place: number): number {
    const key = this.#keyOf[page];
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (this.#keyOf[this.#pages[above]] >= key) break;
      this.#put(this.#pages[above], place);
      place = above;
    }
    this.#put(page, place);
    return place;
  }

  #sink(page: number, place: number): void {
    const key = this.#keyOf[page];
    for (;;) {
      let below = 2 * place + 1;
      if (below >= this.#size) break;
      if (below + 1 < this.#size && this.#keyOf[this.#pages[below + 1]] > this.#keyOf[this.#pages[below]]) below++;
      if (this.#keyOf[this.#pages[below]] <= key) break;
      this.#put(this.#pages[below], place);
      place = below;
    }
    this.#put(page, place);
  }

  #put(page: number, place: number): void {
    this.#pages[place] = page;
    this.#placeOf[page] = place;
  }
}
