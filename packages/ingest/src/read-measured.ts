import { basename } from "node:path";
import { InputError } from "@tidemark/data/shapes";
import { ByteWindow, OPEN_END, type ReadBytes } from "./byte-window.ts";
import { counterTable } from "./measured/counter-table.ts";
import { measuredFormats } from "./measured-formats.ts";
import { MeasuredSamples, type MeasuredReading, type MeasuredSeries } from "./measured-samples.ts";
import { checkOnce, openInputs, type Input } from "./open-input.ts";
import { packings } from "./packings.ts";
import { remedyFor } from "./remedies.ts";

const LF = 10;

/** One file of measured counters. */
export interface MeasuredFile {
  readonly name: string;
  readonly sha256: string;
  readonly format: string;
  /** Its times count from a zero of its own and not from 1970. */
  readonly isOwnClock: boolean;
  readonly series: readonly MeasuredSeries[];
  /** What was taken for granted, or left out. */
  readonly notes: readonly string[];
}

/**
 * Reads files of measured counters, plain, packed, or in an archive; `progress` is told how many bytes have been read. InputError where one is of no
 * known format, or damaged; of an archive that has others, one of no known format is left out, which the first of the others notes.
 */
export async function readMeasured(
  paths: readonly string[],
  reading: MeasuredReading,
  progress: (doneBytes: number) => void,
): Promise<readonly MeasuredFile[]> {
  checkOnce(paths);
  const files: MeasuredFile[] = [];
  let doneBytes = 0;
  for (const path of paths) {
    const inputs = await openInputs(path, (bytes) => progress((doneBytes += bytes)));
    try {
      const [read, unknown]: [MeasuredFile[], string[]] = [[], []];
      for (const input of inputs) {
        const file = await readOne(input, reading);
        if (file === undefined) unknown.push(input.name);
        else read.push(file);
      }
      const [first, ...others] = read;
      if (first === undefined) throw unknownFormat(unknown[0] ?? path);
      const leftOut = unknown.map((name) => `${basename(name)}, in no known format of measured counters, is left out`);
      files.push({ ...first, notes: [...leftOut, ...first.notes] }, ...others);
    } finally {
      await inputs[0]?.file.close();
    }
  }
  return files;
}

const unknownFormat = (name: string): InputError =>
  new InputError(
    `${name}: is in no known format of measured counters; known: ${measuredFormats.map((each) => each.name).join(", ")}; of a table say what its columns are with --measured-map`,
  );

/** undefined: of no known format. */
async function readOne(input: Input, reading: MeasuredReading): Promise<MeasuredFile | undefined> {
  const { name } = input;
  const window = await unpacked(name, input.read);
  const head = Buffer.from(window.bytes.subarray(window.start, window.end)).toString("utf8");
  if (head.length === 0) throw new InputError(`${name}: is empty`);
  const remedy = remedyFor(window.bytes.subarray(window.start, window.end));
  if (remedy !== undefined) throw new InputError(`${name}: ${remedy}`);
  const format = reading.columns.size > 0 ? counterTable : measuredFormats.find((each) => each.sniff(head));
  if (format === undefined) return undefined;
  const samples = new MeasuredSamples(name, basename(name).split(".")[0] ?? "", reading);
  await format.read(window, samples);
  if (format.endsLines === true && window.lastByte !== LF) samples.note(OPEN_END);
  const series = samples.finish();
  return { name, sha256: await input.file.sha256(), format: format.name, isOwnClock: samples.isOwnClock, series, notes: samples.notes };
}

/** A window on the bytes behind any packing. */
async function unpacked(name: string, read: ReadBytes): Promise<ByteWindow> {
  const window = new ByteWindow(name, read);
  await window.fill();
  const head = window.bytes.subarray(window.start, window.end);
  const packing = packings.find((each) => each.is(head));
  return packing === undefined ? window : unpacked(name, packing.unpack(name, Uint8Array.from(head), read));
}
