import { curveFactsTable, curveTable, formatPages, pickTable, rowsOf, type Row, type Run } from "@tidemark/data/shapes";
import { counted, table, whole } from "./words.ts";

type Point = Row<typeof curveTable.columns>;
type Facts = Row<typeof curveFactsTable.columns>;

/** What `curve` prints for people: per VM a table of sizes and policies, and what each policy comes to, as `inWords` has it of a VM. */
export function curveText({ manifest, tables }: Run, inWords: (vm: string) => readonly string[]): string {
  const curveRows = pickTable(tables, curveTable);
  const factRows = pickTable(tables, curveFactsTable);
  const points = curveRows === undefined ? [] : rowsOf(curveRows);
  const facts = factRows === undefined ? [] : rowsOf(factRows);
  const vms = [...new Set(facts.map(({ vm }) => vm))];
  const parts = vms.map((vm) =>
    vmText(
      vm,
      points.filter((point) => point.vm === vm),
      facts.filter((row) => row.vm === vm),
      inWords(vm),
    ),
  );
  const notes = manifest.assumed.map((each) => `note: ${each}`).join("\n");
  return [...parts, ...(notes === "" ? [] : [notes])].join("\n\n");
}

function vmText(vm: string, points: readonly Point[], facts: readonly Facts[], said: readonly string[]): string {
  const [{ accesses, references, distinct, sampled }] = facts;
  const sizes = [...new Set(points.map(({ pages }) => pages))];
  const header = [
    "pages",
    "memory",
    ...facts.map(({ policy }) => policy),
    ...(points.every(({ low }) => Number.isNaN(low)) ? [] : ["95 % band of lru"]),
  ];
  const rows = sizes.map((pages) => {
    const own = points.filter((point) => point.pages === pages);
    return [whole(pages), formatPages(pages), ...own.map(({ misses }) => whole(misses)), ...own.flatMap(bandText)];
  });
  const all = accesses === 1 ? "1 access" : `${whole(accesses)} accesses`;
  // What misses are shares of.
  const told = references === accesses ? all : `${counted(references, "reference")} (rows; ${all})`;
  const of = `${told} to ${counted(distinct, "page")} (${formatPages(distinct)})`;
  const sample = Number.isNaN(sampled) ? "" : `; ${whole(sampled)} of the pages ${sampled === 1 ? "was" : "were"} followed`;
  return [`${vm === "" ? "all VMs on one host" : vm}: misses of ${of}${sample}`, table(header, rows, []), ...said].join("\n");
}

const bandText = ({ low, high }: Point): readonly string[] => (Number.isNaN(low) ? [] : [`${whole(low)}–${whole(high)}`]);
