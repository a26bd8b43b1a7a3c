const LENGTH_MAX = 60;

/** A name from the data as it is shown: one line, of bounded length. */
export function vmLabel(name: string): string {
  const line = name.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length > LENGTH_MAX ? `${line.slice(0, LENGTH_MAX - 1)}…` : line;
}
