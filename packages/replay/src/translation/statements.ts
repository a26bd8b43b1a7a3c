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
  /** Some mode has tables of the hypervisor's. */
  readonly hasHost: boolean;
  readonly warm: boolean;
  readonly fetches: number;
}

/** What the figures of a VM cannot say, and what in them was made up: for people, a line each. */
export function statementsOf(facts: StatementFacts): readonly string[] {
  const { vm, guestPages } = facts;
  // What depends on the size of the guest's pages says which it speaks of, for several may stand side by side.
  const sized = guestPages === "trace" ? vm.name : `${vm.name} with ${guestPages} guest pages`;
  return [
    ...ofTheTrace(facts).map((line) => `${vm.name}: ${line}`),
    ...ofTheGuest(facts).map((line) => `${sized}: ${line}`),
    ...ofTheStart(facts).map((line) => `${vm.name}: ${line}`),
  ];
}

/** What the trace lacks: what can be replayed all the same, and what cannot. */
function ofTheTrace({ vm, guest, isPhysicalOnly, hasHost, fetches }: StatementFacts): readonly string[] {
  const lines: string[] = [];
  if (isPhysicalOnly)
    lines.push(
      "the trace has no virtual addresses, or none that differ from the guest-physical ones; each page is taken to be mapped at its own PPN in one address space. EPT violations hold; TLB misses and walks are those of that mapping, not the guest's; what the guest does to its tables, and so most exits of shadow paging, cannot be seen",
    );
  if (vm.ppns === "synthesised")
    lines.push(
      "the trace has no guest-physical addresses; PPNs are made up in order of first touch. TLB misses, native and shadow walks hold; nested walks fall on made-up neighbours, no two pages share a PPN, and no change of a mapping can be seen",
    );
  if (vm.order !== "exact")
    lines.push(
      `the trace is ${vm.order === "windowed" ? "windowed" : "not declared to be in exact order (if it is: ingest it with --order exact)"}; TLB hits are an upper bound, walks a lower one (a row folds the accesses of a window and is looked up once), and page-table writes of the user half are not inferred. Exits at the first touch of a page hold`,
    );
  if (vm.spacesFrom === "unknown" && !isPhysicalOnly)
    lines.push(
      `the trace has no address spaces; one stands for all: equal addresses of two processes count as one mapping, ${guest.cr3Loads === 0 ? "context switches do not show" : `only the ${guest.cr3Loads} CR3 loads of its events show context switches`}, and page-table writes of the user half are not inferred`,
    );
  if (guest.faults === 0 && !isPhysicalOnly)
    lines.push(
      `the trace has no page-fault events; the guest's faults, and the page-table writes that they end in, are not in the figures${hasHost ? ": shadow paging looks cheaper than it is where there were any" : ""}`,
    );
  if (guest.outsideMemory > 0)
    lines.push(`accesses at or beyond the configured memory, and in no figure: ${guest.outsideMemory}; a larger size would take them in`);
  if (fetches === 0)
    lines.push("no row is an instruction fetch; their TLB misses are not in the figures, unless the capture took fetches for reads");
  return lines;
}

/** What was made up of the guest's tables, and what is known of its work on them without its place. */
function ofTheGuest({ tables, guest, guestPages, hasInvlpgs }: StatementFacts): readonly string[] {
  const lines: string[] = [];
  if (guestPages === "2m" || guestPages === "1g") {
    const faults =
      guest.faults === 0
        ? ""
        : `; its ${guest.faults} page faults are still those of the guest as captured, which had to map smaller pages: with larger ones it would have had fewer, and shadow paging fewer exits`;
    lines.push(`a what-if: the guest's mappings were put into ${guestPages} pages with made-up PPNs${faults}`);
  }
  if (guest.ambiguousChanges > 0)
    lines.push(
      `${guest.ambiguousChanges} changes of a user-half mapping may be page-table writes or other address spaces; their TLB entries were dropped, no write was counted`,
    );
  if (guest.writesNotLocated > 0)
    lines.push(
      `${guest.writesNotLocated} page-table writes are known to have happened but not where (faults without a new or changed mapping after them); no trap was counted for them`,
    );
  if (guest.cr3LoadsImplied > 0)
    lines.push(`${guest.cr3LoadsImplied} of ${guest.cr3Loads} CR3 loads are seen only by the rows of another address space after them`);
  if (!hasInvlpgs && guest.invlpgsImplied > 0)
    lines.push(`the trace has no INVLPG events; one was counted for each of ${guest.invlpgsImplied} changed mappings`);
  const guestTables = countTables(tables);
  lines.push(
    `the PPNs of ${guestTables - tables.rootsKnown} of ${guestTables} page tables are made up, above the VM's memory${tables.rootsKnown > 0 ? "; those of the roots are in the CR3 loads" : ""}`,
  );
  return lines;
}

function ofTheStart({ warm, isPhysicalOnly, hasHost }: StatementFacts): readonly string[] {
  const lines: string[] = [];
  if (hasHost)
    lines.push(
      warm
        ? "shadow and nested tables start with every mapping that was there from the start; what the trace touches for the first time costs no exit for that"
        : "shadow and nested tables start empty; in a short trace most hidden faults and EPT violations are first touches, which a warm start leaves out",
    );
  if (!isPhysicalOnly)
    lines.push(
      "a mapping first seen without a page fault before it counts as there from the start: the page-table writes that made it are not in the figures, nor are those of fork, exit and munmap that no event shows",
    );
  return lines;
}

/** Tables of the guest: those on the paths to its leaf entries. Shadow tables below them, where the host's pages are smaller, are not the guest's. */
function countTables({ leafNodeOf, parentOf, tableOf }: GuestTables): number {
  const isSeen = new Uint8Array(tableOf.length);
  const isCounted = new Uint8Array(tableOf.length);
  for (const leaf of leafNodeOf) {
    for (let node = leaf; node !== -1 && isSeen[node] === 0; node = parentOf[node]) {
      isSeen[node] = 1;
      isCounted[tableOf[node]] = 1;
    }
  }
  return isCounted.reduce((sum, one) => sum + one, 0);
}
