import type { Run } from "@tidemark/data/shapes";
import { comparisonSentences } from "./compare/words.ts";
import { curveSentences } from "./curve/words.ts";
import { explainedInstants } from "./explained.ts";
import { estimatorSentences } from "./estimator-words.ts";
import { explanation } from "./explanation.ts";
import { hostSentences } from "./host-sentences.ts";
import { measuredSentences } from "./measured/words.ts";
import { drawnVms } from "./panel.ts";
import { needSentences } from "./rightsize/words.ts";
import { translationAnswers } from "./translation-sentences.ts";

/** The answer: a short paragraph per VM and explained instant, how far the estimators are off, what the host did, then per VM and way of translating it, then per VM and policy, then what memory VMs need, then of alternatives, from the run's tables alone. */
export function sentences(run: Run): readonly string[] {
  const drawn = new Set(drawnVms(run));
  const explained = explainedInstants(run)
    .filter(({ vm }) => drawn.has(vm))
    .map((each) => explanation(each, run.manifest.windowNs));
  return [
    ...explained,
    ...estimatorSentences(run),
    ...hostSentences(run),
    ...measuredSentences(run),
    ...translationAnswers(run).map(({ text }) => text),
    ...curveSentences(run),
    ...needSentences(run),
    ...comparisonSentences(run),
  ];
}
