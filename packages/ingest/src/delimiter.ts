import Papa from "papaparse";

/** In order of preference; the first four can be scanned. */
const DELIMITERS = [",", "\t", ";", "|", " ", ":", "^", "~", "\x1e", "\x1f"];

/** Splits a header at the delimiter that gives the most known columns, else the most columns. */
export function headerFields(line: string, known: (name: string) => boolean): { header: string[]; delimiter: string } {
  let best = { header: [line.trim()], delimiter: ",", hits: known(line) ? 1 : 0 };
  for (const delimiter of DELIMITERS) {
    const header = (Papa.parse<string[]>(line, { delimiter, newline: "\n" }).data[0] ?? []).map((name) => name.trim());
    const hits = header.filter(known).length;
    if (hits > best.hits || (hits === best.hits && header.length > best.header.length && best.hits === 0))
      best = { header, delimiter, hits };
  }
  return best;
}
