import { BATCH_ROWS, NONE, READ } from "@tidemark/data/shapes";
import type { SourceContext } from "./format.ts";
import { rawAccesses, type RawAccesses } from "./raw-batch.ts";

/** What DAMON found of a region `[start, end)` of bytes in an interval that ended at `timeNs`. */
export interface DamonRegion {
  readonly row: number;
  readonly text: string;
  readonly timeNs: number;
  /** Target that the region is of. */
  readonly target: number;
  readonly start: number;
  readonly end: number;
  /** Looks in the interval that found it accessed. */
  readonly accesses: number;
}

/** What no recording of DAMON can say. */
export const DAMON_LACKS = [
  "no op: every access is a read",
  "regions: each page of a region counts as accessed as often as the one page in it that DAMON looked at; at the end of each interval one row stands for it",
];

/** A PC's physical addresses lie below; a process has its stack above. */
const PHYSICAL_END = 2 ** 44;
/** More pages than these in one region are a mistake, or too coarse to be of use: 16 GiB. */
const PAGES_MAX = 2 ** 22;
/** Regions of a first snapshot that are held at most. */
const HELD_MAX = 2 ** 18;

/**
 * Regions that were accessed become a row for each of their pages. DAMON watches processes or physical memory, and nothing says
 * which: the regions of the first snapshot decide, all of them.
 */
export class DamonRegions {
  readonly #context: SourceContext;
  readonly #raw: RawAccesses;
  readonly #spaces: Float64Array;
  #held: DamonRegion[] = [];
  #isPhysical: boolean | undefined;

  constructor(context: SourceContext) {
    this.#context = context;
    this.#raw = rawAccesses(BATCH_ROWS);
    this.#raw.ppn.fill(NONE);
    this.#spaces = new Float64Array(BATCH_ROWS);
    context.captured("accesses");
  }

  *add(region: DamonRegion): Generator<RawAccesses> {
    if (this.#isPhysical !== undefined) yield* this.#addPages(region, this.#isPhysical);
    else {
      const [first] = this.#held;
      const isNext = first !== undefined && (region.target !== first.target || region.start < (this.#held.at(-1)?.end ?? 0));
      if (isNext || this.#held.length === HELD_MAX) {
        yield* this.#decide();
        yield* this.add(region);
      } else this.#held.push(region);
    }
  }

  /** What is left, at the end of a source or a piece of it. */
  *rest(): Generator<RawAccesses> {
    if (this.#isPhysical !== undefined && this.#raw.length > 0) yield* this.#give();
  }

  /** To be called at the end. */
  *finish(): Generator<RawAccesses> {
    if (this.#held.length > 0) yield* this.#decide();
    yield* this.rest();
  }

  *#decide(): Generator<RawAccesses> {
    const isPhysical = this.#held.every(({ end }) => end <= PHYSICAL_END);
    this.#isPhysical = isPhysical;
    this.#raw.space = isPhysical ? undefined : this.#spaces;
    this.#context.note(
      `all regions of the first snapshot end ${isPhysical ? "below 2^44: taken for physical addresses" : "above 2^44, or some: taken for a process's addresses"}`,
    );
    const held = this.#held;
    this.#held = [];
    for (const region of held) yield* this.#addPages(region, isPhysical);
  }

  *#addPages({ row, text, timeNs, target, start, end, accesses }: DamonRegion, isPhysical: boolean): Generator<RawAccesses> {
    if (accesses === 0) return;
    const first = Math.floor(start / 4096);
    const pages = Math.ceil(end / 4096) - first;
    const problem =
      pages < 1
        ? "ends before it starts"
        : pages > PAGES_MAX
          ? `has ${pages} pages, and a region that was accessed may have ${PAGES_MAX}: record with more regions (damo --monitoring_nr_regions)`
          : isPhysical && end > PHYSICAL_END
            ? "ends beyond 2^44 bytes, and the regions before it are of physical memory"
            : undefined;
    if (problem !== undefined) {
      this.#context.reject(row, text, `region ${start.toString(16)}-${end.toString(16)} ${problem}`);
      return;
    }
    const raw = this.#raw;
    for (let page = first; page < first + pages; page++) {
      const at = raw.length++;
      raw.timeNs[at] = timeNs;
      raw.row[at] = row;
      raw.kind[at] = READ;
      raw.vpnHi[at] = Math.floor(page / 2 ** 32);
      raw.vpnLo[at] = page % 2 ** 32;
      if (isPhysical) raw.ppn[at] = page;
      raw.count[at] = accesses;
      this.#spaces[at] = target;
      if (raw.length === BATCH_ROWS) yield* this.#give();
    }
  }

  *#give(): Generator<RawAccesses> {
    yield this.#raw;
    this.#raw.length = 0;
  }
}
