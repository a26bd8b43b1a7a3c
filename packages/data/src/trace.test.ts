import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NONE, type AccessBatch } from "./access-batch.ts";
import { ArrowFileWriter, type ArrowColumn, type ColumnArray } from "./arrow-file.ts";
import { InputError } from "./fail.ts";
import { collect, testFolder, thrownBy } from "./testing.ts";
import * as files from "./trace-files.ts";
import type { TracedVm, TraceManifest } from "./trace-manifest.ts";
import { openTrace } from "./trace.ts";

const vm = (name: string, facts: Partial<TracedVm>): TracedVm => ({
  name,
  configuredBytes: null,
  configuredFrom: null,
  ppns: "captured",
  order: "exact",
  spacesFrom: "rows",
  rows: 3,
  accesses: 3,
  reads: 1,
  writes: 1,
  fetches: 1,
  firstNs: 10,
  lastNs: 40,
  virtualPages: 2,
  guestPhysicalPages: 2,
  highestPpn: 9,
  inferredPpnRows: 0,
  allocatorEvents: 0,
  guestEvents: 0,
  contents: 0,
  meminfoSamples: 0,
  ...facts,
});
const MANIFEST: TraceManifest = {
  schema: 1,
  tool: "test",
  pageBytes: 4096,
  originNs: 10,
  endNs: 40,
  vms: [
    vm("db", { guestEvents: 2, allocatorEvents: 1, contents: 1, meminfoSamples: 1 }),
    vm("web", { ppns: "synthesised", virtualPages: 3, guestPhysicalPages: 1, contents: 1 }),
  ],
  sources: [],
  captured: [],
  synthesised: [],
};

type Batches = readonly (readonly ColumnArray[])[];
const EVENTS: Batches = [
  [
    Float64Array.of(10, 10, 20),
    Uint16Array.of(0, 1, 1),
    new Uint8Array(3),
    Uint8Array.of(0, 1, 2),
    Uint32Array.of(0, 0, 1),
    Uint32Array.of(9, NONE, 7),
    Uint32Array.of(1, 2, 3),
  ],
  [Float64Array.of(40), Uint16Array.of(0), Uint8Array.of(3), Uint8Array.of(1), Uint32Array.of(1), Uint32Array.of(4), Uint32Array.of(NONE)],
];
const UNKNOWN = Uint32Array.of(NONE, 7);
const GUEST: Batches = [
  [
    Float64Array.of(11, 12),
    new Uint16Array(2),
    new Uint8Array(2),
    Uint8Array.of(0, 8),
    new Float64Array(2),
    Float64Array.of(NaN, 2 ** 51),
    UNKNOWN,
    Uint32Array.of(8, 1),
    Float64Array.of(0, 11),
    UNKNOWN,
    UNKNOWN,
    Uint8Array.of(255, 1),
    Uint8Array.of(255, 2),
  ],
];
const PAGES: Batches = [
  [Float64Array.of(1, 1, 0), Float64Array.of(100, 2 ** 51, 5)],
  [Float64Array.of(0, 0), Float64Array.of(6, 7)],
];
const PPNS: Batches = [[Uint16Array.of(0, 0, 1), Uint32Array.of(9, 4, 0), Float64Array.of(10, 40, 10), Float64Array.of(10, 40, 20)]];
const CONTENTS: Batches = [
  [Uint16Array.of(0, 1), Uint32Array.of(9, 0), Float64Array.of(40, 40), BigUint64Array.of(0n, 2n ** 64n - 1n), Uint32Array.of(NONE, 700)],
];
const MEMINFO: Batches = [
  [Float64Array.of(10, 10), new Uint16Array(2), ["MemTotal", "HugePages_Total"], Float64Array.of(256, 0), ["kB", ""]],
];

function writeArrow(path: string, columns: readonly ArrowColumn[], batches: Batches): void {
  rmSync(path, { force: true });
  const writer = new ArrowFileWriter(path, columns);
  for (const batch of batches) writer.write({ length: batch[0].length, columns: batch });
  writer.close();
}

/** A trace of two VMs; `manifest` may lie. */
function writeTrace(manifest: object = MANIFEST): string {
  const folder = join(testFolder(), "small.trace");
  mkdirSync(folder);
  const write = (file: string, columns: readonly ArrowColumn[], batches: Batches): void => writeArrow(join(folder, file), columns, batches);
  write(files.EVENTS_FILE, files.EVENT_COLUMNS, EVENTS);
  write(files.GUEST_FILE, files.GUEST_COLUMNS, GUEST);
  write(files.PAGES_FILE, files.PAGE_COLUMNS, PAGES);
  write(files.PPNS_FILE, files.PPN_COLUMNS, PPNS);
  write(files.CONTENTS_FILE, files.CONTENT_COLUMNS, CONTENTS);
  write(files.MEMINFO_FILE, files.MEMINFO_COLUMNS, MEMINFO);
  writeFileSync(join(folder, files.MANIFEST_FILE), JSON.stringify(manifest));
  return folder;
}

const rowsOf = ({ length, timeNs, vm, vcpu, kind, page, ppn, count }: AccessBatch) =>
  Array.from({ length }, (_, i) => [timeNs[i], vm[i], vcpu[i], kind[i], page[i], ppn[i], count[i]]);

describe("a trace folder", () => {
  test("has its manifest and says where it is", () => {
    const folder = writeTrace();
    expect(openTrace(folder)).toMatchObject({ name: folder, manifest: MANIFEST });
  });

  test("gives accesses; a page without captured PPN takes its own number in a synthesised VM only", async () => {
    const trace = openTrace(writeTrace());
    const expected = [
      [10, 0, 0, 0, 0, 9, 1],
      [10, 1, 0, 1, 0, 0, 2],
      [20, 1, 0, 2, 1, 7, 3],
      [40, 0, 3, 1, 1, 4, NONE],
    ];
    expect(await collect(trace.accesses(), rowsOf)).toEqual(expected);
    expect(await collect(trace.accesses(), rowsOf)).toEqual(expected); // as often as wanted
    for (const first of ["captured", "synthesised"]) {
      const [db, web] = MANIFEST.vms;
      const captured = openTrace(
        writeTrace({
          ...MANIFEST,
          vms: [
            { ...db, ppns: first },
            { ...web, ppns: "captured" },
          ],
        }),
      );
      expect((await collect(captured.accesses(), rowsOf))[1]).toEqual([10, 1, 0, 1, 0, NONE, 2]);
    }
  });

  test("gives touches: VM and PPN of the same rows, whichever kinds of VM there are", async () => {
    const kinds = ["captured", "synthesised"] as const;
    for (const first of kinds) {
      for (const second of kinds) {
        const [db, web] = MANIFEST.vms;
        const vms = [
          { ...db, ppns: first },
          { ...web, ppns: second },
        ];
        const trace = openTrace(writeTrace({ ...MANIFEST, vms }));
        const touched = await collect(trace.touches(), ({ length, vm, ppn }) => Array.from({ length }, (_, i) => [vm[i], ppn[i]]));
        if (first === "captured" || second === "captured")
          expect(touched).toEqual((await collect(trace.accesses(), rowsOf)).map((row) => [row[1], row[5]]));
        // Where no VM has PPNs of its own the column is not looked at: a page's number is its PPN.
        else expect(touched).toEqual((await collect(trace.accesses(), rowsOf)).map((row) => [row[1], row[4]]));
      }
    }
  });

  test("gives guest events, unknown values as sentinels", async () => {
    const batches = await collect(openTrace(writeTrace()).guestEvents(), ({ length, ...columns }) => [
      { length, ...Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column].slice(0, length)])) },
    ]);
    expect(batches).toEqual([
      {
        length: 2,
        timeNs: [11, 12],
        vm: [0, 0],
        vcpu: [0, 0],
        kind: [0, 8],
        space: [0, 0],
        vpn: [NaN, 2 ** 51],
        ppn: [NONE, 7],
        count: [8, 1],
        value: [0, 11],
        pid: [NONE, 7],
        gfp: [NONE, 7],
        migratetype: [255, 1],
        level: [255, 2],
      },
    ]);
  });

  test("gives pages and PPNs by VM, across batches", async () => {
    const trace = openTrace(writeTrace());
    expect(await trace.pages()).toEqual([
      { space: Float64Array.of(1, 1), vpn: Float64Array.of(100, 2 ** 51) },
      { space: Float64Array.of(0, 0, 0), vpn: Float64Array.of(5, 6, 7) },
    ]);
    expect(await trace.ppns()).toEqual([
      { ppn: Uint32Array.of(9, 4), firstNs: Float64Array.of(10, 40), lastNs: Float64Array.of(10, 40) },
      { ppn: Uint32Array.of(0), firstNs: Float64Array.of(10), lastNs: Float64Array.of(20) },
    ]);
  });

  test("gives contents and the guest's counters", async () => {
    const trace = openTrace(writeTrace());
    expect(await trace.contents()).toEqual({
      vm: Uint16Array.of(0, 1),
      ppn: Uint32Array.of(9, 0),
      timeNs: Float64Array.of(40, 40),
      hash: BigUint64Array.of(0n, 2n ** 64n - 1n),
      zbytes: Uint32Array.of(NONE, 700),
    });
    expect(await trace.meminfo()).toEqual([
      { timeNs: 10, vm: 0, counter: "MemTotal", value: 256, unit: "kB" },
      { timeNs: 10, vm: 0, counter: "HugePages_Total", value: 0, unit: "" },
    ]);
  });

  test("needs no files for what was not captured", async () => {
    const nothing = { guestEvents: 0, allocatorEvents: 0, contents: 0, meminfoSamples: 0 };
    const folder = writeTrace({ ...MANIFEST, vms: MANIFEST.vms.map((v) => ({ ...v, ...nothing })) });
    for (const file of [files.GUEST_FILE, files.CONTENTS_FILE, files.MEMINFO_FILE]) rmSync(join(folder, file));
    const trace = openTrace(folder);
    expect(await collect(trace.guestEvents(), () => [1])).toEqual([]);
    expect((await trace.contents()).ppn).toEqual(new Uint32Array(0));
    expect(await trace.meminfo()).toEqual([]);
  });
});

describe("a folder that is no whole trace is refused in one line", () => {
  const refused = async (folder: string, use: () => unknown): Promise<string> => {
    const error = await thrownBy(use);
    expect(error).toBeInstanceOf(InputError);
    const text = String(error).replace("InputError: ", "").replaceAll(`${folder}/`, "").replaceAll(folder, ".");
    expect(text).not.toContain("\n");
    return text;
  };

  test("without a manifest", async () => {
    const folder = testFolder();
    expect(await refused(folder, () => openTrace(folder))).toBe("trace.json: no such file or folder");
    expect(await refused(folder, () => openTrace(join(folder, "absent")))).toBe("absent/trace.json: no such file or folder");
  });

  test.each<[string, string]>([
    ["", "trace.json: is not JSON (Unexpected end of JSON input); ingest the sources again"],
    ['{"schema": 1,\n"tool"', "trace.json: is not JSON ("],
    ["[]", "trace.json: Invalid input: expected object, received array; ingest the sources again"],
    [JSON.stringify({ ...MANIFEST, schema: 2 }), "trace.json: schema: Invalid input: expected 1; ingest the sources again"],
    [JSON.stringify({ ...MANIFEST, pageBytes: 8192 }), "trace.json: pageBytes: Invalid input: expected 4096; ingest the sources again"],
    [
      JSON.stringify({ ...MANIFEST, vms: [vm("a", {}), { ...vm("b", {}), rows: "3" }] }),
      "trace.json: vms.1.rows: Invalid input: expected number, received string; ingest the sources again",
    ],
    [JSON.stringify({ ...MANIFEST, vms: [{ ...vm("a", {}), rows: -1 }] }), "trace.json: vms.0.rows: Too small"],
    [JSON.stringify({ ...MANIFEST, vms: [{ ...vm("a", {}), order: "random" }] }), "trace.json: vms.0.order: Invalid option"],
    [JSON.stringify({ ...MANIFEST, surprise: 1 }), 'trace.json: Unrecognized key: "surprise"; ingest the sources again'],
  ])("with the manifest %j", async (text, message) => {
    const folder = testFolder();
    writeFileSync(join(folder, files.MANIFEST_FILE), text);
    expect(await refused(folder, () => openTrace(folder))).toContain(message);
  });

  const reads = {
    [files.EVENTS_FILE]: (folder: string) => collect(openTrace(folder).accesses(), rowsOf),
    [files.GUEST_FILE]: (folder: string) => collect(openTrace(folder).guestEvents(), () => [1]),
    [files.PAGES_FILE]: (folder: string) => openTrace(folder).pages(),
    [files.PPNS_FILE]: (folder: string) => openTrace(folder).ppns(),
    [files.CONTENTS_FILE]: (folder: string) => openTrace(folder).contents(),
    [files.MEMINFO_FILE]: (folder: string) => openTrace(folder).meminfo(),
  };
  test.each(Object.entries(reads))("with %s absent, cut short or without its columns", async (file, use) => {
    const folder = writeTrace();
    const path = join(folder, file);
    truncateSync(path, readFileSync(path).length - 20);
    expect(await refused(folder, () => use(folder))).toBe(`${file}: is cut short, its end is missing; write it again`);
    rmSync(path);
    expect(await refused(folder, () => use(folder))).toBe(`${file}: no such file or folder`);
    writeArrow(path, [{ name: "x", type: "u8" }], []);
    expect(await refused(folder, () => use(folder))).toMatch(/: has no column ".+"; was it written by another version\?$/);
  });

  test("with other numbers of pages, PPNs or contents than its manifest", async () => {
    const changed = (facts: Partial<TracedVm>): string => writeTrace({ ...MANIFEST, vms: MANIFEST.vms.map((v) => ({ ...v, ...facts })) });
    for (const n of [0, 2, 4]) {
      const folder = changed({ virtualPages: n });
      expect(await refused(folder, () => openTrace(folder).pages())).toBe(
        `pages.arrow: has 5 rows where the manifest says ${2 * n}; ingest the sources again`,
      );
    }
    const ppns = changed({ guestPhysicalPages: 1 });
    expect(await refused(ppns, () => openTrace(ppns).ppns())).toBe(
      "ppns.arrow: has 3 rows where the manifest says 2; ingest the sources again",
    );
    const swapped = writeTrace({ ...MANIFEST, vms: MANIFEST.vms.toReversed() });
    expect(await refused(swapped, () => openTrace(swapped).ppns())).toBe(
      "ppns.arrow: its VMs are not those of trace.json; ingest the sources again",
    );
    const contents = changed({ contents: 2 });
    expect(await refused(contents, () => openTrace(contents).contents())).toBe(
      "contents.arrow: has 2 rows where the manifest says 4; ingest the sources again",
    );
  });
});
