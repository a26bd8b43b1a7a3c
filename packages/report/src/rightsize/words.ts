import { formatPages, type Run } from "@tidemark/data/shapes";
import { formatPageCount, formatShare } from "../memory-unit.ts";
import { formatDuration, formatSpan } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";
import { vmNeeds, type OracleRow, type SizeRow, type VmNeed } from "./facts.ts";

/** What a size comes from: "working set of 1 min, largest". */
export function basisWords({ basis, window, extra }: Pick<SizeRow, "basis" | "window" | "extra">): string {
  switch (basis) {
    case "touched":
      return "all that is ever touched";
    case "working set max":
      return `working set of ${formatDuration(window)}, largest`;
    case "working set mean":
      return `working set of ${formatDuration(window)}, mean`;
    case "reported max":
      return `active reported, largest`;
    case "reported mean":
      return `active reported, mean`;
    case "no page-ins":
      return "LRU without page-ins";
    case "enough":
      return `LRU, misses + ${extra} %`;
    case "knee":
      return "knee of LRU";
    case "live max":
      return "enough if the future is known";
    default:
      return basis;
  }
}

/** What the VM would have waited at that size: "1.2 s (0.1 % of the time)". */
export const stallWords = ({ stall }: Pick<SizeRow, "stall">, spanNs: number): string =>
  stall === 0 ? "0" : `${formatSpan(stall)} (${formatShare(stall, spanNs)})`;

/** The answer, a paragraph per VM: what it works on, what reported active memory would have cost as its size, what the best policy could save. */
export const needSentences = ({ manifest, tables }: Run): readonly string[] => {
  const { windowNs, originNs, endNs } = manifest;
  return vmNeeds({ tables }).map((need) =>
    [usesSentence(need, windowNs), priceSentence(need, endNs - originNs), oracleSentence(need)].filter((text) => text !== "").join(" "),
  );
};

const sizeOf = ({ sizes }: VmNeed, basis: SizeRow["basis"], windowNs?: number): SizeRow | undefined =>
  sizes.find((row) => row.basis === basis && (windowNs === undefined || row.window === windowNs));

function usesSentence(need: VmNeed, windowNs: number): string {
  const touched = sizeOf(need, "touched");
  if (touched === undefined) return "";
  const head = `${vmLabel(need.vm)} touches ${formatPages(touched.pages)} (${formatPageCount(touched.pages)}) in all`;
  const set = need.sets.find((row) => row.op === "all" && row.window === windowNs);
  if (set === undefined) return `${head}.`;
  return `${head}; in a window of ${formatDuration(windowNs)} it touches ${formatPages(set.mean)} on average and ${formatPages(set.max)} at most.`;
}

/** What the size that a reader of reported active memory would choose costs, and what the smallest cheap one is. */
function priceSentence(need: VmNeed, spanNs: number): string {
  const reported = sizeOf(need, "reported max");
  const enough = sizeOf(need, "enough");
  const parts = [
    ...(reported === undefined
      ? []
      : [`with the ${formatPages(reported.pages)} that are reported active at most it would have ${priceWords(reported, spanNs)}`]),
    ...(enough === undefined
      ? []
      : [
          `with ${formatPages(enough.pages)}, where LRU misses at most ${enough.extra} % more than with memory for all, it would have ${priceWords(enough, spanNs)}`,
        ]),
  ];
  const [first = ""] = parts;
  return first === ""
    ? ""
    : `${first.slice(0, 1).toUpperCase()}${first.slice(1)}${parts
        .slice(1)
        .map((part) => `; ${part}`)
        .join("")}.`;
}

const priceWords = (row: SizeRow, spanNs: number): string =>
  row.pageIns === 0 ? "read no page again" : `read ${formatPageCount(row.pageIns)} again and waited ${stallWords(row, spanNs)}`;

function oracleSentence({ oracle }: VmNeed): string {
  const [free, ...paid] = oracle;
  const dearest = paid.at(-1);
  if (free === undefined || !(free.consumed > 0)) return "";
  const least = free.stall === 0 ? "without any page-in" : stallAllowed(free);
  const more = dearest === undefined ? "" : `, and ${formatShare(dearest.saved, dearest.consumed)} ${stallAllowed(dearest)}`;
  const sizesWords =
    ` Given one size all the time, ${formatPages(free.size)} (${formatPageCount(free.size)}) would have done ${least}` +
    `${dearest === undefined ? "" : `, ${formatPages(dearest.size)} (${formatPageCount(dearest.size)}) ${stallAllowed(dearest)}`}.`;
  return `Had the future been known, ${formatShare(free.saved, free.consumed)} of the ${formatPages(free.consumed)} that it holds on average if nothing is taken could have been free ${least}${more}: no policy that only takes pages and reads them again saves more.${sizesWords}`;
}

const stallAllowed = ({ stall, pageIns }: OracleRow): string =>
  `for ${formatSpan(stall)} of stall (${formatPageCount(pageIns)} read again)`;
