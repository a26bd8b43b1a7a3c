import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { formatPages, hostTable, pickTable, type Run } from "@tidemark/data/shapes";
import { charts } from "./charts.ts";
import { hostState } from "./charts/host-state.ts";
import { comparisonIn, isOnlyOfCases } from "./compare/facts.ts";
import { caseTable } from "./compare/page-cases.ts";
import { isOnlyOfCurves } from "./curve/words.ts";
import { explainedInstants } from "./explained.ts";
import { headline } from "./headline.ts";
import type { HouseTheme } from "./house-theme.ts";
import { html, NOTHING, type Html } from "./html.ts";
import { hasNoLedger } from "./no-ledger.ts";
import { allInstants, answers, panels, shownInstants, type ShownInstant } from "./page-answer.ts";
import { controls } from "./page-controls.ts";
import { hostSection } from "./page-host.ts";
import { markerSection } from "./page-markers.ts";
import { facts, glossary, limits, methods } from "./page-method.ts";
import { drawCharts, payloadOf, type DrawnChart } from "./page-payload.ts";
import { openingLook, pageStyle } from "./page-theme.ts";
import { drawnVms } from "./panel.ts";
import { vmSamples } from "./samples.ts";
import { isOnlyOfNeeds } from "./rightsize/facts.ts";
import { sizeTables } from "./rightsize/page-sizes.ts";
import { isOnlyOfTranslation } from "./translated-as.ts";
import { unbroken } from "./unbroken.ts";
import { vmLabel } from "./vm-label.ts";

const asset = (name: string): string => readFileSync(new URL(`../page/${name}`, import.meta.url), "utf8");
/** Vega's browser build lies beside its module entry. */
const vegaScript = (): string => readFileSync(join(dirname(createRequire(import.meta.url).resolve("vega")), "vega.min.js"), "utf8");

/** JavaScript as the content of a script element: no `</script` and no `<!--` in it. Both can only stand in its strings and patterns. */
const inScript = (code: string): Html => ({ html: code.replaceAll(/<\/(?=script)/gi, "<\\/").replaceAll("<!--", "\\x3c!--") });

/** Nothing may be fetched, whatever the page holds. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'";

/** The run as one HTML file that needs nothing else: answer, ledger, charts, method; in a house's fonts and colours if there is a theme. Equal runs give equal bytes. */
export function renderPage(run: Run, theme?: HouseTheme): string {
  const drawn = drawCharts(charts, run, theme);
  const vms = drawnVms(run);
  const title = titleOf(run);
  const instants = shownInstants(run, vms);
  const samples = hasNoLedger(run) ? [] : vms.map((vm) => vmSamples(run, vm)).filter(({ timesNs }) => timesNs.length > 1);
  const figures = drawn.map((each, c) => ({ name: each.chart.name, html: figure(each, c, run, vms).html }));
  const scarcity = figures.find(({ name }) => name === hostState.name) ?? NOTHING;
  const [opening = NOTHING, ...evidence] = figures.filter((each) => each !== scarcity);
  const page = html`<!doctype html>
    <html lang="en"${openingLook(theme)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${{ html: POLICY }}" />
        <meta name="generator" content="${run.manifest.tool}" />
        <title>${title}</title>
        <style>
          ${{ html: asset("page.css") }} ${{ html: pageStyle(theme) }}
        </style>
      </head>
      <body>
        <header>
          <button class="theme" type="button" hidden>Light / dark</button>
          <h1${{ html: isOfInstant(run, title) ? ` data-block="headline" data-of="0" data-place="0-0"` : "" }}>${unbroken(title)}</h1>
        </header>
        <main>
          <section aria-labelledby="answer">
            <h2 id="answer">The answer</h2>
            ${answers(run, vms, instants)}
          </section>
          ${isOnlyOfCases(run) ? NOTHING : controls(vms, samples)} ${allInstants(run)} ${sizeTables(run, vms)} ${caseTable(run)}
          ${hostSection(run, scarcity)} ${opening} ${ledgerSections(instants)}
          <noscript
            ><p><strong>The charts need JavaScript; the text and the tables do not.</strong></p></noscript
          >
          ${evidence} ${markerSection(run)} ${limits(run)} ${runSection(run)} ${methods(run)} ${glossary(run)}
        </main>
        <footer>Made by ${run.manifest.tool}. The page is whole: it loads nothing and sends nothing.</footer>
        <script type="application/octet-stream" id="charts">
          ${payloadOf(drawn, run, samples, theme)}
        </script>
        <script>
          ${inScript(vegaScript())};
        </script>
        <script type="module">
          ${inScript(asset("page.js"))};
        </script>
      </body>
    </html> `;
  return page.html;
}

/** What could be taken back, and the tables that everything above is read from. */
const ledgerSections = (instants: readonly ShownInstant[]): Html =>
  instants.length === 0
    ? NOTHING
    : html`<section aria-labelledby="advice">
          <h2 id="advice">What could be taken back, and how sure is that?</h2>
          ${panels("advice", instants)}
        </section>
        <section aria-labelledby="ledger">
          <h2 id="ledger">The ledger: does it add up?</h2>
          ${panels("ledger", instants)}
        </section>`;

const runSection = (run: Run): Html =>
  html`<section aria-labelledby="run">
    <h2 id="run">What was run</h2>
    ${facts(run)}
  </section>`;

function titleOf(run: Run): string {
  const explained = explainedInstants(run);
  const { vms } = run.manifest;
  const [only] = explained;
  const [vm] = vms;
  const isOfOne = vms.length === 1 && vm !== undefined;
  if (isOnlyOfTranslation(run)) return `What address translation costs ${isOfOne ? vmLabel(vm.name) : `${vms.length} VMs`}`;
  if (isOnlyOfCurves(run))
    return isOfOne ? `How small ${vmLabel(vm.name)} can be before it hurts` : `How small ${vms.length} VMs can be before it hurts`;
  if (isOnlyOfNeeds(run)) return `How much memory ${isOfOne ? `${vmLabel(vm.name)} needs` : `${vms.length} VMs need`}`;
  const cases = comparisonIn(run)?.cases.length;
  if (isOnlyOfCases(run) && cases !== undefined)
    return `What ${cases - 1} ${cases === 2 ? "alternative saves and costs" : "alternatives save and cost"}`;
  const [machinePages] = pickTable(run.tables, hostTable)?.columns.machine ?? [];
  if (machinePages !== undefined) {
    const host = `a host of ${formatPages(machinePages)}`;
    return isOfOne ? `What ${host} left to ${vmLabel(vm.name)}` : `How ${host} divided its memory among ${vms.length} VMs`;
  }
  if (!isOfOne) return `Why ${vms.length} VMs consume more memory than they touch`;
  if (explained.length !== 1 || only === undefined) return `Why ${vmLabel(vm.name)} consumes more memory than it touches`;
  return headline(only);
}

/** Whether the title is of the explained instant alone, and so follows what is selected. */
const isOfInstant = (run: Run, title: string): boolean => explainedInstants(run).some((instant) => headline(instant) === title);

function figure({ chart, panels, numbers }: DrawnChart, c: number, run: Run, vms: readonly string[]): Html {
  return html`<section aria-labelledby="chart-${chart.name}">
    <h2 id="chart-${chart.name}">${chart.title}</h2>
    <figure>
      ${panels.map(
        ({ vm, label, says }, p) =>
          html`<div class="panel" ${vm === "" ? NOTHING : { html: ` data-vm="${vms.indexOf(vm)}" ${vm === vms[0] ? "" : " hidden"}` }}>
            ${panels.length > 1 ? html`<h3>${label}</h3>` : NOTHING}
            <div class="chart" role="img" aria-label="${says}" data-chart="${c}" data-panel="${p}"></div>
          </div> `,
      )}
      <figcaption>
        <p>${unbroken(chart.caption(run))}</p>
        <p class="stays">Not of the selection: this figure is of the whole run, or of the instant that was asked for.</p>
        <div class="actions">
          <button type="button" data-save="spec" data-chart="${c}">Vega-Lite spec</button>
          ${
            numbers === undefined
              ? html`<span class="small"
                  >Its numbers are too many for a page; the run has them, in ${chart.tables.map(({ name }) => name).join(", ")}.</span
                >`
              : html`<button type="button" data-save="csv" data-chart="${c}">Numbers (CSV)</button>`
          }
        </div>
      </figcaption>
    </figure>
  </section> `;
}
