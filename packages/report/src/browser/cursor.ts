import { stretchesOf } from "../chart-numbers.ts";
import type { PayloadTime } from "../page-payload.ts";
import { measuredOn, plotOf, type DrawnPanel } from "./charts.ts";
import { linesOf, rowsUnder, showCursor, tell } from "./tips.ts";

/** What the cursor is at, for those who do not see it. */
const spoken = document.createElement("div");
spoken.className = "unseen";
spoken.setAttribute("role", "status");
document.body.append(spoken);

/** On a chart whose numbers lie along x the arrow keys move a cursor over them; on one over time Enter has the instant explained. */
export function offerCursor(drawn: DrawnPanel, time: PayloadTime, select: ((ns: number) => void) | undefined): void {
  const { box, chart, rows: own, under } = drawn;
  // In a chart of two axes a place along x alone has no numbers to tell.
  const isFlat = under?.y !== undefined;
  if (chart.numbers === null || under === undefined || (isFlat && select === undefined)) return;
  const stretches = stretchesOf(chart.numbers, own, under.x);
  if (stretches.length === 0) return;
  box.tabIndex = 0;
  let current: (typeof stretches)[number] | undefined;
  box.addEventListener("blur", () => {
    current = undefined;
    showCursor(drawn, undefined);
    tell([], 0, 0);
  });
  box.addEventListener("keydown", (event) => {
    const { key } = event;
    const { width } = plotOf(drawn);
    const measured = measuredOn(drawn, "x");
    const placeOf = ([from, to]: (typeof stretches)[number]): number => (measured(from) + measured(to)) / 2;
    // A zoomed chart does not show all of them.
    const shown = stretches.filter((stretch) => placeOf(stretch) >= -1 && placeOf(stretch) <= width + 1);
    const last = shown.length - 1;
    const at = current === undefined ? -1 : shown.indexOf(current);
    if (key === "Enter" && at >= 0) select?.(current?.[1] ?? NaN);
    const next = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(last, at + 1), Home: 0, End: last }[key];
    const chosen = shown[next ?? -1];
    if (chosen === undefined) return;
    // Home and End would scroll the page as well.
    event.preventDefault();
    current = chosen;
    const x = placeOf(chosen);
    const rows = rowsUnder(drawn, x, undefined);
    const lines = isFlat ? [] : linesOf(drawn, rows, time);
    const { left, top } = box.getBoundingClientRect();
    showCursor(drawn, rows[0]);
    tell(lines, left + plotOf(drawn).left + x, top + 40);
    spoken.textContent = lines.join("; ");
  });
}
