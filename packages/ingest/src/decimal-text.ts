/** How fractions are written. */
export const DECIMAL_MARKS = ["point", "comma"] as const;
export type DecimalMark = (typeof DECIMAL_MARKS)[number];

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
/** Spaces that locales group digits with, the narrow and the non-breaking among them; apostrophes of Switzerland. */
const GROUPING = /(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?!\d))/g;

/**
 * A number as a locale may write it: `1234.5`, `1234,5`, `1,234.5`, `1.234,5`, `1 234,5`. What is wrong with it, otherwise; a number that can be
 * read two ways (`1,234`) is refused where `decimal` does not say how.
 */
export function parseDecimal(text: string, decimal: DecimalMark | undefined): number | string {
  const trimmed = text.trim();
  if (decimal !== "comma" && PLAIN.test(trimmed)) return Number(trimmed);
  const digits = trimmed.replaceAll("−", "-").replaceAll(GROUPING, "");
  const mark = decimal ?? markOf(digits);
  if (mark === undefined) return "can be read two ways; pass --measured-decimal comma or point";
  const [fraction, grouping] = mark === "comma" ? [",", "."] : [".", ","];
  if (digits.includes(grouping) && !isGrouped(digits, grouping, fraction)) return "is not a number";
  const plain = digits.replaceAll(grouping, "").replace(fraction, ".");
  return PLAIN.test(plain) ? Number(plain) : "is not a number";
}

/** The last of the two marks is the fraction's; a single comma before three digits leaves it open. */
function markOf(digits: string): DecimalMark | undefined {
  const comma = digits.lastIndexOf(",");
  const point = digits.lastIndexOf(".");
  if (comma < 0) return "point";
  if (point >= 0) return comma > point ? "comma" : "point";
  if (digits.indexOf(",") !== comma) return "point";
  return /^[+-]?[1-9]\d{0,2},\d{3}$/.test(digits) ? undefined : "comma";
}

function isGrouped(digits: string, grouping: string, fraction: string): boolean {
  const [whole = "", rest = ""] = digits.replace(/^[+-]/, "").split(fraction);
  const [first = "", ...groups] = whole.split(grouping);
  return !rest.includes(grouping) && /^\d{1,3}$/.test(first) && groups.every((group) => /^\d{3}$/.test(group));
}
