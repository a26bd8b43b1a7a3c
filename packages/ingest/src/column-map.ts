import { InputError, NS_PER } from "@tidemark/data/shapes";
import type { ColumnSpec } from "./cell-column.ts";
import type { TraceFormat } from "./format.ts";

/** One `--map canonical=source` entry. */
export interface MappedColumn {
  readonly canonical: string;
  readonly header: string;
  readonly hex: boolean;
  /** ns per unit, where the entry declares one. */
  readonly nsPer: number | undefined;
}

/** What the user said about column names, and which entries some input made use of. */
export class ColumnMap {
  readonly #mapped = new Map<string, MappedColumn>();
  readonly #used = new Set<string>();

  constructor(columns: ReadonlyMap<string, string>, formats: readonly TraceFormat[]) {
    const known = new Map<string, ColumnSpec>(formats.flatMap((format) => format.columns.map((spec) => [spec.name, spec])));
    for (const [canonical, written] of columns) {
      const spec = known.get(canonical);
      if (spec === undefined)
        throw new InputError(`--map ${canonical}=${written}: unknown column "${canonical}"; known: ${[...known.keys()].join(", ")}`);
      const [, header, mark] = /^(.*?)(?::(hex|ns|us|ms|s))?$/s.exec(written) ?? [];
      if (header === undefined || header === "") throw new InputError(`--map ${canonical}=${written}: names no column of the input`);
      if (mark === "hex" ? spec.value === "time" || spec.value === "word" : mark !== undefined && spec.value !== "time")
        throw new InputError(`--map ${canonical}=${written}: ${canonical} cannot be declared ":${mark}"`);
      const nsPer = mark === undefined || mark === "hex" ? undefined : NS_PER[mark];
      this.#mapped.set(canonical, { canonical, header, hex: mark === "hex", nsPer });
    }
  }

  get(canonical: string): MappedColumn | undefined {
    return this.#mapped.get(canonical);
  }

  markUsed(canonical: string): void {
    this.#used.add(canonical);
  }

  /** An entry that no input made use of is a slip of the pen. */
  checkUsed(): void {
    for (const { canonical, header } of this.#mapped.values())
      if (!this.#used.has(canonical)) throw new InputError(`--map ${canonical}=${header}: no input has a column "${header}"`);
  }
}
