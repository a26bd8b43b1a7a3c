/** Text in Markdown, CommonMark and GitHub's, as itself: nothing in it is markup, a link or a new line. */
export const markdownText = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .replaceAll(/[\\`*_[\]<>|~&$]/g, "\\$&")
    .replaceAll(/(?<=\w):(?=\/\/)|(?<=\bwww)\./gi, "\\$&") // GitHub makes links of bare addresses
    .replace(/^([#+=-])|^(\d+)([.)])(?= |$)/, (_, sign: string | undefined, number = "", dot = "") =>
      sign === undefined ? `${number}\\${dot}` : `\\${sign}`,
    );

/** A table; its cells are text. The first column is left-aligned, the others right-aligned. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const text = (cells: readonly string[]): string => line(cells.map(markdownText));
  return [text(header), line(header.map((_, c) => (c === 0 ? "---" : "---:"))), ...rows.map(text)].join("\n");
}
