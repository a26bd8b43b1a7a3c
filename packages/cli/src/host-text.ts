import { formatPages, roundTime, type Run } from "@tidemark/data/shapes";
import { hostFindings, hostSentences } from "@tidemark/report/words";
import { table, whole } from "./words.ts";

/** What a host under pressure did, for a terminal: in words, and its states as a table. Empty where memory could not be scarce. */
export function hostText(run: Run): string {
  const findings = hostFindings(run);
  if (findings === undefined) return "";
  const { states, thresholds, spanNs } = findings;
  const rows = states.map(({ state, visits, ns, firstNs }) => [
    state,
    state === "high" ? "–" : formatPages(thresholds[state]),
    roundTime(ns),
    spanNs === 0 ? "–" : ns > 0 && ns < 0.0005 * spanNs ? "< 0.1 %" : `${((100 * ns) / spanNs).toFixed(1)} %`,
    whole(visits),
    Number.isNaN(firstNs) ? "–" : roundTime(firstNs),
  ]);
  const header = ["state of the host", "free below", "time", "of the run", "visits", "first at"];
  return [...hostSentences(run), "", table(header, rows)].join("\n");
}
