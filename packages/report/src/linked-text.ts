/** A number in a sentence, and the rows of the page's tables that it comes from. */
export interface Figure {
  readonly text: string;
  /** Keys of rows: a ledger class, `gap`, or a counter's name. */
  readonly rows: readonly string[];
}

/** What one types, in a sentence. */
interface Command {
  readonly text: string;
  readonly isCommand: true;
}

/** A sentence whose numbers know where they come from. */
export type LinkedText = readonly (string | Figure | Command)[];

export const figure = (text: string, ...rows: readonly string[]): Figure => ({ text, rows });
export const command = (text: string): Command => ({ text, isCommand: true });

type Part = string | Figure | Command | LinkedText;

const partsOf = (part: Part): LinkedText => (typeof part === "string" || "text" in part ? [part] : part);

/** A sentence by template: strings, figures, and sentences themselves. */
export const linked = (strings: TemplateStringsArray, ...parts: readonly Part[]): LinkedText =>
  strings.flatMap((string, i) => [...(i === 0 ? [] : partsOf(parts[i - 1] ?? "")), string]).filter((part) => part !== "");

export const plainText = (text: LinkedText): string => text.map((part) => (typeof part === "string" ? part : part.text)).join("");

/** `a, b and c` */
export const joinedText = (texts: readonly LinkedText[]): LinkedText =>
  texts.flatMap((text, i) => (i === 0 ? text : [i === texts.length - 1 ? " and " : ", ", ...text]));

/** Sentences one after the other; empty ones are left out. */
export const spaced = (texts: readonly LinkedText[]): LinkedText =>
  texts.filter((text) => text.length > 0).flatMap((text, i) => (i === 0 ? text : [" ", ...text]));
