import { formatPages, LEDGER_CLASSES, type LedgerClass } from "@tidemark/data/shapes";
import { classMeaning, classWords } from "./class-words.ts";

/** One class of the ledger at an explained instant. Pages; NaN is "not known". */
export interface LedgerRow {
  readonly class: LedgerClass;
  /** The class in words: `freed by the guest, still backed`. */
  readonly words: string;
  readonly meaning: string;
  readonly pages: number;
  /** The same in binary units: `129.2 MiB`. */
  readonly size: string;
  /** 0–100; NaN where nothing is consumed. */
  readonly percentOfConsumed: number;
  readonly returns: number;
  readonly notSeenAgain: number;
}

/** Pages of a class, or a part of them: of an owner, of a kind. */
export interface ClassShare {
  readonly class: string;
  readonly pages: number;
  readonly returns: number;
  readonly notSeenAgain: number;
}

/** Every class in ledger order, active first; the rest sum to the gap. `remainingNs` is the rest of the trace. */
export const ledgerRowsOf = (
  shares: readonly ClassShare[],
  consumedPages: number,
  remainingNs: number,
  windowNs: number,
): readonly LedgerRow[] =>
  LEDGER_CLASSES.map((cls) => {
    const own = shares.filter((share) => share.class === cls);
    const sum = (of: "pages" | "returns" | "notSeenAgain"): number => own.reduce((total, share) => total + share[of], 0);
    const pages = sum("pages");
    const splits = cls.startsWith("idle") && remainingNs >= windowNs;
    return {
      class: cls,
      words: classWords(cls, windowNs),
      meaning: classMeaning(cls),
      pages,
      size: formatPages(pages),
      percentOfConsumed: consumedPages > 0 ? (pages / consumedPages) * 100 : NaN,
      returns: splits ? sum("returns") : NaN,
      notSeenAgain: splits ? sum("notSeenAgain") : NaN,
    };
  });
