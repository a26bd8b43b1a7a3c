import {
  accessBatch,
  ALLOC,
  FREE,
  guestBatch,
  MARK,
  NONE,
  pickTable,
  READ,
  rowsOf,
  UNKNOWN,
  WRITE,
  type AccessBatch,
  type Columns,
  type GuestBatch,
  type MeminfoRow,
  type Run,
  type TableSpec,
  type Trace,
} from "@tidemark/data/shapes";
import { replay } from "./replay.ts";
import { scenarioSchema } from "./scenario.ts";

/** One access of a hand-written trace. Times in seconds; the page is numbered by (space, vpn), which default to the PPN. */
export interface Touch {
  readonly s: number;
  readonly ppn: number;
  readonly op: "R" | "W" | "X";
  readonly vm?: number;
  readonly vpn?: number;
  readonly space?: number;
  readonly count?: number;
}
/** One guest event of a hand-written trace. */
export interface Told {
  readonly s: number;
  readonly event: "alloc" | "free" | "mark";
  readonly ppn?: number;
  readonly pages?: number;
  readonly pid?: number;
  readonly gfp?: number;
  readonly vm?: number;
  readonly value?: number;
}
/** What a page of a hand-written trace was found to hold. */
export interface Content {
  readonly s: number;
  readonly ppn: number;
  readonly hash: bigint;
  readonly zbytes: number;
  readonly vm?: number;
}
export interface HandWritten {
  readonly vms?: readonly string[];
  readonly touches: readonly Touch[];
  readonly told?: readonly Told[];
  readonly meminfo?: readonly MeminfoRow[];
  readonly contents?: readonly Content[];
  readonly configuredPages?: number;
  /** Rows per batch. */
  readonly batchRows?: number;
}

const KIND = { R: READ, W: WRITE, X: 2 } as const;
const EVENT = { alloc: ALLOC, free: FREE, mark: MARK } as const;
const ns = (s: number): number => Math.round(s * 1e9);

/** Text `"1 0 W · 2 1 W"` (seconds, PPN, op) → touches. */
export const touchesOf = (text: string): Touch[] =>
  text.split("·").map((part) => {
    const [s, ppn, op] = part.trim().split(/\s+/);
    if (op !== "R" && op !== "W" && op !== "X") throw new Error(`not an op: ${part}`);
    return { s: Number(s), ppn: Number(ppn), op };
  });

/** A trace in memory. Its producer poisons a batch after use, as the contract allows. */
export function traceOf(written: HandWritten): Trace {
  const names = written.vms ?? ["vm"];
  const { touches, told = [], contents = [], batchRows = 65_536 } = written;
  const pageOf = names.map(() => new Map<string, number>());
  const spaces = names.map(() => [] as number[]);
  const vpns = names.map(() => [] as number[]);
  const pages = touches.map(({ vm = 0, ppn, vpn = ppn, space = 0 }) => {
    const key = `${space} ${vpn}`;
    const known = pageOf[vm].get(key);
    if (known !== undefined) return known;
    spaces[vm].push(space);
    vpns[vm].push(vpn);
    pageOf[vm].set(key, pageOf[vm].size);
    return pageOf[vm].size - 1;
  });
  const ppns = names.map((_, v) => {
    const seen = new Map<number, { first: number; last: number }>();
    for (const { vm = 0, ppn, s } of touches) {
      if (vm !== v) continue;
      const known = seen.get(ppn);
      if (known === undefined) seen.set(ppn, { first: ns(s), last: ns(s) });
      else known.last = ns(s);
    }
    return seen;
  });
  const times = touches.map(({ s }) => ns(s));
  return {
    name: "hand-written",
    manifest: {
      schema: 1,
      tool: "test",
      pageBytes: 4096,
      originNs: times[0] ?? null,
      endNs: times.at(-1) ?? null,
      captured: [],
      synthesised: [],
      sources: [],
      vms: names.map((name, v) => {
        const own = touches.filter(({ vm = 0 }) => vm === v);
        const count = (op?: string): number => own.reduce((sum, t) => sum + (op === undefined || t.op === op ? (t.count ?? 1) : 0), 0);
        return {
          name,
          configuredBytes: written.configuredPages === undefined ? null : written.configuredPages * 4096,
          configuredFrom: written.configuredPages === undefined ? null : "given",
          ppns: "captured",
          order: "exact",
          spacesFrom: "rows",
          rows: own.length,
          accesses: count(),
          reads: count("R"),
          writes: count("W"),
          fetches: count("X"),
          firstNs: own.length === 0 ? null : ns(own[0].s),
          lastNs: own.length === 0 ? null : ns(own[own.length - 1].s),
          virtualPages: pageOf[v].size,
          guestPhysicalPages: ppns[v].size,
          highestPpn: own.length === 0 ? null : Math.max(...own.map(({ ppn }) => ppn)),
          inferredPpnRows: 0,
          allocatorEvents: told.filter(({ vm = 0, event }) => vm === v && event !== "mark").length,
          guestEvents: told.filter(({ vm = 0 }) => vm === v).length,
          contents: contents.filter(({ vm = 0 }) => vm === v).length,
          meminfoSamples: new Set((written.meminfo ?? []).filter(({ vm }) => vm === v).map(({ timeNs }) => timeNs)).size,
        };
      }),
    },
    async *accesses() {
      const batch = accessBatch(batchRows);
      for (let from = 0; from < touches.length; from += batchRows) {
        const rows = touches.slice(from, from + batchRows);
        fillAccesses(batch, rows, pages.slice(from, from + batchRows));
        yield batch;
        poison(batch);
      }
    },
    async *touches() {
      for await (const batch of this.accesses()) yield batch;
    },
    async *guestEvents() {
      const batch = guestBatch(batchRows);
      for (let from = 0; from < told.length; from += batchRows) {
        fillGuest(batch, told.slice(from, from + batchRows));
        yield batch;
        poison(batch);
      }
    },
    pages: async () => names.map((_, v) => ({ space: Float64Array.from(spaces[v]), vpn: Float64Array.from(vpns[v]) })),
    ppns: async () =>
      ppns.map((seen) => ({
        ppn: Uint32Array.from(seen.keys()),
        firstNs: Float64Array.from(seen.values(), ({ first }) => first),
        lastNs: Float64Array.from(seen.values(), ({ last }) => last),
      })),
    contents: async () => ({
      vm: Uint16Array.from(contents, ({ vm = 0 }) => vm),
      ppn: Uint32Array.from(contents, ({ ppn }) => ppn),
      timeNs: Float64Array.from(contents, ({ s }) => ns(s)),
      hash: BigUint64Array.from(contents, ({ hash }) => hash),
      zbytes: Uint32Array.from(contents, ({ zbytes }) => zbytes),
    }),
    meminfo: async () => written.meminfo ?? [],
  };
}

function fillAccesses(batch: AccessBatch, rows: readonly Touch[], pages: readonly number[]): void {
  batch.length = rows.length;
  rows.forEach(({ s, vm = 0, op, ppn, count = 1 }, i) => {
    batch.timeNs[i] = ns(s);
    batch.vm[i] = vm;
    batch.vcpu[i] = 0;
    batch.kind[i] = KIND[op];
    batch.page[i] = pages[i];
    batch.ppn[i] = ppn;
    batch.count[i] = count;
  });
}

function fillGuest(batch: GuestBatch, rows: readonly Told[]): void {
  batch.length = rows.length;
  rows.forEach(({ s, vm = 0, event, ppn = NONE, pages = 1, pid = NONE, gfp = NONE, value = 0 }, i) => {
    batch.timeNs[i] = ns(s);
    batch.vm[i] = vm;
    batch.vcpu[i] = 0;
    batch.kind[i] = EVENT[event];
    batch.space[i] = 0;
    batch.vpn[i] = NaN;
    batch.ppn[i] = ppn;
    batch.count[i] = pages;
    batch.value[i] = value;
    batch.pid[i] = pid;
    batch.gfp[i] = gfp;
    batch.migratetype[i] = UNKNOWN;
    batch.level[i] = UNKNOWN;
  });
}

/** Nobody may look at a batch once the next was asked for. */
function poison(batch: AccessBatch | GuestBatch): void {
  for (const column of Object.values(batch)) if (typeof column === "object") column.fill(0xffff_ffff);
  batch.length = 0;
}

/** The run of a hand-written trace with all its VMs, or those of `vms`, by name or as a scenario has them; `check` recounts every sample page by page, or every stretch of `rows`. */
export function replayOf(
  written: HandWritten,
  {
    backing = "4k",
    vms = written.vms ?? ["vm"],
    ...rest
  }: { readonly backing?: string; readonly vms?: readonly (string | object)[]; readonly [key: string]: unknown },
  instants: readonly string[] = [],
  check: boolean | "rows" = true,
): Promise<Run> {
  const trace = traceOf(written);
  return replay({
    scenario: scenarioSchema.parse({
      vms: vms.map((vm) => ({ trace: "hand-written", backing, ...(typeof vm === "string" ? { vm } : vm) })),
      ...rest,
    }),
    open: () => trace,
    instants,
    check,
    tool: "test",
    progress: () => {},
  });
}

/** Columns of a run's table as text, a line per row: times in seconds, unknown numbers as `-`, no text as `""`. */
export function textOf<C extends Columns>(run: Pick<Run, "tables">, spec: TableSpec<C>, columns: readonly (keyof C & string)[]): string {
  const table = pickTable(run.tables, spec);
  if (table === undefined) return "no table";
  const word = (name: string, value: string | number): string =>
    typeof value === "string"
      ? value || '""'
      : Number.isNaN(value)
        ? "-"
        : String(spec.columns[name]?.type === "time" ? value / 1e9 : value);
  return rowsOf(table)
    .map((row) => columns.map((name) => word(name, row[name])).join(" "))
    .join("\n");
}

/** The lines of a text in a test, without its indentation. */
export const lines = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim().replaceAll(/ +/g, " "))
    .filter((line) => line !== "")
    .join("\n");
