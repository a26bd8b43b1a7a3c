import { parse, View } from "vega";
import { compile } from "vega-lite";
import { words } from "./elements.ts";
import type { Figure } from "./figures.ts";

const darkWanted = matchMedia("(prefers-color-scheme: dark)");

/** A figure to look at: its question, its panels (or one of them, by number), and how to read it. */
export function draw({ title, caption, panels }: Figure, panel?: number): HTMLElement {
  const drawn = panel === undefined ? panels : panels.slice(panel, panel + 1);
  const made = document.createElement("figure");
  made.append(words("h3", title));
  for (const { label, says, spec } of drawn) {
    if (drawn.length > 1) made.append(words("p", label, "panel"));
    made.append(image(spec, says));
  }
  made.append(words("figcaption", caption));
  return made;
}

/** Draws a spec once it has a width, and again when that changes, or light and dark do. `data-drawn` says that it is there. */
function image(spec: Figure["panels"][number]["spec"], says: string): HTMLElement {
  const frame = words("div", "", "chart");
  frame.setAttribute("role", "img");
  frame.setAttribute("aria-label", says);
  // Vega names and describes the element it draws in; ours stays the image with its sentence.
  const inner = frame.appendChild(words("div"));
  inner.setAttribute("aria-hidden", "true");
  const view = new View(parse({ ...compile(spec).spec, padding: { left: 0, top: 4, right: 8, bottom: 4 } }), {
    renderer: "svg",
    container: inner,
    hover: false,
  });
  const redraw = async (): Promise<void> => {
    if (frame.clientWidth === 0) return;
    await view.signal("dark", darkWanted.matches).width(frame.clientWidth).runAsync();
    frame.dataset["drawn"] = "";
  };
  darkWanted.addEventListener("change", redraw);
  new ResizeObserver(redraw).observe(frame);
  return frame;
}
