import { prefixAt } from "./page-size.ts";

/** Of no address space: the kernel half, mapped alike in all of them. */
export const GLOBAL = -1;

/**
 * The tables above the pages of one VM, as every address space sees them. A *node* is a table at its place in one space's tree; the
 * kernel half hangs below each root anew, so it has a node per space, all standing for one *table*: the page in memory, numbered like
 * the first of its nodes.
 */
export interface TableTree {
  /** Node of the table one level up; −1 at a root. */
  readonly parentOf: Int32Array;
  /** Level of the table: 1 holds entries of 4 KB pages. */
  readonly levelOf: Uint8Array;
  readonly spaceOf: Int32Array;
  /** 1 where the table is shared by all spaces: the kernel half, below the roots. */
  readonly isShared: Uint8Array;
  /** Node → the node that its table is numbered by. */
  readonly tableOf: Int32Array;
  /** Low bits of what the table's address is looked up by in a set-associative cache. */
  readonly indexOf: Int32Array;
  /** Space → node of its root. */
  readonly rootOf: Int32Array;
}

/** Grows a tree, node by node on first sight. */
export class TableTreeBuilder {
  readonly #levels: number;
  readonly #parentOf: number[] = [];
  readonly #levelOf: number[] = [];
  readonly #spaceOf: number[] = [];
  readonly #tableOf: number[] = [];
  readonly #indexOf: number[] = [];
  readonly #isShared: number[] = [];
  readonly #roots: number[] = [];
  /** Per space and level: prefix → node. Per level: prefix → table of the kernel half. */
  readonly #nodes: Map<number, number>[][] = [];
  readonly #kernelTables: Map<number, number>[];

  constructor(levels: number) {
    this.#levels = levels;
    this.#kernelTables = Array.from({ length: levels }, () => new Map());
  }

  addSpace(): number {
    const space = this.#roots.length;
    this.#nodes.push(Array.from({ length: this.#levels }, () => new Map()));
    this.#roots.push(this.#add(-1, this.#levels, space, 0));
    return space;
  }

  /** The node that holds the entry for `vpn` at `level`. */
  nodeOf(space: number, vpn: number, kernel: boolean, level: number): number {
    if (level === this.#levels) return this.#roots[space];
    const prefix = prefixAt(vpn, level);
    const known = this.#nodes[space][level].get(prefix);
    if (known !== undefined) return known;
    const parent = this.nodeOf(space, vpn, kernel, level + 1);
    const node = this.#add(parent, level, space, prefix);
    this.#nodes[space][level].set(prefix, node);
    if (kernel) {
      this.#isShared[node] = 1;
      const table = this.#kernelTables[level].get(prefix);
      if (table === undefined) this.#kernelTables[level].set(prefix, node);
      else this.#tableOf[node] = table;
    }
    return node;
  }

  #add(parent: number, level: number, space: number, prefix: number): number {
    const node = this.#parentOf.length;
    this.#parentOf.push(parent);
    this.#levelOf.push(level);
    this.#spaceOf.push(space);
    this.#tableOf.push(node);
    this.#isShared.push(0);
    this.#indexOf.push(prefix % 2 ** 31);
    return node;
  }

  finish(): TableTree {
    return {
      parentOf: Int32Array.from(this.#parentOf),
      levelOf: Uint8Array.from(this.#levelOf),
      spaceOf: Int32Array.from(this.#spaceOf),
      isShared: Uint8Array.from(this.#isShared),
      tableOf: Int32Array.from(this.#tableOf),
      indexOf: Int32Array.from(this.#indexOf),
      rootOf: Int32Array.from(this.#roots),
    };
  }
}
