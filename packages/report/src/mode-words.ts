/** Translation modes, causes of its time and reasons of exits in words, for readers who do not know the field's. */
const MODES: ReadonlyMap<string, string> = new Map([
  ["native", "No hypervisor: the hardware walks the guest's own page tables. The baseline; a VM cannot choose it."],
  [
    "shadow",
    "The hypervisor keeps copies of the guest's page tables that lead to machine memory (shadow tables). Page walks are as short as without a hypervisor, but each change of the guest's tables stops the guest (an exit).",
  ],
  ["shadow-lazy", "Shadow tables that may lag behind the guest's until it tells the TLB; fewer changes stop the guest."],
  [
    "nested",
    "The hardware walks the guest's tables and, for each address it finds there, the host's (EPT, NPT). Long walks, but the guest changes its tables without an exit.",
  ],
  ["agile", "Begins each walk in shadow tables and goes on in nested ones below tables that the guest changes often. A research proposal."],
  ["nested-flat", "Nested, but the host's table is one flat array: one reference where there were four. A research proposal."],
]);

export const modeMeaning = (mode: string): string => MODES.get(mode) ?? "";

/** Published ideas that hardware to be had does not offer (docs/translation.md has the papers). */
export const isProposal = (mode: string): boolean => mode === "agile" || mode === "nested-flat";
/** What nobody can choose: a VM is not native. */
export const isBaseline = (mode: string): boolean => mode === "native";

const EXITS: ReadonlyMap<string, string> = new Map([
  ["hidden fault", "hidden faults"],
  ["reflected fault", "reflected faults"],
  ["page-table write", "page-table writes"],
  ["cr3 load", "CR3 loads"],
  ["invlpg", "INVLPGs"],
  ["ept violation", "EPT violations"],
]);

const CAUSES: ReadonlyMap<string, string> = new Map([
  ["second-level TLB", "second-level TLB hits"],
  ["guest or shadow walk", "guest or shadow table walks"],
  ["host walk", "host table walks"],
  ...EXITS,
  ["resync", "resyncs of shadow tables"],
]);

/** Reasons of exits as plurals. */
export const EXIT_WORDS: { readonly [reason: string]: string } = Object.fromEntries(EXITS);

/** Where time goes, or why guests exit, as a plural. */
export const causeWords = (cause: string): string => CAUSES.get(cause) ?? cause;

/** The same in a legend, in which exits are told from the rest. */
export const causeLegend = (cause: string): string => (EXITS.has(cause) ? `exits: ${causeWords(cause)}` : causeWords(cause));

/** Why the hypervisor ran, for readers who do not know the field's words. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ["hidden fault", "An exit because a shadow table lacks an entry that the guest's own table has; the guest never learns of it."],
  ["reflected fault", "An exit because the guest's own table lacks the entry, too: the hypervisor hands the fault on to the guest."],
  ["page-table write", "An exit because the guest wrote a page table that has a shadow."],
  ["cr3 load", "An exit because the guest changed to another address space."],
  ["invlpg", "An exit because the guest told the TLB to forget a page."],
  [
    "ept violation",
    "An exit because the host's table lacks an entry: machine memory has to be put behind the page, or its place written into the table.",
  ],
]);

export const exitMeanings: readonly (readonly [words: string, meaning: string])[] = [...MEANINGS].map(([cause, meaning]) => [
  causeWords(cause),
  meaning,
]);
