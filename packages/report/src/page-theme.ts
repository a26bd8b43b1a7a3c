import { LEDGER_CLASSES } from "@tidemark/data/shapes";
import { fontFaces } from "./font-faces.ts";
import { cssFont, houseInks, MEANINGS, type HouseTheme } from "./house-theme.ts";
import { NOTHING, type Html } from "./html.ts";
import { STATE_COLOUR } from "./palette.ts";
import { FONT } from "./theme.ts";

/** What has a colour on the page besides its charts (paint.ts). */
const PAINTED: readonly string[] = [...LEDGER_CLASSES, ...STATE_COLOUR.keys()];

/** The page's own style after that of page.css: colours by their meaning, and a house's paper, inks and letters. */
export function pageStyle(theme: HouseTheme | undefined): string {
  const painted = PAINTED.map((meaning) => `--of-${meaning}: ${theme?.colours[meaning] ?? MEANINGS.get(meaning) ?? ""};`);
  const rules = [`:root { ${painted.join(" ")} }`];
  if (theme === undefined) return rules.join("\n");
  const { font, fontFiles, dark, paper } = theme;
  if (hasLook(theme)) {
    const { paper: own, ink, quiet, rule } = houseInks(theme);
    const wash = paper === undefined ? "" : " --wash: color-mix(in srgb, var(--ink) 4%, var(--paper));";
    const inks = `--paper: ${own}; --ink: ${ink}; --quiet: ${quiet}; --line: ${rule};${wash}`;
    // Printed is the light look, whichever is on the screen; a page's margins have the colour of its paper only by name.
    rules.push(
      dark
        ? `@media screen { :root[data-theme="dark"] { ${inks} } }`
        : `:root[data-theme="light"] { ${inks} } @media print { :root[data-theme] { ${inks} } @page { background: ${own}; } }`,
    );
  }
  if (font !== undefined) rules.push(...fontFaces(fontFiles).faces, `body { font-family: ${cssFont(font)}, ${FONT}; }`);
  return rules.join("\n");
}

/** Whether a theme says what the page is drawn on or with: then the page opens so, and else as its reader likes it. */
const hasLook = ({ dark, paper, ink, quiet, line }: HouseTheme): boolean =>
  dark || [paper, ink, quiet, line].some((colour) => colour !== undefined);

/** The look that the page opens in, as an attribute of its root. */
export const openingLook = (theme: HouseTheme | undefined): Html =>
  theme === undefined || !hasLook(theme) ? NOTHING : { html: ` data-theme="${theme.dark ? "dark" : "light"}"` };
