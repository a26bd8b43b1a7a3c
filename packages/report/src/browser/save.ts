import { numbersCsv } from "../chart-numbers.ts";
import { unpackedRows } from "../packed-rows.ts";
import type { Payload, PayloadPanel } from "../page-payload.ts";

/** The buttons that give a chart's numbers and its spec, and the markers. */
export function offerFiles({ frame, stacked, charts, markers }: Payload): void {
  document.querySelector("[data-save=markers]")?.addEventListener("click", () => {
    if (markers !== null) save("markers.csv", "text/csv", numbersCsv(markers));
  });
  for (const button of document.querySelectorAll<HTMLElement>("[data-save]")) {
    const chart = charts[Number(button.dataset["chart"])];
    if (chart === undefined) continue;
    button.addEventListener("click", () => {
      if (button.dataset["save"] === "csv") {
        if (chart.numbers !== null) save(`${chart.name}.csv`, "text/csv", numbersCsv(chart.numbers));
        return;
      }
      const boxes = [...(button.closest("figure")?.querySelectorAll<HTMLElement>(".panel:not([hidden]) .chart") ?? [])];
      const panels = boxes.flatMap((box) => chart.panels[Number(box.dataset["panel"])] ?? []);
      save(`${chart.name}.vl.json`, "application/json", `${JSON.stringify(vegaLite(frame, stacked, panels), null, 2)}\n`);
    });
  }
}

function save(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The Vega-Lite spec of the panels shown, with their data. */
function vegaLite(frame: object, stacked: object, panels: readonly PayloadPanel[]): object {
  const [only] = panels;
  if (panels.length === 1 && only !== undefined) return { ...frame, ...Object(withRows(only.vegaLite, only.rows)) };
  const together = (spec: object) =>
    Object.fromEntries(Object.entries(spec).filter(([key]) => key !== "autosize" && key !== "description"));
  return {
    ...frame,
    ...stacked,
    vconcat: panels.map(({ label, rows, vegaLite: spec }) => ({ title: label, ...Object(withRows(together(spec), rows)) })),
  };
}

/** The spec with the rows put back under their data's names. */
function withRows(value: unknown, rows: PayloadPanel["rows"]): unknown {
  if (Array.isArray(value)) return value.map((each) => withRows(each, rows));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const own = key === "data" ? rows[Object(each).name] : undefined;
      return [key, own === undefined ? withRows(each, rows) : { ...each, values: unpackedRows(own) }];
    }),
  );
}
