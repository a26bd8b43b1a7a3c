import { gapTable, LEDGER_CLASSES, ledgerTable, PAGE_KINDS, tableOf, type Row } from "@tidemark/data/shapes";
import { hasFuture, PAGE_CLASSES, type Ledger } from "../ledger.ts";
import type { Vm } from "../machine.ts";
import type { Observer } from "../observer.ts";

interface Share {
  readonly owner: string;
  readonly class: string;
  readonly kind: string;
  readonly pages: number;
  readonly returns: number;
  readonly notSeenAgain: number;
}

/** The ledger: by class and kind at every sample (`gap`), by owner as well at the instants asked for (`ledger`). */
export const gap: Observer = {
  name: "gap",
  about: "the ledger: where consumed memory is, by class, owner and kind, with the future split",
  create({ machine }) {
    const gapRows: Row<typeof gapTable.columns>[] = [];
    const ledgerRows: Row<typeof ledgerTable.columns>[] = [];
    return {
      sample({ vm: v, timeNs, ledger }) {
        const vm = machine.vms[v];
        for (const { owner: _, ...share } of sharesOf(vm, ledger, () => "")) gapRows.push({ time: timeNs, vm: vm.name, ...share });
      },
      instant(asked, { vm: v, timeNs, ledger }) {
        const vm = machine.vms[v];
        const shares = sharesOf(vm, ledger, (group) => vm.groups.owners[vm.groups.owner[group]]);
        for (const share of shares) ledgerRows.push({ asked, time: timeNs, vm: vm.name, ...share });
      },
      finish: () => [tableOf(gapTable, gapRows), tableOf(ledgerTable, ledgerRows)],
    };
  },
};

/** The ledger's cells summed by class, kind and what `ownerOf` says of a group; the sharing credit has no owner. */
function sharesOf(vm: Vm, ledger: Ledger, ownerOf: (group: number) => string): Share[] {
  const sums = new Map<string, { readonly cls: number; readonly kind: number; readonly owner: string; returns: number; final: number }>();
  const stride = 2 * ledger.groups;
  for (let cls = 0; cls < PAGE_CLASSES; cls++) {
    for (let group = 0; group < ledger.groups; group++) {
      const returns = ledger.cells[cls * stride + 2 * group];
      const final = ledger.cells[cls * stride + 2 * group + 1];
      if (returns + final === 0) continue;
      const kind = vm.groups.kind[group];
      const owner = ownerOf(group);
      const key = `${cls} ${kind} ${owner}`;
      const sum = sums.get(key) ?? { cls, kind, owner, returns: 0, final: 0 };
      sum.returns += returns;
      sum.final += final;
      sums.set(key, sum);
    }
  }
  const shares: Share[] = [...sums.values()].map(({ cls, kind, owner, returns, final }) => ({
    owner,
    class: LEDGER_CLASSES[cls],
    kind: PAGE_KINDS[kind],
    pages: returns + final,
    returns: hasFuture(ledger, cls) ? returns : NaN,
    notSeenAgain: hasFuture(ledger, cls) ? final : NaN,
  }));
  const credit = ledger.consumedPages - ledger.grantedPages;
  if (credit !== 0) shares.push({ owner: "", class: "sharing", kind: "unknown", pages: credit, returns: NaN, notSeenAgain: NaN });
  return shares;
}
