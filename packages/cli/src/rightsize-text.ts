import { formatPages, type Run } from "@tidemark/data/shapes";
import { basisWords, formatDuration, formatSpan, needSentences, stallWords, vmNeeds, type VmNeed } from "@tidemark/report/words";
import { table, whole } from "./words.ts";

/** What `rightsize` prints for people: per VM working sets, sizes with their price, the oracle's bound, and what it comes to. */
export function rightsizeText(run: Run): string {
  const { originNs, endNs, assumed } = run.manifest;
  const said = needSentences(run);
  const parts = vmNeeds(run).map((need, n) =>
    [setsText(need, endNs - originNs), sizesText(need, endNs - originNs), oracleText(need), said[n]].join("\n\n"),
  );
  const notes = assumed.map((each) => `note: ${each}`).join("\n");
  return [...parts, ...(notes === "" ? [] : [notes])].join("\n\n");
}

function setsText({ vm, sets }: VmNeed, spanNs: number): string {
  const windows = [...new Set(sets.map(({ window }) => window))];
  const at = (windowNs: number, op: string) => sets.find((row) => row.window === windowNs && row.op === op);
  const rows = windows.map((windowNs) => [
    windowNs === spanNs ? "whole trace" : formatDuration(windowNs),
    ...["all", "reads", "writes"].flatMap((op) => {
      const row = at(windowNs, op);
      return [formatPages(row?.mean ?? NaN), formatPages(row?.max ?? NaN)];
    }),
  ]);
  return `${vm}: working sets\n${table(["window", "mean", "max", "reads, mean", "max", "writes, mean", "max"], rows)}`;
}

function sizesText({ vm, sizes }: VmNeed, spanNs: number): string {
  const rows = sizes.map((row) => [
    basisWords(row),
    whole(row.pages),
    formatPages(row.pages),
    whole(row.misses),
    whole(row.pageIns),
    stallWords(row, spanNs),
    whole(row.bound),
  ]);
  const cost = formatSpan(sizes[0]?.pageIn ?? NaN);
  return `${vm}: sizes, and what each would have cost under LRU, at ${cost} a page-in; the bound: page-ins if the future is known\n${table(["size", "pages", "memory", "misses", "page-ins", "stall (of the time)", "bound"], rows)}`;
}

function oracleText({ vm, oracle }: VmNeed): string {
  const rows = oracle.map(({ stall, pageIns, held, saved, size }) => [
    stall === 0 ? "0" : formatSpan(stall),
    whole(pageIns),
    formatPages(held),
    formatPages(saved),
    formatPages(size),
  ]);
  return `${vm}: the least memory if the future is known: held on average, and of one size all the time\n${table(["stall", "page-ins", "held", "saved", "one size"], rows, [])}`;
}
