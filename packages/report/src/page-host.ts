import { formatPages, type Run } from "@tidemark/data/shapes";
import { hostAnswer } from "./host-sentences.ts";
import { hostFindings, isOfHost, type HostFindings } from "./host/findings.ts";
import type { StateTime } from "./host/states.ts";
import { HOST_STATES, mechanismMeanings, stateMeaning } from "./host/words.ts";
import { html, NOTHING, type Html } from "./html.ts";
import { formatCount, formatShare } from "./memory-unit.ts";
import { paint } from "./paint.ts";
import { STATE_COLOUR } from "./palette.ts";
import { formatInstant, formatSpan } from "./time-unit.ts";
import { unbroken } from "./unbroken.ts";

/** What a host under pressure did: in words, its states as a table, and `figure`. Nothing in a run without one. */
export function hostSection(run: Run, figure: Html): Html {
  const findings = hostFindings(run);
  if (findings === undefined) return NOTHING;
  const answer = hostAnswer(run, findings);
  return html`<section aria-labelledby="host">
      <h2 id="host">What the host did</h2>
      <p class="stays">Not of the selection: this is of the whole run.</p>
      ${answer.host.map((text) => html`<p>${unbroken(text)}</p> `)}
      <ul>
        ${answer.vms.map((text) => html`<li>${unbroken(text)}</li> `)}
      </ul>
      ${stateTable(findings)}
    </section>
    ${figure}`;
}

function stateTable({ states, thresholds, spanNs }: HostFindings): Html {
  const row = ({ state, visits, ns, firstNs }: StateTime): Html => {
    const swatch = STATE_COLOUR.has(state) ? html`<span class="swatch" style="background:${paint(state)}"></span>` : NOTHING;
    return html`<tr>
      <th scope="row" class="class">${swatch}${state}<span class="meaning">${stateMeaning(state)}</span></th>
      <td>${state === "high" ? "–" : formatPages(thresholds[state])}</td>
      <td>${visits === 0 ? "–" : formatSpan(ns)}</td>
      <td>${visits === 0 ? "–" : formatShare(ns, spanNs)}</td>
      <td>${formatCount(visits)}</td>
      <td>${visits === 0 ? "–" : formatInstant(firstNs)}</td>
    </tr> `;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="States of the host">
    <table>
      <caption>
        States of the host: how scarce memory was, from enough to hardly any, exact to the instant of every change
      </caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Free memory below</th>
          <th scope="col">Time</th>
          <th scope="col">Of the run</th>
          <th scope="col">Visits</th>
          <th scope="col">First at</th>
        </tr>
      </thead>
      <tbody>
        ${states.map(row)}
      </tbody>
    </table>
  </div>`;
}

/** What the trace was replayed on, for the page's method. */
export const hostMethod = (run: Run): Html =>
  !isOfHost(run)
    ? html`<p>
        The trace was replayed through the memory system of a host that is short of nothing. A guest-physical page is backed by machine
        memory at its first touch and stays backed: nothing tells the host that the guest has freed it. Consumed memory is therefore the
        high-water mark of what the guest ever touched.
      </p> `
    : html`<p>
        The traces were replayed through the memory system of a host that has less memory than its VMs may want. A guest-physical page is
        backed by machine memory at its first touch; when free memory falls below the host's thresholds it is taken back, by balloons, page
        sharing, compression and swap, from the VMs that the host's allocation names. Every decision and its reason is in the run's table
        actions.
      </p> `;

/** The words of a host under pressure, as pairs for the page's glossary. */
export const hostTerms = (run: Run): readonly (readonly [term: string, meaning: string])[] =>
  !isOfHost(run) ? [] : [...mechanismMeanings, ...HOST_STATES.map((state) => [`state ${state}`, stateMeaning(state)] as const)];
