import { spacesTable, tableOf, WRITE, type Row, type TracedPages, type TracedPpns, type TracedVm } from "@tidemark/data/shapes";
import type { Observer } from "../observer.ts";
import { isPhysicalOnly, labelSpaces } from "../space-label.ts";

/** What each guest address space touched over the whole trace. */
export const spaces: Observer = {
  name: "spaces",
  about: "virtual pages and accesses by guest address space",
  async create({ machine, traced }) {
    const maps = await Promise.all(
      traced.map(async ({ trace, vm }) => labelPages((await trace.pages())[vm], (await trace.ppns())[vm], trace.manifest.vms[vm].ppns)),
    );
    return {
      accesses({ timeNs, vm, page, ppn, kind, count }, from, to) {
        for (let start = from; start < to;) {
          const v = vm[start];
          const { configuredPages } = machine.vms[v];
          const map = maps[v];
          const { spaceOf, tallies } = map;
          const single = map.labels.length === 1;
          // Rows of one space come in runs, and are added up before they go into its tally.
          let space = spaceOf[page[start]];
          let [accesses, writes] = [0, 0];
          let [first, last] = [-1, -1];
          let i = start;
          for (; i < to && vm[i] === v; i++) {
            if (ppn[i] >= configuredPages) continue;
            if (!single) {
              const s = spaceOf[page[i]];
              if (s !== space) {
                if (first >= 0) add(tallies, space, accesses, writes, timeNs[first], timeNs[last]);
                space = s;
                accesses = writes = 0;
                first = -1;
              }
            }
            if (first < 0) first = i;
            last = i;
            accesses += count[i];
            if (kind[i] === WRITE) writes += count[i];
          }
          if (first >= 0) add(tallies, space, accesses, writes, timeNs[first], timeNs[last]);
          start = i;
        }
      },
      finish() {
        const rows: Row<typeof spacesTable.columns>[] = [];
        maps.forEach(({ labels, pages, tallies }, v) => {
          labels.forEach((space, s) => {
            const [accesses, writes, first, last] = tallies.subarray(TALLY * s, TALLY * (s + 1));
            if (accesses > 0) rows.push({ vm: machine.vms[v].name, space, virtualPages: pages[s], accesses, writes, first, last });
          });
        });
        return [tableOf(spacesTable, rows)];
      },
    };
  },
};

/** Fields of a space's tally. */
const ACCESSES = 0,
  WRITES = 1,
  FIRST = 2,
  LAST = 3,
  TALLY = 4;

function add(tallies: Float64Array, space: number, accesses: number, writes: number, firstNs: number, lastNs: number): void {
  const at = TALLY * space;
  tallies[at + ACCESSES] += accesses;
  tallies[at + WRITES] += writes;
  if (tallies[at + FIRST] === Infinity) tallies[at + FIRST] = firstNs;
  tallies[at + LAST] = lastNs;
}

/** The spaces of a VM: page → number of its space, their labels and distinct pages, and room for their tallies. */
function labelPages(traced: TracedPages, ppns: TracedPpns, from: TracedVm["ppns"]) {
  const { labels, labelOf } = labelSpaces(traced, isPhysicalOnly(traced, ppns, from));
  const pages = new Float64Array(labels.length);
  for (const s of labelOf) pages[s]++;
  const tallies = new Float64Array(TALLY * labels.length);
  for (let s = 0; s < labels.length; s++) tallies[TALLY * s + FIRST] = Infinity;
  return { spaceOf: labelOf, labels, pages, tallies };
}
