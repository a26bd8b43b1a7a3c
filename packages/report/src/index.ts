// Charts and pages, and with them Vega, beside `words.ts`, which loads none of it.
export * from "./words.ts";
export type { Chart, ChartPanel } from "./chart.ts";
export { charts, chartsOf } from "./charts.ts";
export { fontFaces } from "./font-faces.ts";
export { parseTheme } from "./house-theme.ts";
export type { HouseTheme } from "./house-theme.ts";
export { chartSpec, pictureSizes } from "./look.ts";
export type { Look, PictureSize } from "./look.ts";
export { runMarkdown } from "./markdown/document.ts";
export { chartPng } from "./png.ts";
export { renderPage } from "./page.ts";
export { chartSvg } from "./svg.ts";
