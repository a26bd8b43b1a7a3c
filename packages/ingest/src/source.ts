import { InputError, type TraceSource } from "@tidemark/data/shapes";
import type { SourceContext } from "./format.ts";
import type { IngestPlan } from "./ingest-plan.ts";
import type { RawBatch } from "./raw-batch.ts";
import type { Rejects } from "./rejects.ts";

/** One input that is being read: a file, or a member of an archive. */
export class Source implements SourceContext {
  readonly name: string;
  /** Position among the inputs: the last word in the order of equal rows. */
  readonly index: number;
  readonly plan: IngestPlan;
  format = "";
  /** What its format says of the order of its rows. */
  order: "exact" | "windowed" | "undeclared" = "undeclared";
  /** Rows are named by number and not by line. */
  numbersRows = false;
  /** The source's VM names by their number in its raw batches; 0: not named. */
  vmNames: readonly string[] = [""];
  rows = 0;
  rejected = 0;
  readonly #notes: string[] = [];
  #shortRows = 0;
  readonly #rejects: Rejects;
  readonly #facts: SourceFacts;
  #lastRejected = -1;

  constructor(name: string, index: number, plan: IngestPlan, rejects: Rejects, facts: SourceFacts) {
    this.name = name;
    this.index = index;
    this.plan = plan;
    this.#rejects = rejects;
    this.#facts = facts;
  }

  read(rows: number): void {
    this.rows += rows;
  }

  short(rows: number): void {
    this.#shortRows += rows;
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  captured(what: string): void {
    this.#facts.captured.add(what);
  }

  synthesised(what: string): void {
    this.#facts.synthesised.add(what);
  }

  where(line: number): string {
    return this.numbersRows ? `${this.name}: row ${line}` : `${this.name}:${line}`;
  }

  /** A row of which one part has been refused already (an access over two pages) counts once. */
  reject(line: number, text: string, reason: string): void {
    if (line === this.#lastRejected) return;
    this.#lastRejected = line;
    if (this.plan.badRows === "fail") throw new InputError(`${this.where(line)}: ${reason}`);
    this.rejected++;
    this.#rejects.add(this.name, line, reason, text);
  }

  #shortNote(): readonly string[] {
    const rows = this.#shortRows;
    if (rows === 0) return [];
    return [`${rows === 1 ? "1 row has" : `${rows} rows have`} fewer fields than the header: what is not there is taken as empty`];
  }

  describe(bytes: number, sha256: string): TraceSource {
    return {
      name: this.name,
      bytes,
      sha256,
      format: this.format,
      rows: this.rows,
      accepted: this.rows - this.rejected,
      rejected: this.rejected,
      notes: [...this.#notes, ...this.#shortNote()],
    };
  }
}

/** What the sources of one ingest contain and lack. */
export interface SourceFacts {
  readonly captured: Set<string>;
  readonly synthesised: Set<string>;
}

/** A source and its batches. */
export interface OpenSource {
  readonly source: Source;
  /** undefined: a table of page contents or counters, which has no place in the order of events. */
  batches(): AsyncGenerator<RawBatch>;
  /** Its entry in the manifest; asked once all is read. */
  describe(): Promise<TraceSource>;
  close(): Promise<void>;
}
