import { translationCostTable, translationTable, type Row } from "@tidemark/data/shapes";

type Cost = Row<typeof translationCostTable.columns>;
type Counter = Row<typeof translationTable.columns>;

/** What one mode costs. */
export interface ModeCost {
  readonly mode: string;
  /** Cycles of translation per access. */
  readonly perAccess: number;
  /** The same and what the accesses cost themselves. */
  readonly withAccess: number;
  /** What translation consists of, in the table's order; causes that cost nothing are left out. */
  readonly causes: readonly { readonly cause: string; readonly perAccess: number }[];
}

/** The cause whose cycles are not translation's. */
const ACCESS = "access";

/** Costs by mode, in the table's order; rows are of one VM, page sizes and core. */
export const modeCosts = (rows: readonly Cost[]): readonly ModeCost[] =>
  modesOf(rows).map((mode) => {
    const own = rows.filter((row) => row.mode === mode);
    const sum = (among: readonly Cost[]): number => among.reduce((total, { perAccess }) => total + perAccess, 0);
    const translation = own.filter(({ cause }) => cause !== ACCESS);
    const causes = translation.filter(({ perAccess }) => perAccess > 0).map(({ cause, perAccess }) => ({ cause, perAccess }));
    return { mode, perAccess: sum(translation), withAccess: sum(own), causes };
  });

/** What the TLBs and walks of one mode did. */
export interface ModeWalks {
  readonly mode: string;
  readonly accesses: number;
  /** Accesses that the second-level TLB had, and those that no TLB had, by size of the entry: `4k`, `2m`, `1g`. */
  readonly secondLevelHits: number;
  readonly misses: readonly { readonly size: string; readonly misses: number }[];
  readonly walks: number;
  /** Walks by the memory references they took, ascending. */
  readonly lengths: readonly { readonly references: number; readonly walks: number }[];
  /** References per walk; NaN without one. */
  readonly meanReferences: number;
}

/** Walks by mode, in the table's order; rows are of one VM, page sizes and core. */
export const modeWalks = (rows: readonly Counter[]): readonly ModeWalks[] =>
  modesOf(rows.filter(({ core }) => core !== "")).map((mode) => {
    const own = rows.filter((row) => row.mode === mode);
    const counted = (group: string, name: RegExp) =>
      own.flatMap((row) => {
        const what = row.group === group ? name.exec(row.counter)?.[1] : undefined;
        return what === undefined ? [] : [{ what, value: row.value }];
      });
    const total = (group: string, name: RegExp): number => counted(group, name).reduce((sum, { value }) => sum + value, 0);
    const walks = total("walks", /^(all)$/);
    const lengths = counted("walks", /^(\d+) references$/).map(({ what, value }) => ({ references: Number(what), walks: value }));
    return {
      mode,
      accesses: total("tlb", /^(accesses)$/),
      secondLevelHits: total("tlb", /^L2 hits (.+)$/),
      misses: counted("tlb", /^misses (.+)$/).map(({ what, value }) => ({ size: what, misses: value })),
      walks,
      lengths: lengths.filter((each) => each.walks > 0).sort((a, b) => a.references - b.references),
      meanReferences: total("references", /^(all)$/) / walks,
    };
  });

const modesOf = (rows: readonly { readonly mode: string }[]): readonly string[] => [...new Set(rows.map(({ mode }) => mode))];
