import { formatPages, HOST_COUNTERS, InputError, MEASURED_COUNTERS, type MeasuredCounter } from "@tidemark/data/shapes";
import { parseDecimal, type DecimalMark } from "./decimal-text.ts";
import { parseStamp, type StampReading } from "./time-stamp.ts";

/** What a file leaves open and its reader has to be told. */
export interface MeasuredReading extends StampReading {
  /** undefined: told from each number; one that can be read two ways is refused. */
  readonly decimal: DecimalMark | undefined;
  /** Columns of a table whose names are its own, by these names. */
  readonly columns: ReadonlyMap<string, MappedColumn>;
}

/** What a column of a table is said to be. */
export interface MappedColumn {
  readonly is: MeasuredCounter | "time" | "vm";
  /** Pages per unit of a counter. */
  readonly unitPages: number;
}

/** The host itself, where a VM would be named. */
export const HOST = "";
/** A VM whose name is empty. */
export const NAMELESS = "(no name)";

/** One VM's or the host's samples, oldest first. Counters in pages, but for the state's number; NaN: not known. */
export interface MeasuredSeries {
  readonly vm: string;
  /** ms since 1970 in UTC, or on the capture's own clock. */
  readonly timesMs: Float64Array;
  readonly counters: { readonly [K in MeasuredCounter]?: Float64Array };
}

/** What can be put: a counter; or active memory as a part of the VM's size, of a host consumed memory, which gives the size. */
type Put = MeasuredCounter | "usage";

interface Growing {
  /** Row of each instant. */
  readonly rowAt: Map<number, number>;
  readonly columns: Map<Put, number[]>;
}

/** A counter of 32 bits, in KB, starts again at 4 TiB: in pages. */
const WRAP_PAGES = 2 ** 30;
const CUMULATIVE: readonly MeasuredCounter[] = ["swapin", "swapout"];

const withoutControls = (name: string): string => name.replaceAll(/\p{Cc}+/gu, " ");

/** Everything that one file says, put in any order. Only what is kept takes memory: 8 bytes per value. */
export class MeasuredSamples {
  /** Name of the file, for messages. */
  readonly name: string;
  readonly reading: MeasuredReading;
  /** VM of a file that names none. */
  readonly vm: string;
  /** Times count from some zero of the capture's own and not from 1970. */
  isOwnClock = false;
  readonly notes: string[] = [];
  readonly #vms = new Map<string, Growing>();
  readonly #hosts = new Set<string>([HOST]);

  constructor(name: string, vm: string, reading: MeasuredReading) {
    this.name = name;
    this.vm = vm;
    this.reading = reading;
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  refuse(line: number, reason: string): never {
    throw new InputError(`${this.name}:${line}: ${reason}`);
  }

  /** A time stamp in ms since 1970; `reading`: what the file itself says of its stamps. */
  timeOf(line: number, text: string, reading: StampReading = this.reading): number {
    const stamp = parseStamp(text, reading);
    if (typeof stamp === "string") return this.refuse(line, `time ${quoted(text)} ${stamp}`);
    if (stamp.isLocal) this.note("times carry no time zone and are taken as UTC (--measured-zone)");
    return stamp.ms;
  }

  /** A number in `unitPages` pages each; NaN where the tool says that it has no data: an empty cell, or −1, whatever its width. */
  pagesOf(line: number, text: string, unitPages: number): number {
    if (NO_DATA.has(text)) return NaN;
    const value = parseDecimal(text, this.reading.decimal);
    if (typeof value === "string") return this.refuse(line, `${quoted(text)} ${value}`);
    if (value < 0) return this.refuse(line, `${quoted(text)} is negative: a counter of 32 bits that has wrapped? leave this counter out`);
    return value * unitPages;
  }

  /** This name is a host's and no VM's, which also follows from counters that only hosts have. */
  nameHost(name: string): void {
    this.#hosts.add(withoutControls(name));
  }

  put(line: number, named: string, timeMs: number, counter: Put, pages: number): void {
    if (Number.isNaN(pages)) return;
    const vm = withoutControls(named);
    let series = this.#vms.get(vm);
    if (series === undefined) this.#vms.set(vm, (series = { rowAt: new Map(), columns: new Map() }));
    let row = series.rowAt.get(timeMs);
    if (row === undefined) series.rowAt.set(timeMs, (row = series.rowAt.size));
    let column = series.columns.get(counter);
    if (column === undefined) series.columns.set(counter, (column = []));
    while (column.length < row) column.push(NaN);
    const before = column[row];
    if (before !== undefined && !Number.isNaN(before) && before !== pages)
      this.refuse(line, `${vm === "" ? "the host" : quoted(vm)} has two values of ${counter} at one time; give each capture by itself`);
    column[row] = pages;
    if (HOST_ONLY.has(counter)) this.nameHost(vm);
  }

  /** What was put, VM by VM in order of their names, oldest first; groups that never held anything are left out. */
  finish(): readonly MeasuredSeries[] {
    const held = [...this.#vms].filter(([, { columns }]) => [...columns.values()].some((column) => column.some((pages) => pages > 0)));
    if (held.length === 0) throw new InputError([`${this.name}: has no samples of memory counters`, ...this.notes].join("; "));
    if (held.length < this.#vms.size) this.note(`${this.#vms.size - held.length} groups without memory are left out`);
    return this.#hostNamed(held)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([vm, series]) => this.#sorted(vm, series));
  }

  /** The only host of a file is the host; several keep their names, since a replay has but one. */
  #hostNamed(held: readonly [string, Growing][]): [string, Growing][] {
    const hosts = held.filter(([vm]) => this.#hosts.has(vm));
    if (hosts.length > 1)
      this.note(`${hosts.length} hosts are listed by name; one of them can be held against a replay, in a file of its own`);
    return held.map(([vm, series]) => [hosts.length === 1 && this.#hosts.has(vm) ? HOST : vm, series]);
  }

  #sorted(vm: string, { rowAt, columns }: Growing): MeasuredSeries {
    const order = [...rowAt].sort(([a], [b]) => a - b);
    const counters: { [K in MeasuredCounter]?: Float64Array } = {};
    for (const counter of MEASURED_COUNTERS) {
      const column = columns.get(counter);
      if (column === undefined) continue;
      const sorted = Float64Array.from(order, ([, row]) => column[row] ?? NaN);
      counters[counter] = CUMULATIVE.includes(counter) ? this.#unwrapped(vm, counter, sorted) : sorted;
    }
    const isHost = this.#hosts.has(vm);
    const [size, part] = isHost ? (["machine", "consumed"] as const) : (["configured", "activeReported"] as const);
    const sizePages = counters[size] === undefined ? sizeOf(columns, part) : undefined;
    if (sizePages !== undefined && !isHost && isAbove(counters.consumed, sizePages)) {
      this.note(`${quoted(vm)} consumes more than mem.active and mem.usage would make its size: a host, whose usage is something else`);
    } else if (sizePages !== undefined) {
      counters[size] = new Float64Array(order.length).fill(sizePages);
      const [what, from] = isHost ? ["machine memory", "mem.consumed"] : [`size of ${quoted(vm)}`, "mem.active"];
      this.note(`${what}, ${formatPages(sizePages)}, is worked out from ${from} and mem.usage`);
    }
    return { vm, timesMs: Float64Array.from(order, ([ms]) => ms), counters };
  }

  /** A cumulative counter that falls has wrapped at 32 bits, or was started anew; then it is left as it is. */
  #unwrapped(vm: string, counter: string, values: Float64Array): Float64Array {
    let before = NaN;
    let wraps = 0;
    return values.map((value) => {
      if (before - value > WRAP_PAGES / 2 && before < WRAP_PAGES) wraps++;
      else if (value < before) this.note(`${counter} of ${quoted(vm)} falls: the VM was started anew or moved`);
      if (!Number.isNaN(value)) before = value;
      return value + wraps * WRAP_PAGES;
    });
  }
}

const HOST_ONLY: ReadonlySet<Put> = new Set(HOST_COUNTERS);

/** VMs get whole multiples of 4 MiB. */
const SIZE_STEP_PAGES = 1024;

/** The whole where a part of it is known in pages and as usage: usage is cut off, so that every ratio of the two is too large. */
function sizeOf(columns: ReadonlyMap<Put, readonly number[]>, part: MeasuredCounter): number | undefined {
  const pages = columns.get(part) ?? [];
  const ratios = (columns.get("usage") ?? [])
    .map((usage, row) => (pages[row] ?? NaN) / usage)
    .filter((ratio) => ratio > 0 && ratio < Infinity);
  if (ratios.length === 0) return undefined;
  const least = ratios.reduce((a, b) => Math.min(a, b));
  return Math.max(SIZE_STEP_PAGES, Math.round(least / SIZE_STEP_PAGES) * SIZE_STEP_PAGES);
}

/** What a VM consumes may come to a little more than its size: overhead is counted apart, rounding is not. */
const ABOVE = 1.02;

const isAbove = (consumed: Float64Array | undefined, sizePages: number): boolean =>
  consumed?.some((pages) => pages > ABOVE * sizePages) ?? false;

/** Not known: nothing, or −1 as 32 or 64 bits. */
const NO_DATA: ReadonlySet<string> = new Set(["", "-1", "-1.00", "4294967295", "18446744073709551615"]);

const QUOTED_MAX = 60;

/** Text of a file in a message: on one line, and not too long. */
export const quoted = (text: string): string => JSON.stringify(text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}…` : text);

/** The first line of a file that says something and is no comment. */
export const headerLine = (head: string): string =>
  head
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .find((line) => line.trim() !== "" && !line.startsWith("#")) ?? "";
