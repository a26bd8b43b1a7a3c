import type { TraceSource } from "@tidemark/data/shapes";

/** Everything one ingest is told. */
export interface IngestPlan {
  /** File paths, in the order given. */
  readonly inputs: readonly string[];
  /** Trace folder to write; it appears whole or not at all. */
  readonly output: string;
  /** A name from `formats`; undefined: every input is recognised by its content. */
  readonly format: string | undefined;
  /** Canonical column → column of the inputs, with `:hex`, `:ns`, `:us`, `:ms` or `:s` to declare how it is written. */
  readonly columns: ReadonlyMap<string, string>;
  /** VM of the inputs that name none. */
  readonly vm: string | undefined;
  /** Unit of time columns whose name does not say it. */
  readonly timeUnit: TimeUnit | undefined;
  /** Subtracted from every time, ns; 0: times stay as they are. */
  readonly timeOriginNs: number;
  /** Configured memory of every VM of the call. */
  readonly sizeBytes: number | undefined;
  /** exact: rows stand in the order of the accesses. windowed: order inside a window is lost. */
  readonly order: "exact" | "windowed" | "undeclared";
  /** What happens to a row that cannot be read: stop there; count it; write it to `rejected.csv` in the trace. */
  readonly badRows: "fail" | "skip" | "quarantine";
  /** Sort inputs whose times go back. */
  readonly sort: boolean;
  /** Threads that scan a plain CSV beside the main one; 0: none; undefined: as many as pay, by the file and the cores. */
  readonly workers: number | undefined;
  /** Name and version of the caller, for the manifest. */
  readonly tool: string;
}

export type TimeUnit = "ns" | "us" | "ms" | "s";

/** What an ingest read and wrote. Rows are rows of the inputs. */
export interface IngestSummary {
  readonly rowsRead: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly accesses: number;
  readonly virtualPages: number;
  readonly guestPhysicalPages: number;
  /** First and last access; null without accesses. */
  readonly firstNs: number | null;
  readonly lastNs: number | null;
  readonly sources: readonly TraceSource[];
  /** Where the rejected rows are; undefined where none were kept. */
  readonly rejectedFile: string | undefined;
}

/** A plan but for what every call must say: nothing declared, nothing put up with. */
export const PLAIN_READING: Omit<IngestPlan, "inputs" | "output" | "tool"> = {
  format: undefined,
  columns: new Map(),
  vm: undefined,
  timeUnit: undefined,
  timeOriginNs: 0,
  sizeBytes: undefined,
  order: "undeclared",
  badRows: "fail",
  sort: false,
  workers: undefined,
};
