import { escapeHtml } from "./escape-html.ts";

/** A piece of HTML that is safe to insert as it is. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

const text = (part: Part): string => {
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return "html" in part ? part.html : part.map(({ html }) => html).join("");
};

const kept = new WeakMap<TemplateStringsArray, readonly string[]>();

/** A template's own text without the indentation of its source, which pages with many rows would be full of. */
function unindented(strings: TemplateStringsArray): readonly string[] {
  const known = kept.get(strings) ?? strings.map((string) => string.replaceAll(/\n\s*/g, "\n"));
  kept.set(strings, known);
  return known;
}

/** HTML by template: whatever is put in is escaped, unless it is HTML already. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: unindented(strings)
    .map((string, i) => (i === 0 ? string : text(parts[i - 1] ?? "") + string))
    .join(""),
});

export const NOTHING: Html = { html: "" };
