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
  let at = -1;
  box.addEventListener("blur", () => {
    at = -1;
    showCursor(drawn, undefined);
    tell([], 0, 0);
  });
  box.addEventListener("keydown", (event) => {
    const { key } = event;
    const last = stretches.length - 1;
    if (key === "Enter" && at >= 0) select?.(stretches[at]?.[1] ?? NaN);
    const next = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(last, at + 1), Home: 0, End: last }[key];
    const [from, to] = stretches[next ?? -1] ?? [];
    if (next === undefined || from === undefined || to === undefined) return;
    // Home and End would scroll the page as well.
    event.preventDefault();
    at = next;
    const measured = measuredOn(drawn, "x");
    const x = (measured(from) + measured(to)) / 2;
    const rows = rowsUnder(drawn, x, undefined);
    const lines = isFlat ? [] : linesOf(drawn, rows, time);
    const { left, top } = box.getBoundingClientRect();
    showCursor(drawn, rows[0]);
    tell(lines, left + plotOf(drawn).left + x, top + 40);
    spoken.textContent = lines.join("; ");
  });
}
