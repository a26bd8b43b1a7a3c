import type { LedgerInstant } from "../ledger-instant.ts";
import type { Payload, PayloadPanel } from "../page-payload.ts";
import { WATERFALL_ROW, waterfallAxis, waterfallRows } from "../waterfall-steps.ts";

/** The waterfall's spec and rows for another instant: as many rows as it has steps. `colours`: a house's, by ours. */
export function waterfallAt(
  { vega, rows }: PayloadPanel,
  instant: LedgerInstant,
  colours: Payload["colours"],
): Pick<PayloadPanel, "vega" | "rows"> {
  const steps = waterfallRows(instant).map((step) => ({ ...step, colour: colours[step.colour] ?? step.colour }));
  const names = Object.keys(rows);
  const own = Object.fromEntries(names.map((name) => [name, { rows: name.startsWith("links") ? steps.slice(0, -1) : steps }]));
  const scales = (vega.scales ?? []).map((scale) => (scale.name === "y" ? { ...scale, domain: [0, steps.length] } : scale));
  const axes = (vega.axes ?? []).map((axis) => ("title" in axis ? { ...axis, title: waterfallAxis(instant) } : axis));
  return { vega: { ...vega, height: steps.length * WATERFALL_ROW, scales, axes }, rows: own };
}
