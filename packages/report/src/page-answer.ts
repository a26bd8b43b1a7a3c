import type { Run } from "@tidemark/data/shapes";
import { INSTANTS_MAX } from "./bounds.ts";
import { estimators } from "./charts/estimators.ts";
import { comparisonSentences } from "./compare/words.ts";
import { curveSentences } from "./curve/words.ts";
import { estimatorSentences } from "./estimator-words.ts";
import { explainedInstants } from "./explained.ts";
import { html, NOTHING, type Html } from "./html.ts";
import { hasNoLedger } from "./no-ledger.ts";
import { measuredSentences } from "./measured/words.ts";
import { adviceBlock, answerBlock, headed } from "./page-block.ts";
import { ledgerBlock, type Shown } from "./page-ledger.ts";
import { vmTable } from "./page-vms.ts";
import { cutNote } from "./panel.ts";
import { lineLegend } from "./number-line.ts";
import { needSentences } from "./rightsize/words.ts";
import { translationAnswers } from "./translation-sentences.ts";
import { unbroken } from "./unbroken.ts";

/** An explained instant on the page, with its VM's and its own number there. */
export interface ShownInstant {
  readonly vm: number;
  readonly shown: Shown;
}

/** The explained instants that the page has room for. */
export function shownInstants(run: Run, vms: readonly string[]): readonly ShownInstant[] {
  const explained = explainedInstants(run);
  const { windowNs } = run.manifest;
  return vms.flatMap((name, vm) =>
    explained
      .filter((each) => each.vm === name)
      .slice(0, INSTANTS_MAX)
      .map((instant, i) => ({ vm, shown: { instant, windowNs, place: `${vm}-${i}`, since: undefined } })),
  );
}

/** The answer: per VM and explained instant a paragraph and a number line; then how far the estimators are off, how far the replay is from what was measured, what translation costs, how misses fall with memory, how much of it VMs need, and what alternatives save and cost. */
export function answers(run: Run, vms: readonly string[], instants: readonly ShownInstant[]): Html {
  const note = cutNote(run);
  const isShort = vms.length > 1;
  const none = instants.length > 0 || hasNoLedger(run) ? [] : ["No instant was explained in this run; the charts below show it over time."];
  const translation = translationAnswers(run).map(({ text, cost }) => (isShort ? cost : text));
  // Of several VMs their charts tell it.
  const measured = isShort ? [] : measuredSentences(run);
  const others = [...none, ...measured, ...translation, ...curveSentences(run), ...needSentences(run), ...comparisonSentences(run)];
  return html`${instants.map(({ vm, shown }) => block("answer", vm, shown, answerBlock(shown, isShort)))}${isShort ? lineLegend(instants.map(({ shown }) => shown.instant)) : NOTHING}${estimatorAnswer(run)}${otherAnswers(others)}${
    note === "" ? NOTHING : html`<p class="quiet">${note}</p>`
  }`;
}

/** Which "active" is meant, and how far an estimate of it is off. */
function estimatorAnswer(run: Run): Html {
  const [estimated, ...perVm] = hasNoLedger(run) ? [] : estimatorSentences(run);
  if (estimated === undefined) return NOTHING;
  const chart = estimators.panels(run).length === 0 ? NOTHING : html` <a href="#chart-${estimators.name}">Its reports over time</a>.`;
  const missed =
    perVm.length < 2
      ? html`${perVm.map((text) => html`<p>${unbroken(text)}</p> `)}`
      : html`<ul>
          ${perVm.map((text) => html`<li>${unbroken(text)}</li> `)}
        </ul>`;
  return html`<p>${unbroken(estimated)}${chart}</p>
    ${missed} `;
}

const otherAnswers = (texts: readonly string[]): Html =>
  texts.length > 2
    ? html`<ul>
        ${texts.map((text) => html`<li>${unbroken(text)}</li> `)}
      </ul>`
    : html`${texts.map((text) => html`<p class="answer">${unbroken(text)}</p> `)}`;

/** A part of the page that the brush writes anew: of the first instant of a VM for the interval selected; the others are hidden then. */
const block = (part: "answer" | "advice" | "ledger", vm: number, { place }: Shown, content: Html): Html =>
  html`<div data-block="${part}" data-of="${vm}" data-place="${place}">${content}</div> `;

/** Per explained instant of a VM: what could be taken back, or the tables. */
export function panels(part: "advice" | "ledger", instants: readonly ShownInstant[]): Html {
  return html`${instants.map(({ vm, shown }) => {
    const content = (part === "advice" ? adviceBlock : ledgerBlock)(shown);
    return html`<div class="panel" data-vm="${vm}" ${{ html: vm === instants[0]?.vm ? "" : " hidden" }}>
      ${block(part, vm, shown, instants.length > 1 ? headed(shown, content) : content)}
    </div> `;
  })}`;
}

/** Where there are several VMs or instants: one line each. */
export function allInstants(run: Run): Html {
  const explained = explainedInstants(run);
  return explained.length < 2 ? NOTHING : html`<div data-block="vms">${vmTable(explained)}</div>`;
}
