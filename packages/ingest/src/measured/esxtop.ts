import { measuredCounters, type MeasuredCounter } from "@tidemark/data/shapes";
import Papa from "papaparse";
import { firstLine, projectedRows, wholeRows } from "../csv-rows.ts";
import type { MeasuredFormat } from "../measured-format.ts";
import { HOST, NAMELESS, quoted, type MeasuredSamples } from "../measured-samples.ts";

const COMMA = 44;
/** 4 KB pages per MB. */
const MB = 256;

/**
 * Counters of the category `Group Memory`, in small letters. Public scripts that read such files have: memory size, granted, consumed, touched, swapped,
 * compressed, overhead. The others are spelt after the columns of esxtop's screens.
 */
const COUNTERS: ReadonlyMap<string, MeasuredCounter> = new Map([
  ["memory size mbytes", "configured"],
  ["memory granted size mbytes", "granted"],
  ["memory consumed size mbytes", "consumed"],
  ["touched mbytes", "activeReported"],
  ["touched write mbytes", "activewrite"],
  ["memctl mbytes", "vmmemctl"],
  ["memctl target mbytes", "vmmemctltarget"],
  ["swapped mbytes", "swapped"],
  ["swap target mbytes", "swaptarget"],
  ["shared mbytes", "shared"],
  ["compressed memory mbytes", "zipped"],
  ["overhead mbytes", "overhead"],
]);

/**
 * Counters of the category `Memory`, the host itself, in small letters. Public scripts that read such files have: machine, free, state, shared, swap target and
 * the balloons' size. The others are spelt after the columns of esxtop's screens.
 */
const HOST_COLUMNS: ReadonlyMap<string, MeasuredCounter> = new Map([
  ["machine mbytes", "machine"],
  ["free mbytes", "free"],
  ["kernel minfree mbytes", "minFree"],
  ["kernel state", "state"],
  ["pshare shared mbytes", "shared"],
  ["pshare common mbytes", "sharedCommon"],
  ["swap used mbytes", "swapped"],
  ["swap target mbytes", "swaptarget"],
  ["total compressed mbytes", "zipped"],
  ["total saved by compression mbytes", "zipSaved"],
  ["memctl current mbytes", "vmmemctl"],
  ["memctl target mbytes", "vmmemctltarget"],
]);

/** `\\host\Group Memory(19299:web)\Memory Size MBytes`; a VM's name may hold anything, `)\` too. */
const COLUMN = /^\\\\[^\\]*\\Group Memory\((\d+):(.*)\)\\([^\\]+)$/is;
/** `\\host\Memory\Free MBytes` */
const HOST_COLUMN = /^\\\\[^\\]*\\Memory\\([^\\]+)$/i;
const STAMP = /^\(PDH-CSV 4\.0\)\s*\(.*\)\((-?\d+)\)$/i;

interface Wanted {
  readonly column: number;
  readonly group: string;
  readonly vm: string;
  readonly counter: MeasuredCounter;
}

/** `esxtop -b -a`: one row per sample, one column per counter of every group, world, disk and port: tens of thousands. */
export const esxtop: MeasuredFormat = {
  name: "esxtop",
  about: "batch output of esxtop and resxtop (-b), a Windows performance log with tens of thousands of columns",
  source: "VMware, Interpreting esxtop Statistics, batch mode",
  sniff: (head) => /^[^"\n]{0,200}\n?"\(PDH-CSV 4\.0\)/.test(head.replace(/^\uFEFF/, "")),
  async read(bytes, samples) {
    let first = await firstLine(bytes);
    // A terminal that esxtop does not know makes it complain in front of the header, or on a line of its own.
    if (first !== undefined && !first.text.includes('"(PDH-CSV')) first = await firstLine(bytes);
    if (first === undefined) throw samples.refuse(1, "has no header");
    const line = first.text.slice(Math.max(0, first.text.indexOf('"(PDH-CSV')));
    const header = Papa.parse<string[]>(line, { delimiter: ",", newline: "\n" }).data[0] ?? [];
    const stamp = STAMP.exec(header[0] ?? "");
    if (stamp === null) throw samples.refuse(first.line, `first column ${quoted(header[0] ?? "")} is not "(PDH-CSV 4.0) (ZONE)(MINUTES)"`);
    const westMinutes = Number(stamp[1]);
    const wanted = wantedColumns(header, samples, first.line);
    const rows = projectedRows(bytes, first.line, COMMA, [0, ...wanted.map(({ column }) => column)]);
    const own = { ...samples.reading, dates: "mdy", zoneMinutes: -westMinutes } as const;
    for await (const row of wholeRows(rows, header.length, samples)) {
      const timeMs = samples.timeOf(row.line, row.cells[0] ?? "", own);
      wanted.forEach(({ vm, counter }, i) => {
        const unitPages = measuredCounters[counter].unit === "pages" ? MB : 1;
        samples.put(row.line, vm, timeMs, counter, samples.pagesOf(row.line, row.cells[i + 1] ?? "", unitPages));
      });
    }
  },
};

const counterNamed = (counters: ReadonlyMap<string, MeasuredCounter>, name = ""): MeasuredCounter | undefined =>
  counters.get(name.trim().toLowerCase());

function wantedColumns(header: readonly string[], samples: MeasuredSamples, line: number): readonly Wanted[] {
  const found = header.flatMap((text, column): Wanted[] => {
    const [, group = "", vm = HOST, name] = COLUMN.exec(text) ?? [];
    const counter = counterNamed(name === undefined ? HOST_COLUMNS : COUNTERS, name ?? HOST_COLUMN.exec(text)?.[1]);
    // Nobody's name is the host's.
    return counter === undefined ? [] : [{ column, group, vm: name !== undefined && vm === HOST ? NAMELESS : vm, counter }];
  });
  if (found.length === 0) samples.refuse(line, "has no columns of Memory or Group Memory; record them with esxtop -b -a");
  const hosts = [...new Set(found.flatMap(({ column }) => /^\\\\([^\\]*)\\/.exec(header[column] ?? "")?.[1] ?? []))];
  if (hosts.length > 1)
    samples.refuse(line, `has counters of ${hosts.length} hosts (${hosts.slice(0, 3).join(", ")}); give each host's in a file of its own`);
  const seen = new Set<string>();
  const groupsOf = new Map<string, Set<string>>();
  for (const { column, group, vm, counter } of found) {
    const key = `${counter} ${group}:${vm}`;
    if (seen.has(key)) samples.refuse(line, `column ${column + 1}, ${quoted(header[column] ?? "")}, is there twice`);
    seen.add(key);
    groupsOf.set(vm, (groupsOf.get(vm) ?? new Set()).add(group));
  }
  return found.map((each) => ((groupsOf.get(each.vm)?.size ?? 1) > 1 ? { ...each, vm: `${each.group}:${each.vm}` } : each));
}
