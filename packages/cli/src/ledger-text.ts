import { estimatorFitTable, formatPages, pickTable, roundTime, rowsOf, type Run } from "@tidemark/data/shapes";
import { explainedInstants, explanation, fitSentence, ownerWords, type Explained } from "@tidemark/report/words";
import { hostText } from "./host-text.ts";
import { differencesText } from "./measured-text.ts";
import { percentText, table, whole } from "./words.ts";

/** Owners printed in the terminal; the run and the page have all of them. */
const OWNERS_SHOWN = 6;

/** The ledger of every VM and instant asked for, and what the host did, for a terminal. */
export function ledgerText(run: Run): string {
  const { windowNs, windowFrom, timeScale, seed, assumed } = run.manifest;
  const facts = `window ${roundTime(windowNs)} (${windowFrom}), time scale ${timeScale}, seed ${seed}`;
  const parts = explainedInstants(run).map((explained) =>
    [explanation(explained, windowNs), "", counters(explained), "", ledger(explained), "", owners(explained)].join("\n"),
  );
  const notes = assumed.length === 0 ? [] : ["", "synthesised or assumed:", ...assumed.map((line) => `  ${line}`)];
  const fits = pickTable(run.tables, estimatorFitTable);
  const fitted = (fits === undefined ? [] : rowsOf(fits)).map(fitSentence).join("\n");
  const others = [hostText(run), differencesText(run), fitted].filter((text) => text !== "");
  return [...[...parts, ...others].flatMap((part) => [part, ""]), facts, ...notes].join("\n");
}

function counters({ vm, asked, counters: c }: Explained): string {
  const unknown = (pages: number): string => (Number.isNaN(pages) ? "not known" : formatPages(pages));
  return table(
    [`${vm} at ${asked}`, "configured", "granted", "consumed", "active reported", "active true", "active write", "guest used"],
    [
      [
        "memory",
        formatPages(c.configured),
        formatPages(c.granted),
        formatPages(c.consumed),
        unknown(c.activeReported),
        formatPages(c.active),
        formatPages(c.activewrite),
        unknown(c.guestUsed),
      ],
      [
        "pages",
        whole(c.configured),
        whole(c.granted),
        whole(c.consumed),
        pages(c.activeReported),
        whole(c.active),
        whole(c.activewrite),
        pages(c.guestUsed),
      ],
    ],
  );
}

const pages = (n: number): string => (Number.isNaN(n) ? "–" : whole(n));

function ledger({ ledger: rows, counters: c, gapPages }: Explained): string {
  const share = (n: number): string => (Number.isNaN(n) ? "–" : percentText(n, 1));
  const body = rows
    .filter((row) => row.class !== "active")
    .map((row) => [
      row.class,
      row.words,
      whole(row.pages),
      row.size,
      share(row.percentOfConsumed),
      pages(row.returns),
      pages(row.notSeenAgain),
    ]);
  body.push(["gap", "consumed − active", whole(gapPages), formatPages(gapPages), share((gapPages / c.consumed) * 100), "", ""]);
  const text = table(["class", "what it is", "pages", "memory", "of consumed", "returns", "not seen again"], body, [0, 1]);
  return `${text}\nallocator state unknown: ${whole(c.allocatorUnknown)} pages; accesses outside memory: ${whole(c.outsideAccesses)}`;
}

function owners({ shares }: Explained): string {
  const byOwner = new Map<string, { gap: number; freed: number; idle: number; slack: number }>();
  for (const share of shares) {
    if (share.class === "active" || share.class === "sharing") continue;
    const sum = byOwner.get(share.owner) ?? { gap: 0, freed: 0, idle: 0, slack: 0 };
    sum.gap += share.pages;
    if (share.class === "freed") sum.freed += share.pages;
    if (share.class === "slack") sum.slack += share.pages;
    if (share.class.startsWith("idle")) sum.idle += share.pages;
    byOwner.set(share.owner, sum);
  }
  if (byOwner.size === 0) return "whose gap: there is none";
  const sorted = [...byOwner].sort(([, a], [, b]) => b.gap - a.gap);
  // Only memory given out in blocks of 2 MB has any.
  const hasSlack = sorted.some(([, { slack }]) => slack > 0);
  const rows = sorted
    .slice(0, OWNERS_SHOWN)
    .map(([owner, sum]) => [
      ownerWords(owner),
      whole(sum.gap),
      formatPages(sum.gap),
      whole(sum.freed),
      whole(sum.idle),
      ...(hasSlack ? [whole(sum.slack)] : []),
    ]);
  const more =
    sorted.length > OWNERS_SHOWN ? `\n(${sorted.length - OWNERS_SHOWN} more owners: in the run's table "ledger", which --run keeps)` : "";
  return table(["whose gap", "pages", "memory", "of it freed", "of it idle", ...(hasSlack ? ["of it slack"] : [])], rows) + more;
}
