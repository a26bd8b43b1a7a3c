/** Numbers stay on one line with their unit. */
export const unbroken = (text: string): string =>
  text.replaceAll(/(?<=\d) (?=(?:%|[KMGT]?i?B|ns|µs|ms|s|min|h|pages|cycles)(?!\w))/g, "\u00a0");
