const root = document.documentElement;
const darkWanted = matchMedia("(prefers-color-scheme: dark)");
const print = matchMedia("print");

export const isDark = (): boolean => !print.matches && (root.dataset["theme"] ?? (darkWanted.matches ? "dark" : "light")) === "dark";

const mainElement = (): Element => document.querySelector("main") ?? document.body;
/** What charts have to be drawn in, px. */
export const plotWidth = (): number => mainElement().clientWidth - 32;

/** Calls back when theme, medium or width have changed. */
export function onSurroundings(changed: () => void): void {
  for (const media of [print, darkWanted]) media.addEventListener("change", changed);
  let width = plotWidth();
  new ResizeObserver(() => {
    if (plotWidth() === width) return;
    width = plotWidth();
    changed();
  }).observe(mainElement());
  const button = document.querySelector<HTMLButtonElement>(".theme");
  if (button === null) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    changed();
  });
}
