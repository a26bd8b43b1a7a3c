import { html, NOTHING, type Html } from "./html.ts";
import type { VmSamples } from "./sampled-instant.ts";
import { vmLabel } from "./vm-label.ts";

/** What stays in sight: which VM's panels are shown, and the time brush. */
export const controls = (vms: readonly string[], samples: readonly VmSamples[]): Html =>
  vms.length < 2 && samples.length === 0
    ? NOTHING
    : html`<div class="controls" role="region" aria-label="What the page shows">
        ${picker(vms)}${samples.length === 0 ? NOTHING : BRUSH}
      </div>`;

/** Nothing to pick with one VM. */
function picker(vms: readonly string[]): Html {
  if (vms.length < 2) return NOTHING;
  const option = (value: string, label: string, checked: boolean): Html =>
    html`<input type="radio" name="vm" id="vm-${value}" value="${value}" ${{ html: checked ? " checked" : "" }} /><label for="vm-${value}"
        >${label}</label
      > `;
  return html`<fieldset class="picker">
    <legend>Virtual machine</legend>
    ${vms.map((vm, v) => option(String(v), vmLabel(vm), v === 0))}${option("all", "all", false)}
  </fieldset>`;
}

/** An overview of all samples on which an interval is selected; the script draws it and shows it. */
const BRUSH = html`<div class="brush" hidden>
  <div class="brush-bar">
    <p class="brush-said" role="status"></p>
    <div class="actions">
      <button type="button" data-jump="consumed">Peak consumed</button>
      <button type="button" data-jump="gap">Peak gap</button>
      <button type="button" data-jump="state" hidden>First state change</button>
      <button type="button" data-zoom disabled>Zoom in</button>
      <button type="button" data-jump="" disabled>Reset</button>
    </div>
  </div>
  <svg class="overview" preserveAspectRatio="none" aria-hidden="true"></svg>
  <div class="sliders">
    <label>From <input type="range" min="0" value="0" step="1" data-end="from" /> <output></output></label>
    <label>To <input type="range" min="0" value="0" step="1" data-end="to" /> <output></output></label>
  </div>
</div>`;
