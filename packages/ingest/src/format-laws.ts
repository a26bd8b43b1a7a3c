import { gzipSync } from "node:zlib";
import { InputError } from "@tidemark/data";
import { zipSync } from "fflate";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TraceFormat } from "./format.ts";
import { formats } from "./formats.ts";
import { ingestFiles, type Ingested } from "./testing.ts";

/** What every text format keeps, on an example of at least three rows. */
export function formatLaws(format: TraceFormat, example: string): void {
  const same = async (content: string | Uint8Array): Promise<void> => {
    expect(resultOf(await ingestFiles({ f: content }))).toEqual(resultOf(await ingestFiles({ f: example })));
  };

  test(`${format.name}: is listed, and recognised by content alone`, async () => {
    expect(formats).toContain(format);
    expect((await ingestFiles({ "no-name": example })).manifest.sources[0].format).toBe(format.name);
    expect((await ingestFiles({ "no-name": example }, { format: format.name })).manifest.sources[0].rows).toBeGreaterThanOrEqual(3);
  });

  test(`${format.name}: line ends, a BOM and a missing last line end change nothing`, async () => {
    await same(example.replaceAll("\n", "\r\n"));
    await same(`\uFEFF${example}`);
    await same(example.replace(/\n$/, ""));
    await same(`${example}\n\n`);
  });

  test(`${format.name}: packed it is the same`, async () => {
    await same(gzipSync(example));
    const cut = example.indexOf("\n", example.length / 2) + 1;
    await same(Buffer.concat([gzipSync(example.slice(0, cut)), gzipSync(example.slice(cut))]));
    await same(zipSync({ "inside.txt": Buffer.from(example) }));
    await same(zipSync({ "folder/inside.gz": gzipSync(example) }, { level: 0 }));
  });

  if ("recognises" in format) {
    test(`${format.name}: quoted, or with another delimiter, it is the same`, async () => {
      await same(example.replaceAll(/[^,\n]+/g, '"$&"'));
      for (const delimiter of ["\t", ";", "|", "^"]) await same(example.replaceAll(",", delimiter));
    });
  }

  test(`${format.name}: damaged or cut, it is a trace or one line of refusal`, async () => {
    const bytes = Buffer.from(example);
    const damaged = fc.oneof(
      fc.nat(bytes.length).map((length) => bytes.subarray(0, length)),
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }).map((changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at] = value;
        return copy;
      }),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (content) => {
        try {
          await ingestFiles({ f: content });
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect(String(error)).not.toContain("\n");
        }
      }),
      { seed: 1, numRuns: 30 },
    );
  });
}

/** All but the file's own size and hash. */
const resultOf = ({ manifest, accesses, guest }: Ingested): unknown => ({
  accesses,
  guest,
  manifest: { ...manifest, sources: manifest.sources.map(({ format, rows, notes }) => ({ format, rows, notes })) },
});
