import { NO_PAGE } from "./policy.ts";

export const NO_QUEUE = -1;

// A node of a queue: its two neighbours and the queue it stands in, side by side.
const OLDER = 0,
  NEWER = 1,
  QUEUE = 2,
  NODE = 3;

/**
 * Pages in queues, oldest first; a page stands in at most one. Doubly linked rings threaded through one array, every ring closed
 * by a node of its own behind those of the pages: every operation is O(1) and nothing is allocated after construction.
 */
export class PageQueues {
  readonly sizes: Int32Array;
  readonly #nodes: Int32Array;
  /** Offset of the first ring's closing node. */
  readonly #rings: number;

  constructor(pages: number, queues: number) {
    this.sizes = new Int32Array(queues);
    this.#nodes = new Int32Array((pages + queues) * NODE).fill(NO_QUEUE);
    this.#rings = pages * NODE;
    for (let ring = this.#rings; ring < this.#nodes.length; ring += NODE) this.#nodes[ring + OLDER] = this.#nodes[ring + NEWER] = ring;
  }

  queueOf(page: number): number {
    return this.#nodes[page * NODE + QUEUE];
  }

  /** Puts a page that is in no queue at the newest end of one. */
  append(page: number, queue: number): void {
    const node = page * NODE;
    this.sizes[queue]++;
    this.#nodes[node + QUEUE] = queue;
    this.#link(node, this.#rings + queue * NODE);
  }

  remove(page: number): void {
    const node = page * NODE;
    this.sizes[this.#nodes[node + QUEUE]]--;
    this.#nodes[node + QUEUE] = NO_QUEUE;
    this.#unlink(node);
  }

  /** To the newest end of its own queue. */
  renew(page: number): void {
    const node = page * NODE;
    this.#unlink(node);
    this.#link(node, this.#rings + this.#nodes[node + QUEUE] * NODE);
  }

  /** To the newest end of a queue, from whichever it is in. */
  move(page: number, queue: number): void {
    this.remove(page);
    this.append(page, queue);
  }

  oldest(queue: number): number {
    return this.#pageAt(this.#nodes[this.#rings + queue * NODE + NEWER]);
  }

  newest(queue: number): number {
    return this.#pageAt(this.#nodes[this.#rings + queue * NODE + OLDER]);
  }

  /** The page that joined next, NO_PAGE after the newest. */
  newer(page: number): number {
    return this.#pageAt(this.#nodes[page * NODE + NEWER]);
  }

  #pageAt(node: number): number {
    return node < this.#rings ? node / NODE : NO_PAGE;
  }

  /** Between the newest node of a ring and its closing node. */
  #link(node: number, ring: number): void {
    const nodes = this.#nodes;
    const newest = nodes[ring + OLDER];
    nodes[node + OLDER] = newest;
    nodes[node + NEWER] = ring;
    nodes[newest + NEWER] = node;
    nodes[ring + OLDER] = node;
  }

  #unlink(node: number): void {
    const nodes = this.#nodes;
    const older = nodes[node + OLDER];
    const newer = nodes[node + NEWER];
    nodes[older + NEWER] = newer;
    nodes[newer + OLDER] = older;
  }
}
