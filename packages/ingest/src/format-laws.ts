import { gzipSync } from "node:zlib";
import { InputError } from "@tidemark/data/shapes";
import { zipSync } from "fflate";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TraceFormat } from "./format.ts";
import { formats } from "./formats.ts";
import { OPEN_END } from "./byte-window.ts";
import { ingestFiles, type Ingested } from "./testing.ts";

/** What every format keeps, on a small example of at least three rows. */
export function formatLaws(format: TraceFormat, example: string | Uint8Array): void {
  const bytes = Buffer.from(example);
  const same = async (content: string | Uint8Array): Promise<void> => {
    expect(resultOf(await ingestFiles({ f: content }))).toEqual(resultOf(await ingestFiles({ f: example })));
  };

  test(`${format.name}: is listed, and recognised by content alone`, async () => {
    expect(formats).toContain(format);
    expect((await ingestFiles({ "no-name": example })).manifest.sources[0].format).toBe(format.name);
    expect((await ingestFiles({ "no-name": example }, { format: format.name })).manifest.sources[0].rows).toBeGreaterThanOrEqual(3);
  });

  test(`${format.name}: what it cannot say and how its rows are ordered is in the manifest`, async () => {
    const { synthesised, vms } = (await ingestFiles({ f: example })).manifest;
    expect(synthesised).toEqual(expect.arrayContaining([...(format.lacks ?? [])]));
    expect(vms.map(({ order }) => order)).toEqual(vms.map(() => format.order ?? "undeclared"));
  });

  test(`${format.name}: packed it is the same`, async () => {
    await same(gzipSync(bytes));
    const cut = bytes.indexOf(10, bytes.length / 2) + 1;
    await same(Buffer.concat([gzipSync(bytes.subarray(0, cut)), gzipSync(bytes.subarray(cut))]));
    await same(zipSync({ "inside.txt": bytes }));
    await same(zipSync({ "folder/inside.gz": gzipSync(bytes) }, { level: 0 }));
  });

  if (typeof example === "string") {
    test(`${format.name}: line ends, a BOM and a missing last line end change nothing`, async () => {
      await same(example.replaceAll("\n", "\r\n"));
      await same(`\uFEFF${example}`);
      await same(example.replace(/\n$/, ""));
      await same(`${example}\n\n`);
    });
  }

  if ("recognises" in format && typeof example === "string") {
    test(`${format.name}: quoted, or with another delimiter, it is the same`, async () => {
      await same(example.replaceAll(/[^,\n]+/g, '"$&"'));
      for (const delimiter of ["\t", ";", "|", "^"]) await same(example.replaceAll(",", delimiter));
    });
  }

  test(`${format.name}: written as CSV and read again, its accesses are the same`, async () => {
    const { accesses, manifest } = await ingestFiles({ f: example });
    if (accesses.length > 0)
      expect((await ingestFiles({ f: csvOf(accesses, manifest.vms[0].ppns === "captured") })).accesses).toEqual(accesses);
  });

  test(`${format.name}: is taken for no other, and refused where it is said to be one`, async () => {
    for (const other of formats) {
      if (other === format || !("sniff" in other)) continue;
      expect([other.name, other.sniff(bytes)]).toEqual([other.name, false]);
      const forced = await traceOrRefusal(bytes, other.name);
      // A reader of some events of a common text may find none of its own.
      expect([other.name, forced?.accesses ?? [], forced?.guest ?? []]).toEqual([other.name, [], []]);
    }
  });

  test(`${format.name}: cut at every byte, it is what stands before, with a word of warning, or one line of refusal`, async () => {
    const whole = await ingestFiles({ f: example });
    for (let length = 0; length < bytes.length; length++) {
      const cut = await traceOrRefusal(bytes.subarray(0, length));
      // The last line of a text may end within a number and still be one.
      expect(whole.accesses.slice(0, Math.max(0, (cut?.accesses.length ?? 0) - 1))).toEqual(cut?.accesses.slice(0, -1) ?? []);
      if (cut !== undefined && "sniff" in format && typeof example === "string")
        expect(cut.manifest.sources[0].notes.includes(OPEN_END)).toBe(bytes[length - 1] !== 10);
      expect(whole.guest.slice(0, Math.max(0, (cut?.guest.length ?? 0) - 1))).toEqual(cut?.guest.slice(0, -1) ?? []);
    }
  });

  test(`${format.name}: damaged or shuffled, it is a trace or one line of refusal`, async () => {
    const damaged = fc.oneof(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }).map((changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at] = value;
        return copy;
      }),
      fc.shuffledSubarray([...bytes], { minLength: bytes.length }).map((shuffled) => Buffer.from(shuffled)),
    );
    const named = fc.constantFrom(undefined, format.name);
    await fc.assert(
      fc.asyncProperty(damaged, named, async (content, name) => void (await traceOrRefusal(content, name))),
      { seed: 1, numRuns: 40 },
    );
  });
}

/** What comes of an input; undefined: it is refused in one line. */
async function traceOrRefusal(content: Uint8Array, format?: string): Promise<Ingested | undefined> {
  try {
    return await ingestFiles({ f: content }, { format });
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).not.toContain("\n");
    return undefined;
  }
}

/** The CSV of accesses that `ingestFiles` has put into words. */
function csvOf(accesses: readonly string[], hasPpns: boolean): string {
  const rows = accesses.map((access) => {
    const [time, vm, vcpu, op, space, vpn, ppn, count] = access.split(/[ /:]/);
    return [time, vm, vcpu, op, `0x${space}`, `0x${vpn}`, hasPpns ? `0x${ppn}` : "", count.slice(1)].join(",");
  });
  return `time_ns,vm,vcpu,op,space,vpn,ppn,count\n${rows.join("\n")}\n`;
}

/** All but the file's own size and hash, and whether its last line has an end. */
const resultOf = ({ manifest, accesses, guest }: Ingested): unknown => ({
  accesses,
  guest,
  manifest: {
    ...manifest,
    sources: manifest.sources.map(({ format, rows, notes }) => ({ format, rows, notes: notes.filter((note) => note !== OPEN_END) })),
  },
});
