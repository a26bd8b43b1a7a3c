import {
  oracleTable,
  oracleTimeTable,
  pickTable,
  rightSizeTable,
  rowsOf,
  workingSetTable,
  type Columns,
  type Row,
  type Run,
  type TableSpec,
} from "@tidemark/data/shapes";

/** What `rightsize --json` prints. */
export function rightsizeJson({ manifest, tables }: Run): object {
  const sets = rowsOrNone(tables, workingSetTable);
  const sizes = rowsOrNone(tables, rightSizeTable);
  const oracle = rowsOrNone(tables, oracleTable);
  const times = rowsOrNone(tables, oracleTimeTable);
  return {
    schema: 1,
    pageBytes: manifest.pageBytes,
    spanNs: manifest.endNs - manifest.originNs,
    windowNs: manifest.windowNs,
    pageInNs: sizes[0]?.pageIn ?? null,
    vms: [...new Set(sizes.map(({ vm }) => vm))].map((name) => {
      const own = <R extends { readonly vm: string }>(rows: readonly R[]): readonly R[] => rows.filter(({ vm }) => vm === name);
      return {
        name,
        workingSets: own(sets).map(({ op, window, mean, max, time }) => ({
          op,
          windowNs: window,
          meanPages: mean,
          maxPages: max,
          maxNs: orNull(time),
        })),
        sizes: own(sizes).map(({ basis, window, extra, pages, misses, pageIns, stall, bound }) => ({
          basis,
          windowNs: orNull(window),
          ...(Number.isNaN(extra) ? {} : { extraPercent: extra }),
          pages,
          misses,
          pageIns,
          stallNs: stall,
          boundPageIns: bound,
        })),
        oracle: own(oracle).map(({ stall, pageIns, consumed, held, saved, size }) => ({
          stallNs: stall,
          pageIns,
          consumedPages: consumed,
          heldPages: held,
          savedPages: saved,
          sizePages: size,
        })),
        neverAgain: own(times).map(({ time, consumed, neverAgain }) => ({
          timeNs: time,
          consumedPages: consumed,
          neverAgainPages: neverAgain,
        })),
      };
    }),
    assumed: manifest.assumed,
  };
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function rowsOrNone<C extends Columns>(tables: Run["tables"], spec: TableSpec<C>): readonly Row<C>[] {
  const table = pickTable(tables, spec);
  return table === undefined ? [] : rowsOf(table);
}
