import { InputError, LEDGER_CLASSES, schemaWords } from "@tidemark/data/shapes";
import type { TopLevelSpec } from "vega-lite";
import { isMap, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import {
  CAUSE_COLOUR,
  CLASS_COLOUR,
  ESTIMATOR_COLOURS,
  GREY,
  GUEST_COLOUR,
  GUEST_COLOUR_DARK,
  INTER_COLOUR,
  MECHANISM_COLOUR,
  MODE_COLOUR,
  OP_COLOUR,
  PLAIN_COLOUR,
  POLICY_COLOURS,
  STALL_COLOUR,
  STATE_COLOUR,
  THEMES,
} from "./palette.ts";
import type { Frame } from "./layers.ts";
import { THEME_CONFIG, themeParams, type Inks } from "./theme.ts";

/** Our colours by what they mean; one that means the same in two charts stands here once. */
export const MEANINGS: ReadonlyMap<string, string> = new Map([
  ["total", GREY],
  ...LEDGER_CLASSES.map((cls) => [cls, CLASS_COLOUR[cls]] as const),
  ["balloon", MECHANISM_COLOUR.balloon],
  ["zip", MECHANISM_COLOUR.zip],
  ["swap", MECHANISM_COLOUR.swap],
  ["shared memory", MECHANISM_COLOUR.sharing],
  ["shared between VMs", INTER_COLOUR],
  ...STATE_COLOUR,
  ["new memory", STALL_COLOUR.newMemory],
  ["double paging", STALL_COLOUR.doublePaging],
  ["large pages broken", STALL_COLOUR.largeBreak],
  ...MODE_COLOUR,
  ...CAUSE_COLOUR,
  ["used in the guest", GUEST_COLOUR],
  ["read", OP_COLOUR.reads],
  ["written", OP_COLOUR.writes],
  ["alone", PLAIN_COLOUR],
  ...ESTIMATOR_COLOURS.map((ours, i) => [`estimator ${i + 1}`, ours] as const),
  ...POLICY_COLOURS.map((ours, i) => [`policy ${i + 1}`, ours] as const),
]);

const colour = z.string({ error: "write a colour as #rrggbb, in quotes" }).regex(/^#[0-9a-f]{6}$/i, { error: "write a colour as #rrggbb" });
const family = z.string({ error: "write a font family as CSS names it" }).regex(/^[^"';{}<>&\p{Cc}]{1,200}$/u, {
  error: "write a font family as CSS names it, without quotes",
});
const coloursSchema = z.strictObject(Object.fromEntries([...MEANINGS.keys()].map((name) => [name, colour.optional()])));
const themeSchema = z.strictObject({
  /** Font families, the first one wanted most. */
  font: family.optional(),
  /** TrueType or OpenType files in which PNG finds them; paths from the theme file. */
  fontFiles: z.array(z.string().min(1), { error: "write a list of font files" }).default([]),
  /** Light ink on dark paper. */
  dark: z.boolean().default(false),
  paper: colour.optional(),
  ink: colour.optional(),
  /** Labels and titles of axes. */
  quiet: colour.optional(),
  /** Axes and grid. */
  line: colour.optional(),
  /** By meaning. */
  colours: coloursSchema.default({}),
});

/** A house's own fonts and colours. */
export type HouseTheme = z.output<typeof themeSchema>;

/** Reads a theme from YAML or JSON text. InputError with file, line and column at the first thing that is wrong. */
export function parseTheme(text: string, file: string): HouseTheme {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [broken] = document.errors;
  if (broken !== undefined) throw new InputError(`${at(broken.pos[0])}: ${broken.message}`);
  const parsed = themeSchema.safeParse(document.toJS(), { error: schemaWords });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const known = path[0] === "colours" ? MEANINGS.keys() : Object.keys(themeSchema.shape);
    throw new InputError(`${at(keyOffset(document, path, key))}: unknown key "${key}"; known here: ${[...known].join(", ")}`);
  }
  const node: unknown = document.getIn(path, true);
  const offset = isScalar(node) || isMap(node) ? (node.range?.[0] ?? 0) : 0;
  throw new InputError(`${at(offset)}: ${path.join(".") || "theme"}: ${path.length === 0 ? "write keys with values" : issue?.message}`);
}

function keyOffset(document: Document, path: readonly string[], key: string): number {
  const owner = document.getIn(path, true);
  const pair = isMap(owner) ? owner.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  return pair !== undefined && isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

/** Keys of a spec, and of the rows in it, whose values are colours or hold some. */
const COLOUR_KEYS: ReadonlySet<string> = new Set(["color", "colour", "fill", "stroke", "range", "expr"]);

/** Ours → the house's, those that it replaces. */
export const houseColours = ({ colours }: HouseTheme): ReadonlyMap<string, string> =>
  new Map(
    [...MEANINGS, ["used in the guest", GUEST_COLOUR_DARK] as const].flatMap(([name, ours]) =>
      colours[name] === undefined ? [] : [[ours, colours[name]]],
    ),
  );

/** Paper and inks of the look that a theme is for; of the other one they stay ours. */
export function houseInks({ dark, paper, ink, quiet, line }: HouseTheme): Inks {
  const ours = dark ? THEMES.dark : THEMES.light;
  return { paper: paper ?? ours.paper, ink: ink ?? ours.ink, quiet: quiet ?? ours.quiet, rule: line ?? ours.rule };
}

/** A name of several words that CSS takes as it stands. */
const PLAIN_NAME = /^-?[\p{L}_][\p{L}\p{N}_-]*(?: +-?[\p{L}_][\p{L}\p{N}_-]*)*$/u;

/** Font families as CSS has to have them: others, such as those with a word that begins with a digit, in quotes. */
export const cssFont = (font: string): string =>
  font
    .split(",")
    .map((name) => name.trim())
    .map((name) => (PLAIN_NAME.test(name) ? name : `"${name}"`))
    .join(", ");

/** What every spec of a house shares. */
export function houseFrame(theme: HouseTheme): Pick<Frame, "params" | "config"> {
  const { font, dark } = theme;
  const [light, night] = dark ? [THEMES.light, houseInks(theme)] : [houseInks(theme), THEMES.dark];
  return { params: themeParams(light, night, dark), config: font === undefined ? THEME_CONFIG : { ...THEME_CONFIG, font: cssFont(font) } };
}

/** The spec in a house's fonts and colours. The ramp of the heat map stays: its steps were chosen together. */
export const themed = (spec: TopLevelSpec, theme: HouseTheme): TopLevelSpec => ({
  ...recoloured(spec, houseColours(theme)),
  ...houseFrame(theme),
});

/** A copy of a JSON value in which colours are replaced where colours can stand. */
function recoloured<T extends object>(value: T, house: ReadonlyMap<string, string>): T {
  const inside = (each: unknown, isColour: boolean): unknown => {
    // A colour, or an expression with colours in it.
    if (typeof each === "string") return isColour ? each.replaceAll(/#[0-9a-f]{6}/g, (ours) => house.get(ours) ?? ours) : each;
    if (Array.isArray(each)) return each.map((one) => inside(one, isColour));
    return typeof each === "object" && each !== null ? recoloured(each, house) : each;
  };
  const entries = Object.entries(value).map(([key, each]) => [key, inside(each, COLOUR_KEYS.has(key))]);
  return Object.fromEntries(entries) as T; // the same keys with values of the same types
}
