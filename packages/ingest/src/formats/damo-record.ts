import { InputError } from "@tidemark/data/shapes";
import { DAMON_LACKS, DamonRegions, type DamonRegion } from "../damon-regions.ts";
import type { ByteFormat, SourceContext } from "../format.ts";
import { JsonScanner, type JsonVisitor } from "../json-scanner.ts";
import { parseTimeCell } from "../time-cell.ts";
import { targetOf } from "./damon-events.ts";

/** Bytes scanned before their regions are handed on. */
const PIECE = 1 << 16;
const NUMBER = /^[\d,]+$/;

/** The file that `damo record` writes. */
export const damoRecord: ByteFormat = {
  name: "damo-record",
  about: "damon.data of damo record: JSON, as it is or packed by zlib (--output_type json_compressed, json)",
  source: "damo 3.3.0, _damo_records.py (DamonRecord.to_kvpairs)",
  columns: [],
  numbersRows: true,
  order: "windowed",
  lacks: DAMON_LACKS,
  sniff: (head) => /^(?:\xef\xbb\xbf)?\s*\[\s*\{\s*"kdamond_idx"\s*:/.test(Buffer.from(head.subarray(0, 256)).toString("latin1")),
  async *read(bytes, context) {
    const regions = new DamonRegions(context);
    const record = new RecordParts(context);
    const scanner = new JsonScanner(context.name, record);
    if (bytes.bytes[bytes.start] === 0xef) bytes.start += 3;
    do {
      while (bytes.start < bytes.end) {
        const to = Math.min(bytes.end, bytes.start + PIECE);
        scanner.feed(bytes.bytes, bytes.start, to);
        bytes.start = to;
        for (const region of record.take()) yield* regions.add(region);
        yield* regions.rest();
      }
      await bytes.fill();
    } while (bytes.start < bytes.end);
    scanner.finish();
    yield* regions.finish();
  },
};

/** Puts the regions of records together from the parts of the JSON text. */
class RecordParts implements JsonVisitor {
  readonly #context: SourceContext;
  #regions: DamonRegion[] = [];
  #row = 0;
  #records = 0;
  #target: number | undefined;
  #timeNs: number | undefined;
  readonly #parts = new Map<string, string | undefined>();

  constructor(context: SourceContext) {
    this.#context = context;
  }

  value(path: string, text: string | undefined): void {
    if (path === "target_id") this.#target = text === undefined ? undefined : targetOf(text);
    else if (path === "snapshots.end_time") this.#timeNs = this.#timeOf(text ?? "");
    else if (path.startsWith("snapshots.regions.")) this.#parts.set(path.slice(18), text);
  }

  end(path: string): void {
    if (path === "snapshots.regions") this.#endRegion();
    else if (path === "snapshots") this.#timeNs = undefined;
    else if (path === "") {
      this.#records++;
      this.#target = undefined;
    }
  }

  /** The regions that are whole. */
  take(): readonly DamonRegion[] {
    const regions = this.#regions;
    this.#regions = [];
    return regions;
  }

  #timeOf(text: string): number {
    const time = parseTimeCell(text.replaceAll(",", ""), 1, this.#context.plan.timeOriginNs);
    if (typeof time === "string") throw new InputError(`${this.#context.name}: end_time ${text} ${time}`);
    return time;
  }

  #endRegion(): void {
    const [start, end] = [this.#parts.get("start"), this.#parts.get("end")];
    const samples = this.#parts.get("nr_accesses.samples");
    const percent = this.#parts.get("nr_accesses.percent");
    this.#parts.clear();
    const row = ++this.#row;
    this.#context.read(1);
    if (this.#timeNs === undefined) throw new InputError(`${this.#context.name}: has regions before the end_time of their snapshot`);
    if (start === undefined || end === undefined || !NUMBER.test(start) || !NUMBER.test(end)) {
      this.#context.reject(row, "", "is a region without start and end");
      return;
    }
    this.#regions.push({
      row,
      text: "",
      timeNs: this.#timeNs,
      target: this.#target ?? this.#records,
      start: Number(start.replaceAll(",", "")),
      end: Number(end.replaceAll(",", "")),
      // A share of the looks says that there were accesses, and not how many.
      accesses: samples === undefined ? Math.ceil(Math.min(1, Number(percent ?? 0))) : Math.round(Number(samples.replaceAll(",", ""))),
    });
  }
}
