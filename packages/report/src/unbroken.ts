/** Numbers stay on one line with their unit and with what stands before them. */
export const unbroken = (text: string): string =>
  text
    .replaceAll(/(?<=\d) (?=(?:%|[KMGT]?i?B|ns|µs|ms|s|min|h|pages|cycles)(?!\w))/g, "\u00a0")
    .replaceAll(/(?<=[<>]) (?=[−\d])/g, "\u00a0");
