export type { Chart, ChartPanel } from "./chart.ts";
export { charts, chartsOf } from "./charts.ts";
export { explainedInstants, ledgerRows } from "./explained.ts";
export type { Explained, LedgerRow } from "./explained.ts";
export { chartPng } from "./png.ts";
export { renderPage } from "./page.ts";
export { explanation, sentences } from "./sentences.ts";
export { chartSvg } from "./svg.ts";
