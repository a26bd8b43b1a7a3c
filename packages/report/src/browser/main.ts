import { changeText } from "../interval-text.ts";
import { explanationText, gapText } from "../explanation.ts";
import { plainText } from "../linked-text.ts";
import type { Payload } from "../page-payload.ts";
import { formatInterval, formatOnAxis } from "../time-unit.ts";
import { explainingBlocks, vmInterval, type Interval } from "./blocks.ts";
import { brush, dragging } from "./brush.ts";
import { offerCursor } from "./cursor.ts";
import { drawIn, drawPanel, redraw, timeAt, type DrawnPanel } from "./charts.ts";
import { atNextFrame } from "./next-frame.ts";
import { showInterval } from "./interval.ts";
import { offerFiles } from "./save.ts";
import { onSurroundings } from "./surroundings.ts";
import { offerTips, showCursor } from "./tips.ts";
import { zoom, zoomButton } from "./zoom.ts";
import { instantLabel } from "../instant-label.ts";
import { waterfallAt } from "./waterfall.ts";

const { charts, time, samples, ...others } = await unpacked();
const panels = new Map<Element, DrawnPanel>();
const blocks = explainingBlocks();
const picked = (): string => document.querySelector<HTMLInputElement>(".picker input:checked")?.value ?? "0";
const pickedSamples = () => (picked() === "all" ? samples : samples.filter((_, v) => String(v) === picked()));

let selected: Interval | undefined;
/** What charts over time show; undefined: the run. */
let shown: Interval | undefined;
const timeline = brush(samples, time, select);
const zooming = zoomButton((interval) => {
  shown = interval;
  for (const drawn of panels.values()) {
    zoom(drawn, interval, time);
    showCursor(drawn, undefined);
    showInterval(drawn, selected, time);
  }
});

/** Explains an interval on all of the page, or what the page explained at first. */
function select(interval: Interval | undefined): void {
  selected = interval;
  delete document.documentElement.dataset["explained"];
  explain();
}

const explain = atNextFrame(async () => {
  const interval = selected;
  zooming.follow(interval);
  document.documentElement.toggleAttribute("data-selected", interval !== undefined);
  if (interval === undefined) blocks.reset();
  else
    blocks.explain(
      samples.map((each) => vmInterval(each, interval, time)),
      time.windowNs,
    );
  for (const drawn of panels.values()) showInterval(drawn, interval, time);
  showTimeline();
  await redrawWaterfalls(interval);
  // Said only once the page is done with what was selected last.
  if (interval === selected)
    document.documentElement.dataset["explained"] = interval === undefined ? "" : `${interval.fromNs} ${interval.toNs}`;
});

/** At the timeline: what is explained, in short, and in full for those who do not see the page. */
function showTimeline(): void {
  const [first] = pickedSamples();
  if (selected === undefined || first === undefined) {
    timeline?.show(
      undefined,
      "Drag or click on the timeline or any chart of time, to have that explained; on a chart also by arrow keys, Enter, Esc.",
      "",
    );
    return;
  }
  const { from, to, since } = vmInterval(first, selected, time);
  if (since === undefined)
    timeline?.show(selected, `Explaining ${formatOnAxis(to.counters.time, time.unit)}.`, plainText(explanationText(to, time.windowNs)));
  else timeline?.show(selected, `Explaining ${formatInterval(from.counters.time, to.counters.time)}.`, plainText(changeText(from, to)));
}

/** Of each VM the first waterfall shows the selected instant; its others are not shown. */
async function redrawWaterfalls(interval: Interval | undefined): Promise<void> {
  const seen = new Set<string>();
  for (const drawn of panels.values()) {
    const { box, chart, panel } = drawn;
    const own = samples.find(({ vm }) => vm === panel.vm);
    if (chart.name !== "waterfall" || own === undefined) continue;
    const isFirst = !seen.has(panel.vm);
    seen.add(panel.vm);
    const panelElement = box.closest(".panel");
    panelElement?.classList.toggle("away", interval !== undefined && !isFirst);
    if (!isFirst) continue;
    const instant = interval === undefined ? undefined : vmInterval(own, interval, time).to;
    const { vega, rows } = instant === undefined ? panel : waterfallAt(panel, instant, others.colours);
    const told = instant === undefined ? undefined : plainText(gapText(instant, time.windowNs));
    box.dataset["told"] ??= box.getAttribute("aria-label") ?? "";
    box.setAttribute("aria-label", told ?? box.dataset["told"]);
    const heading = panelElement?.querySelector("h3");
    if (heading) heading.textContent = instant === undefined ? panel.label : instantLabel(instant, time.windowNs);
    drawn.view.finalize();
    drawn.view = await drawIn(box, panel, vega, rows);
  }
}

function pick(value: string): void {
  for (const panel of document.querySelectorAll<HTMLElement>(".panel[data-vm]"))
    panel.hidden = value !== "all" && panel.dataset["vm"] !== value;
  timeline?.draw(pickedSamples());
  showTimeline();
}

for (const input of document.querySelectorAll<HTMLInputElement>(".picker input")) input.addEventListener("change", () => pick(input.value));

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && selected !== undefined) select(undefined);
});

// A number in a sentence leads to its rows, in the panel of its VM.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-rows]") : null;
  if (link === null) return;
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  for (const id of (link.dataset["rows"] ?? "").split(" ")) {
    const row = document.getElementById(id);
    row?.classList.add("lit");
    const vm = row?.closest<HTMLElement>(".panel[hidden]")?.dataset["vm"];
    const option = document.querySelector<HTMLInputElement>(`.picker input[value="${vm ?? ""}"]`);
    if (option !== null) {
      option.checked = true;
      pick(option.value);
    }
  }
});

// A chart measures its letters as it is drawn.
await Promise.allSettled([...document.fonts].map((font) => font.load()));
pick(picked());
offerFiles({ ...others, charts, time, samples });
offerTips(panels, time);

// What can be seen first; the rest follows, for the picker and for print.
const boxes = [...document.querySelectorAll<HTMLElement>(".chart")];
const isSeen = (box: Element): boolean => box.closest("[hidden]") === null;
for (const box of [...boxes.filter(isSeen), ...boxes.filter((each) => !isSeen(each))]) {
  const chart = charts[Number(box.dataset["chart"])];
  const panel = chart?.panels[Number(box.dataset["panel"])];
  if (chart === undefined || panel === undefined) continue;
  const drawn = await drawPanel(box, chart, panel, time);
  panels.set(box, drawn);
  if (shown !== undefined) zoom(drawn, shown, time);
  showInterval(drawn, selected, time);
  box.closest("figure")?.toggleAttribute("data-stays", !drawn.isOverTime && chart.name !== "waterfall");
  const isBrushed = drawn.isOverTime && timeline !== undefined;
  offerCursor(drawn, time, isBrushed ? (ns) => select(timeline.snapped({ fromNs: ns, toNs: ns })) : undefined);
  if (isBrushed) {
    box.classList.add("over-time");
    dragging(box, (a, b) => {
      const { left } = box.getBoundingClientRect();
      select(timeline.snapped({ fromNs: timeAt(drawn, a - left, time), toNs: timeAt(drawn, b - left, time) }));
    });
  }
}
document.documentElement.dataset["ready"] = "";
onSurroundings(() => {
  redraw(panels.values());
  for (const drawn of panels.values()) showInterval(drawn, selected, time);
});

async function unpacked(): Promise<Payload> {
  const text = document.getElementById("charts")?.textContent ?? "";
  const packed = Uint8Array.from(atob(text.trim()), (character) => character.codePointAt(0) ?? 0);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text()) as Payload; // as page-payload.ts wrote it
}
