import { adviceOn, sureness } from "./advice.ts";
import { explanationText, gapText } from "./explanation.ts";
import { html, NOTHING, type Html } from "./html.ts";
import { changeText, intervalText } from "./interval-text.ts";
import { lineLegend, numberLine } from "./number-line.ts";
import { linkedHtml } from "./page-figures.ts";
import type { Shown } from "./page-ledger.ts";
import { formatInstant } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";
import { spaced } from "./linked-text.ts";

/** The answer: what is said of an instant or interval, and its number line. In short where there are several VMs. */
export function answerBlock({ instant, windowNs, place, since }: Shown, isShort: boolean): Html {
  const text = isShort
    ? spaced([since === undefined ? [] : changeText(since.instant, instant), gapText(instant, windowNs)])
    : since === undefined
      ? explanationText(instant, windowNs)
      : intervalText(since.instant, instant, windowNs);
  return html`<p class="answer">${linkedHtml(text, place)}</p>
    ${instant.isOff ? NOTHING : numberLine(instant)}${instant.isOff || isShort ? NOTHING : lineLegend([instant])}`;
}

/** What could be taken back, with evidence and caveat, and how sure all this is. */
export function adviceBlock({ instant, windowNs, place }: Shown): Html {
  const advice = adviceOn(instant, windowNs);
  const sure = sureness(instant);
  const listed = advice.map(
    (each) =>
      html`<li>
        <p><strong>${linkedHtml(each.advice, place)}</strong></p>
        <p><span class="why">Evidence.</span> ${linkedHtml(each.evidence, place)}</p>
        <p><span class="why">But.</span> ${linkedHtml(each.caveat, place)}</p>
      </li> `,
  );
  return html`${
    advice.length === 0
      ? html`<p>Nothing: all that is consumed was in use within the window.</p>`
      : html`<ol class="advice">
          ${listed}
        </ol>`
  }
  ${sure.length === 0 ? NOTHING : html`<p><span class="why">How sure is this?</span> ${linkedHtml(sure, place)} <a href="#limits">What this trace cannot say</a>.</p>`}`;
}

/** A part under the name of its VM and instant, where there are several. */
export const headed = ({ instant: { vm, counters } }: Shown, content: Html): Html =>
  html`<h3>${vmLabel(vm)} at ${formatInstant(counters.time)}</h3>
    ${content}`;
