const LENGTH_MAX = 60;

/** A name from the data as it is shown: one line, of bounded length. */
export function vmLabel(name: string, lengthMax = LENGTH_MAX): string {
  const line = name.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length > lengthMax ? `${line.slice(0, lengthMax - 1)}…` : line;
}
