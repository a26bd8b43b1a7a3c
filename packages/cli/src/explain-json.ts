import { instantsTable, LEDGER_CLASSES, ledgerTable, pickTable, rowsOf, type Run } from "@tidemark/data/shapes";

/** What `explain --json` prints (docs/json.md). One entry per VM and instant asked for. */
export function explainJson({ manifest, tables }: Run): object {
  const instants = pickTable(tables, instantsTable);
  const ledger = pickTable(tables, ledgerTable);
  const shares = ledger === undefined ? [] : rowsOf(ledger);
  const known = (n: number): number | null => (Number.isNaN(n) ? null : n);
  return {
    schema: 1,
    vms: (instants === undefined ? [] : rowsOf(instants)).map((row) => {
      const own = shares.filter((share) => share.vm === row.vm && share.asked === row.asked);
      const owners = [...new Set(own.map((share) => share.owner))].filter((owner) => owner !== "");
      const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
      return {
        name: row.vm,
        timeNs: row.time,
        windowNs: manifest.windowNs,
        pageBytes: manifest.pageBytes,
        configuredPages: row.configured,
        grantedPages: row.granted,
        consumedPages: row.consumed,
        activePages: row.active,
        activeWritePages: row.activewrite,
        activeReportedPages: known(row.activeReported),
        reportedErrorPages: known(row.activeReported - row.active),
        gapPages: row.consumed - row.active,
        classes: LEDGER_CLASSES.filter((name) => name !== "active").map((name) => {
          const rows = own.filter((share) => share.class === name);
          const splits = name.startsWith("idle") && row.remaining >= manifest.windowNs;
          return {
            class: name,
            pages: total(rows.map((share) => share.pages)),
            returnsPages: splits ? total(rows.map((share) => share.returns)) : null,
            notSeenAgainPages: splits ? total(rows.map((share) => share.notSeenAgain)) : null,
          };
        }),
        allocatorUnknownPages: row.allocatorUnknown,
        outsideMemoryAccesses: row.outsideAccesses,
        owners: owners.map((owner) => {
          const pages: Record<string, number> = {};
          for (const share of own) if (share.owner === owner) pages[share.class] = (pages[share.class] ?? 0) + share.pages;
          return { owner, pages };
        }),
      };
    }),
  };
}
