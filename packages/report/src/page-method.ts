import { estimatesTable, formatPages, LEDGER_CLASSES, pickTable, roundTime, type Run } from "@tidemark/data/shapes";
import { classMeaning, classWords } from "./class-words.ts";
import { comparisonIn, isOnlyOfCases } from "./compare/facts.ts";
import { caseLabel } from "./compare/words.ts";
import { isOnlyOfCurves } from "./curve/words.ts";
import { explainedInstants } from "./explained.ts";
import { html, NOTHING, type Html } from "./html.ts";
import { formatCount } from "./memory-unit.ts";
import { hasNoLedger } from "./no-ledger.ts";
import { kindMethods, kindTerms } from "./page-kinds.ts";
import { hostMethod, hostTerms } from "./page-host.ts";
import { isOnlyOfNeeds } from "./rightsize/facts.ts";
import { translationFacts, translationMethods, translationTerms } from "./page-translation.ts";
import { sourceNotes } from "./source-notes.ts";
import { formatDuration, formatInstant } from "./time-unit.ts";
import { isOnlyOfTranslation } from "./translated-as.ts";
import { unbroken } from "./unbroken.ts";
import { vmLabel } from "./vm-label.ts";

/** Entries of a list from the data, at most. */
const LIST_MAX = 24;
/** Letters of an entry. */
const ENTRY_LENGTH_MAX = 600;
/** Letters of a trace's name, which may be the names of its files. */
const TRACE_LENGTH_MAX = 300;

const bounded = (entries: readonly string[]): readonly string[] =>
  entries.length <= LIST_MAX ? entries : [...entries.slice(0, LIST_MAX), `and ${entries.length - LIST_MAX} more, in run.json`];

const list = (entries: readonly string[]): Html =>
  html`<ul>
    ${bounded(entries).map((entry) => html`<li>${vmLabel(entry, ENTRY_LENGTH_MAX)}</li> `)}
  </ul>`;

/** What was run on what. */
export function facts(run: Run): Html {
  const { manifest } = run;
  const { originNs, endNs, windowNs, windowFrom, sampleNs, timeScale, seed, traces, vms, instants, scenario } = manifest;
  const entry = (name: string, value: string | Html): Html =>
    html`<dt>${name}</dt>
      <dd>${typeof value === "string" ? unbroken(value) : value}</dd> `;
  const asked = [
    ...new Set(
      instants.map(({ asked: each, timeNs }) =>
        each.replaceAll(" ", "") === roundTime(timeNs).replaceAll(" ", "") ? each : `${each}: ${formatInstant(timeNs)}`,
      ),
    ),
  ];
  const names = bounded(traces.map(({ name }) => vmLabel(name, TRACE_LENGTH_MAX))).join(", ");
  const sizes = bounded(
    vms.map(({ name, configuredPages, configuredFrom, backing }) => {
      const assumed = configuredFrom === "assumed" ? " (assumed)" : "";
      return `${vmLabel(name)}: ${formatPages(configuredPages)}${assumed}, backed in ${backing === "2m" ? "2 MB blocks" : "4 KB pages"}`;
    }),
  ).join("; ");
  const isDilated = scenario["clock"] === "dilated";
  const clock = isDilated ? "on the host's clock; what a VM waits delays all that it does later" : "on the trace's own clock";
  const [first, last] = [formatInstant(originNs), formatInstant(endNs)];
  const span = `${vms.some(({ rows }) => rows > 0) ? `from the first access, at ${first}, to the last, at ${last}` : `${first} to ${last}`}, ${clock}`;
  const translation = translationFacts(run);
  const translated = translation === "" ? NOTHING : entry("Translation", translation);
  const measured = bounded((manifest.measured ?? []).map(({ name, format }) => `${vmLabel(name, TRACE_LENGTH_MAX)} (${format})`)).join(
    ", ",
  );
  const given = measured === "" ? NOTHING : entry("Measured beside it", measured);
  const opening = html`${entry(traces.length === 1 ? "Trace" : "Traces", names)}${given}${entry(vms.length === 1 ? "VM" : "VMs", sizes)}`;
  // Curves have neither samples nor a window; translation has no chance besides.
  if (isOnlyOfCurves(run)) return html`<dl class="facts">${opening}${entry("Span", span)}${entry("Seed", String(seed))}</dl>`;
  if (isOnlyOfNeeds(run))
    return html`<dl class="facts">
      ${opening}${entry("Span", span)}${entry("Window of active memory", `${formatDuration(windowNs)} (${windowFrom})`)}${entry("Seed", String(seed))}
    </dl>`;
  const comparison = isOnlyOfCases(run) ? comparisonIn(run) : undefined;
  if (comparison !== undefined)
    return html`<dl class="facts">
      ${opening}${entry("Span", span)}${entry("Cases", formatCount(comparison.cases.length))}${entry("Baseline", caseLabel(comparison.baseline.case))}${entry("Seed", String(seed))}
    </dl>`;
  if (isOnlyOfTranslation(run)) return html`<dl class="facts">${opening}${entry("Span", span)}${translated}</dl>`;
  return html`<dl class="facts">
    ${opening}${entry("Span", `${span}, sampled every ${formatDuration(sampleNs)}`)}${entry("Window", `${formatDuration(windowNs)} (${windowFrom})`)}${instants.length === 0 ? NOTHING : entry("Explained", bounded(asked).join(", "))}${entry("Time scale", timeScale === 1 ? "1: hypervisor periods are real seconds of the trace" : `${timeScale} hypervisor seconds per second of the trace`)}${entry("Seed", String(seed))}${translated}
  </dl>`;
}

/** What the traces lack, what was left out of them, what was made up, and what was assumed. */
export function limits(run: Run): Html {
  const { vms, assumed } = run.manifest;
  const said = [...assumed];
  for (const { name, outsideMemoryAccesses, ppns } of vms) {
    if (ppns === "synthesised")
      said.push(
        `${vmLabel(name)}: the trace has no guest-physical addresses; pages were numbered in order of first touch, so only the number of pages means something, not which they are`,
      );
    if (outsideMemoryAccesses > 0)
      said.push(`${vmLabel(name)}: ${formatCount(outsideMemoryAccesses)} accesses lie at or beyond the configured size and take no part`);
  }
  const unknown = new Map<string, number>();
  for (const { vm, counters } of explainedInstants(run)) unknown.set(vm, Math.max(unknown.get(vm) ?? 0, counters.allocatorUnknown));
  for (const [vm, pages] of unknown) {
    if (pages > 0)
      said.push(
        `${vmLabel(vm)}: ${formatCount(pages)} resident pages have no alloc or free event in the trace; whether the guest has freed them is not known`,
      );
  }
  said.push(...sourceNotes(run.manifest));
  return html`<section aria-labelledby="limits">
    <h2 id="limits">What this trace cannot say</h2>
    ${said.length === 0 ? html`<p>Nothing had to be made up or assumed.</p>` : list([...new Set(said)])}
  </section>`;
}

/** How the numbers come about. */
export function methods(run: Run): Html {
  const { manifest } = run;
  const files = [...manifest.traces.flatMap(({ sources }) => sources), ...(manifest.measured ?? [])];
  const sources = bounded(files.map(({ name, sha256 }) => `${name}, sha256 ${sha256}`));
  return html`<section aria-labelledby="method">
    <h2 id="method">How these numbers come about</h2>
    ${hasNoLedger(run) ? NOTHING : ledgerMethods(run)}${translationMethods(run)}${kindMethods(run).map((text) => html`<p>${text}</p> `)}
    <details>
      <summary>Source files</summary>
      ${list(sources)}
    </details>
  </section>`;
}

function ledgerMethods(run: Run): Html {
  const { manifest, tables } = run;
  const estimates = pickTable(tables, estimatesTable);
  const reporting = estimates?.columns.estimator[0];
  return html`${hostMethod(run)}
    <p>
      Active memory is counted, not estimated: the resident pages touched in the last ${formatDuration(manifest.windowNs)}.
      ${
        reporting === undefined
          ? ""
          : `What a hypervisor would report as active comes from the estimator ${reporting} and stands beside it.`
      }
    </p>
    <p>
      One MiB is 256 pages of 4 KB. Every resident page is in exactly one class of the ledger, and the classes sum to consumed less active,
      to the page.
    </p> `;
}

/** The terms of what the run has, in words. */
export function glossary(run: Run): Html {
  const { windowNs } = run.manifest;
  const entry = (term: string, meaning: string): Html =>
    html`<dt>${term}</dt>
      <dd>${meaning}</dd> `;
  const ledger = hasNoLedger(run)
    ? NOTHING
    : html`${entry("configured", "The memory size the VM was given; the guest sees this much.")}${entry("granted", "Guest-physical memory that has machine memory behind it.")}${entry("consumed", "Machine memory charged to the VM: granted, less what page sharing saves. The hypervisor's own overhead is not in it.")}${entry("gap", "Consumed less active: what this report explains.")}${LEDGER_CLASSES.map((cls) => entry(classWords(cls, windowNs), classMeaning(cls)))}`;
  return html`<section aria-labelledby="glossary">
    <h2 id="glossary">Words</h2>
    <dl class="glossary">
      ${ledger}${[...hostTerms(run), ...translationTerms(run), ...kindTerms(run)].map(([term, meaning]) => entry(term, meaning))}
    </dl>
  </section>`;
}
