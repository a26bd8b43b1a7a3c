import { readFileSync, statSync } from "node:fs";

/** Bytes of fonts that a page brings, at most; as text they are a third more. */
const FONT_BYTES_MAX = 2 ** 20;

/** A house's fonts as rules of a style. */
export interface FontFaces {
  readonly faces: readonly string[];
  /** Files without a rule: collections, what has no name, and what is past the bound. */
  readonly leftOut: readonly string[];
}

/** Font files as `@font-face` rules with the letters in them, so that a page has them on every machine. */
export function fontFaces(files: readonly string[]): FontFaces {
  const faces: string[] = [];
  const leftOut: string[] = [];
  let bytes = 0;
  for (const file of files) {
    bytes += statSync(file).size;
    const font = bytes > FONT_BYTES_MAX ? undefined : readFileSync(file);
    const face = font === undefined ? undefined : faceOf(font);
    if (face === undefined) leftOut.push(file);
    else faces.push(`@font-face { ${face} }`);
  }
  return { faces, leftOut };
}

/** Family, weight and slant, and the file itself; undefined where the file is not a whole font of its own. */
function faceOf(font: Buffer): string | undefined {
  try {
    return declaredFace(font);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // a place outside the file
    throw error;
  }
}

/** As OpenType lays out a font file and its tables `name` and `OS/2`. */
function declaredFace(font: Buffer): string | undefined {
  const tables = tablesOf(font);
  const family = tables.has("name") ? familyOf(font.subarray(tables.get("name"))) : undefined;
  if (family === undefined) return undefined;
  const os2 = tables.get("OS/2");
  const weight = tables.has("fvar") ? "1 1000" : os2 === undefined ? "400" : String(font.readUInt16BE(os2 + 4));
  const isSlanted = os2 !== undefined && (font.readUInt16BE(os2 + 62) & 1) === 1;
  const source = `url(data:font/sfnt;base64,${font.toString("base64")})`;
  return `font-family: "${family}"; font-weight: ${weight}; font-style: ${isSlanted ? "italic" : "normal"}; src: ${source};`;
}

/** Where a font's tables begin, by their tags; none in a collection. */
function tablesOf(font: Buffer): ReadonlyMap<string, number> {
  if (font.toString("latin1", 0, 4) === "ttcf") return new Map();
  const records = Array.from({ length: font.readUInt16BE(4) }, (_, i) => 12 + 16 * i);
  return new Map(records.map((at) => [font.toString("latin1", at, at + 4), font.readUInt32BE(at + 8)]));
}

/** The name of the family with all its weights (16), else the plain one (1), of those that Windows reads: UTF-16. */
function familyOf(table: Buffer): string | undefined {
  const strings = table.readUInt16BE(4);
  const names = Array.from({ length: table.readUInt16BE(2) }, (_, i) => {
    const at = 6 + 12 * i;
    const from = strings + table.readUInt16BE(at + 10);
    const text = Buffer.from(table.subarray(from, from + table.readUInt16BE(at + 8)));
    return { platform: table.readUInt16BE(at), id: table.readUInt16BE(at + 6), text };
  });
  const [found] = [16, 1].flatMap((id) => names.find((name) => name.platform === 3 && name.id === id) ?? []);
  // Nothing that could end the string, the rule or the style.
  return found === undefined || found.text.length % 2 !== 0
    ? undefined
    : found.text
        .swap16()
        .toString("utf16le")
        .replaceAll(/["\\<>\p{Cc}]/gu, "");
}
