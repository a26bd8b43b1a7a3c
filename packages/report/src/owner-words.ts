import { vmLabel } from "./vm-label.ts";

/** An owner of memory as people read it. The table's `kernel` has the rest: what no event and no touch says to be of another. */
export const ownerWords = (owner: string): string => (owner === "kernel" ? "kernel (rest)" : owner);

/** The same where there is little room. */
export const ownerLabel = (owner: string): string => vmLabel(ownerWords(owner));
