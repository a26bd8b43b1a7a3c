import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";

/** Inter, SIL Open Font License 1.1 (fonts/OFL.txt): the same letters on every machine. */
const FONTS = ["Inter-Regular.ttf", "Inter-SemiBold.ttf"].map((file) => fileURLToPath(new URL(`../fonts/${file}`, import.meta.url)));

/** Pixels per SVG unit. */
const ZOOM = 2;

/** An SVG of `chartSvg` as a PNG image, at twice its size. `fontFiles`: of a house's own font. */
export function chartPng(svg: string, fontFiles: readonly string[] = []): Uint8Array {
  const drawn = new Resvg(svg, {
    fitTo: { mode: "zoom", value: ZOOM },
    font: { fontFiles: [...FONTS, ...fontFiles], loadSystemFonts: false, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
  });
  return drawn.render().asPng();
}
