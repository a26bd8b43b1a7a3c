import {
  curveBoundTable,
  curveFactsTable,
  curveTable,
  pickTable,
  rowsOf,
  type Columns,
  type Row,
  type Run,
  type TableSpec,
} from "@tidemark/data/shapes";

/** What `curve --json` prints. `policies` are those of the first entry of `vms`: of one VM, all there is. */
export function curveJson({ manifest, tables }: Run): object {
  const points = rowsOrNone(tables, curveTable);
  const facts = rowsOrNone(tables, curveFactsTable);
  const bound = rowsOrNone(tables, curveBoundTable);
  const vms = [...new Set(facts.map(({ vm }) => vm))].map((vm) => ({
    name: vm === "" ? null : vm,
    policies: facts
      .filter((row) => row.vm === vm)
      .map((row) => ({
        policy: row.policy,
        points: points.filter((point) => point.vm === vm && point.policy === row.policy).map(pointJson),
        references: row.references,
        distinctPages: row.distinct,
        sampledPages: orNull(row.sampled),
        knee: Number.isNaN(row.knee) ? null : { pages: row.knee, misses: row.kneeMisses },
        enough: Number.isNaN(row.enough) ? null : { extraPercent: row.extra, pages: row.enough, misses: row.enoughMisses },
      })),
    bound: bound.filter((row) => row.vm === vm).map(({ stall, pageIns, pages }) => ({ stallNs: stall, pageIns, pages })),
  }));
  return {
    schema: 1,
    pageBytes: manifest.pageBytes,
    seed: manifest.seed,
    pageInNs: bound[0]?.pageIn ?? null,
    policies: vms[0]?.policies ?? [],
    vms,
    assumed: manifest.assumed,
  };
}

const pointJson = ({ pages, accesses, misses, low, high }: Row<typeof curveTable.columns>): object => ({
  pages,
  accesses,
  misses,
  ...(Number.isNaN(low) ? {} : { low, high }),
});

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function rowsOrNone<C extends Columns>(tables: Run["tables"], spec: TableSpec<C>): readonly Row<C>[] {
  const table = pickTable(tables, spec);
  return table === undefined ? [] : rowsOf(table);
}
