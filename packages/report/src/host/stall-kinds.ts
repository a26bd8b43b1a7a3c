import { GREY, STALL_COLOUR } from "../palette.ts";

/** What VMs wait for, as charts show it: causes that are one thing to the reader are one. */
export interface StallKind {
  readonly words: string;
  readonly colour: string;
  /** As the table `stalls` names them. */
  readonly causes: readonly string[];
}

const STALL_KINDS: readonly StallKind[] = [
  { words: "first touch of new memory", colour: STALL_COLOUR.newMemory, causes: ["first touch", "zeroing"] },
  { words: "copies of shared pages", colour: STALL_COLOUR.sharing, causes: ["copy on write"] },
  { words: "the guest's own paging", colour: STALL_COLOUR.balloon, causes: ["guest swap-in", "guest swap-out"] },
  { words: "double paging", colour: STALL_COLOUR.doublePaging, causes: ["double paging"] },
  { words: "decompression", colour: STALL_COLOUR.zip, causes: ["decompression"] },
  { words: "swap-in", colour: STALL_COLOUR.swap, causes: ["swap-in"] },
  { words: "being blocked", colour: STALL_COLOUR.blocked, causes: ["blocked"] },
  { words: "breaking large pages", colour: STALL_COLOUR.largeBreak, causes: ["large page break"] },
];

/** Causes as the legend calls what is waited for, with their own name where that is several. */
export const STALL_WORDS: { readonly [cause: string]: string } = Object.fromEntries(
  STALL_KINDS.flatMap(({ words, causes }) => causes.map((cause) => [cause, causes.length === 1 ? words : `${words} (${cause})`])),
);

/** Waiting by kind, in the order of the legend. Causes that are not known are kinds of their own. */
export function byKind(
  stalls: readonly { readonly cause: string; readonly ns: number }[],
): readonly { readonly kind: StallKind; readonly ns: number }[] {
  const known = new Set(STALL_KINDS.flatMap(({ causes }) => causes));
  const others = [...new Set(stalls.map(({ cause }) => cause))].filter((cause) => !known.has(cause));
  const kinds = [...STALL_KINDS, ...others.map((cause): StallKind => ({ words: cause, colour: GREY, causes: [cause] }))];
  return kinds.map((kind) => ({
    kind,
    ns: stalls.reduce((sum, { cause, ns }) => sum + (kind.causes.includes(cause) ? ns : 0), 0),
  }));
}
