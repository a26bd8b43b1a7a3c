import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { InputError, MEASURED_COUNTERS, type MeasuredCounter, type measuredTable, type Row } from "@tidemark/data/shapes";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MeasuredFormat } from "./measured-format.ts";
import { measuredFormats } from "./measured-formats.ts";
import type { MeasuredReading } from "./measured-samples.ts";
import { readMeasured, type MeasuredFile } from "./read-measured.ts";

/** A row of our table. */
export type Sample = Row<typeof measuredTable.columns>;

const NOTHING = Object.fromEntries(MEASURED_COUNTERS.map((counter) => [counter, NaN])) as { readonly [K in MeasuredCounter]: number }; // one per counter, just made
/** One of which only these counters are known. */
export const sample = (time: number, vm: string, known: Partial<Sample>): Sample => ({ ...NOTHING, ...known, time, vm });

const PLAIN: MeasuredReading = { dates: undefined, zoneMinutes: undefined, decimal: undefined, columns: new Map() };

/** Reads one file of this content; messages name it without its folder. */
export async function measuredIn(
  content: string | Uint8Array,
  reading: Partial<MeasuredReading> = {},
  name = "web.txt",
): Promise<MeasuredFile> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-measured-"));
  try {
    writeFileSync(join(folder, name), content);
    const [file] = await readMeasured([join(folder, name)], { ...PLAIN, ...reading }, () => {});
    if (file === undefined) throw new Error("nothing was read");
    return file;
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.message.replaceAll(`${folder}/`, ""));
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `VM counter=pages …` per VM and instant, times in seconds after the first; counters in the order of the table. */
export const dumpOf = ({ series }: MeasuredFile): readonly string[] =>
  series.flatMap(({ vm, timesMs, counters }) =>
    Array.from(timesMs, (ms, i) => {
      const known = MEASURED_COUNTERS.filter((counter) => !Number.isNaN(counters[counter]?.[i] ?? NaN));
      const values = known.map((counter) => `${counter}=${counters[counter]?.[i]}`);
      return [`${(ms - (timesMs[0] ?? 0)) / 1000}s`, vm, ...values].join(" ");
    }),
  );

/** The one line that the user gets. */
export async function refusalOf(content: string | Uint8Array, reading: Partial<MeasuredReading> = {}): Promise<string> {
  try {
    await measuredIn(content, reading);
  } catch (error) {
    if (error instanceof InputError && !error.message.includes("\n")) return error.message;
    throw error;
  }
  throw new Error("was not refused");
}

/** Lengths to which an example is cut that is no text, at most; a text of a few lines is cut at every byte. */
const CUTS_MAX = 150;

/** What every format of measured counters keeps, on an example of at least three samples. */
export function measuredLaws(format: MeasuredFormat, example: string | Buffer): void {
  test(`${format.name}: is listed, and recognised by content alone`, async () => {
    expect(measuredFormats).toContain(format);
    const file = await measuredIn(example, {}, "no-name");
    expect(file.format).toBe(format.name);
    expect(dumpOf(file).length).toBeGreaterThanOrEqual(3);
  });

  test(`${format.name}: line ends, a byte order mark and packing change nothing`, async () => {
    const same = dumpOf(await measuredIn(example));
    const texts = typeof example === "string" ? [example.replaceAll("\n", "\r\n"), `\uFEFF${example}`, example.trimEnd()] : [];
    for (const content of [...texts, gzipSync(example)]) expect(dumpOf(await measuredIn(content))).toEqual(same);
  });

  test(`${format.name}: cut at any byte or damaged, it is samples or one line of refusal`, async () => {
    const bytes = Buffer.from(example);
    const harmless = async (content: Uint8Array): Promise<void> => {
      try {
        await measuredIn(content);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect(String(error)).not.toContain("\n");
      }
    };
    const step = typeof example === "string" ? 1 : Math.ceil(bytes.length / CUTS_MAX);
    for (let length = 0; length < bytes.length; length += step) await harmless(bytes.subarray(0, length));
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at] = value;
        await harmless(copy);
      }),
      { seed: 1, numRuns: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...bytes], { minLength: bytes.length }), (shuffled) => harmless(Buffer.from(shuffled))),
      { seed: 1, numRuns: 10 },
    );
  });
}
