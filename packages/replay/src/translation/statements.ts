import type { TracedVm } from "@tidemark/data";
import type { GuestCounters } from "./guest-counters.ts";
import type { GuestTables } from "./guest-tables.ts";
import type { PageSize } from "./page-size.ts";

export interface StatementFacts {
  readonly vm: TracedVm;
  readonly tables: GuestTables;
  readonly guest: GuestCounters;
  readonly guestPages: PageSize | "trace";
  readonly isPhysicalOnly: boolean;
  readonly hasInvlpgs: boolean;
  readonly warm: boolean;
  readonly fetches: number;
}

/** What the figures of a VM cannot say, and what in them was made up: for people, a line each. */
export function statementsOf({
  vm,
  tables,
  guest,
  guestPages,
  isPhysicalOnly,
  hasInvlpgs,
  warm,
  fetches,
}: StatementFacts): readonly string[] {
  const { name } = vm;
  const lines: string[] = [];
  if (isPhysicalOnly)
    lines.push(
      `${name}: the trace has no virtual addresses; each page is taken to be mapped at its own PPN in one address space, so TLB reach and walks are those of that mapping, and page-table work cannot be seen`,
    );
  if (vm.ppns === "synthesised")
    lines.push(
      `${name}: the trace has no guest-physical addresses; PPNs are made up in order of first touch, so nested walks fall on made-up neighbours, and no change of a mapping can be seen`,
    );
  if (vm.order !== "exact")
    lines.push(
      `${name}: the trace is ${vm.order === "windowed" ? "windowed" : "not declared to be in exact order"}; TLB hits are an upper bound (rows fold the accesses of a window), and page-table writes of the user half are not inferred`,
    );
  if (vm.spacesFrom === "unknown" && !isPhysicalOnly)
    lines.push(
      `${name}: the trace has no address spaces; one stands for all, so that context switches do not show, and page-table writes of the user half are not inferred`,
    );
  if (guest.ambiguousChanges > 0)
    lines.push(
      `${name}: ${guest.ambiguousChanges} changes of a user-half mapping may be page-table writes or other address spaces; their TLB entries were dropped, no write was counted`,
    );
  if (guest.writesNotLocated > 0)
    lines.push(
      `${name}: ${guest.writesNotLocated} page-table writes are known to have happened but not where (faults without a new or changed mapping after them); no trap was counted for them`,
    );
  if (guest.cr3LoadsImplied > 0)
    lines.push(
      `${name}: ${guest.cr3LoadsImplied} of ${guest.cr3Loads} CR3 loads are seen only by the rows of another address space after them`,
    );
  if (!hasInvlpgs && guest.invlpgsImplied > 0)
    lines.push(`${name}: the trace has no INVLPG events; one was counted for each of ${guest.invlpgsImplied} changed mappings`);
  if (guestPages !== "trace" && guestPages !== "4k")
    lines.push(
      `${name}: ${guestPages} guest pages are a what-if: the guest's mappings were put into ${guestPages} pages with made-up PPNs`,
    );
  lines.push(
    warm
      ? `${name}: shadow and nested tables start with every mapping that was there from the start; what the trace touches for the first time costs no exit for that`
      : `${name}: shadow and nested tables start empty; in a short trace most hidden faults and EPT violations are first touches, which a warm start leaves out`,
  );
  const tablesSeen = new Set(tables.tableOf).size;
  lines.push(
    `${name}: the PPNs of ${tablesSeen - tables.rootsKnown} of ${tablesSeen} page tables are made up, above the VM's memory${tables.rootsKnown > 0 ? "; those of the roots are in the CR3 loads" : ""}`,
  );
  lines.push(
    `${name}: a mapping first seen without a page fault before it counts as there from the start: the page-table writes that made it are not in the figures, nor are those of fork, exit and munmap that no event shows`,
  );
  if (fetches === 0) lines.push(`${name}: the trace has no instruction fetches; their TLB misses are not in the figures`);
  return lines;
}
