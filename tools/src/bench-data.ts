import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import {
  ArrowFileWriter,
  BATCH_ROWS,
  EVENT_COLUMNS,
  EVENTS_FILE,
  MANIFEST_FILE,
  PAGE_COLUMNS,
  PAGES_FILE,
  PPN_COLUMNS,
  PPNS_FILE,
  READ,
  WRITE,
  type TraceManifest,
} from "@tidemark/data";
import { zipfPages } from "./zipf-pages.ts";

/** Time between the rows of the generated traces, ns. */
export const ROW_NS = 1000;

/** Skewed pages: every page once, then page = ⌊n·u³⌋ scattered over the memory by a prime. Deterministic. */
function pageGenerator(pages: number): (row: number) => number {
  let state = 1;
  return (row) => {
    if (row < pages) return row;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const u = state / 2 ** 32;
    return (Math.floor(pages * u * u * u) * 7919) % pages;
  };
}

const isWrite = (row: number): boolean => (row * 2654435761) % 10 < 3;

/** A plain CSV: the bundled capture alloc-4k, one run after the other, with times that go on. About 48 bytes a row. Gives its rows. */
export function writeCapturedCsv(path: string, repeats: number): number {
  const source = fileURLToPath(new URL("../../traces/alloc-4k/alloc-4k.full-10ms.csv.gz", import.meta.url));
  const [header, ...lines] = gunzipSync(readFileSync(source)).toString("latin1").trimEnd().split("\n");
  const file = openSync(path, "w");
  writeSync(file, `${header}\n`);
  for (let run = 0; run < repeats; run++) {
    const shifted = lines.map((line) => {
      const comma = line.indexOf(",");
      return `${Number(line.slice(0, comma)) + run * RUN_NS}${line.slice(comma)}`;
    });
    writeSync(file, `${shifted.join("\n")}\n`);
  }
  closeSync(file);
  return repeats * lines.length;
}
/** The capture lasts a little over seven seconds. */
const RUN_NS = 8e9;

/** What a generated trace has in its rows; asked row by row, in order. */
interface Rows {
  /** Dense page of the row, which is its PPN too. */
  readonly pageOf: (row: number) => number;
  readonly isWrite: (row: number) => boolean;
  readonly countOf: (row: number) => number;
  /** Time between two rows. */
  readonly rowNs: number;
  /** VPNs of the pages there were, after the last row. */
  readonly vpns: () => Float64Array;
}

/** The same accesses as a native trace, written without the ingest, so that its speed does not matter here. */
export function writeTrace(folder: string, rows: number, pages: number): void {
  writeRows(folder, rows, pages, {
    pageOf: pageGenerator(pages),
    isWrite,
    countOf: (row) => (row % 97) + 1,
    rowNs: ROW_NS,
    vpns: () => Float64Array.from({ length: pages }, (_, page) => 0xffff888000000 + page),
  });
}

/** Single reads of zipf-distributed VPNs. As the ingest does it without GPAs: pages are numbered, and get their PPNs, in order of first touch. */
export function writeZipfTrace(folder: string, rows: number, pages: number): void {
  const next = zipfPages(pages);
  const pageOf = new Int32Array(pages).fill(-1);
  const vpns: number[] = [];
  writeRows(folder, rows, pages, {
    pageOf() {
      const vpn = next();
      if (pageOf[vpn] === -1) pageOf[vpn] = vpns.push(vpn) - 1;
      return pageOf[vpn];
    },
    isWrite: () => false,
    countOf: () => 1,
    rowNs: ROW_NS,
    vpns: () => Float64Array.from(vpns),
  });
}

/** Part of a guest's memory that it works on at a time. */
const HOT_PART = 0.2;

/**
 * A guest that has touched all of its memory and works on a fifth of it, which moves once through the memory in `spanNs`: what it consumes
 * is several times what is active. `seed` tells guests apart.
 */
export function writeGuestTrace(folder: string, rows: number, pages: number, spanNs: number, seed: number): void {
  const hot = Math.floor(HOT_PART * pages);
  let state = seed;
  writeRows(folder, rows, pages, {
    pageOf(row) {
      if (row < pages) return row;
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const u = state / 2 ** 32;
      return (Math.floor((row / rows) * pages) + Math.floor(hot * u * u)) % pages;
    },
    isWrite,
    countOf: () => 1,
    rowNs: spanNs / rows,
    vpns: () => Float64Array.from({ length: pages }, (_, page) => 0xffff888000000 + page),
  });
}

function writeRows(folder: string, rows: number, configuredPages: number, source: Rows): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const first = new Float64Array(configuredPages).fill(-1);
  const last = new Float64Array(configuredPages);
  const events = new ArrowFileWriter(join(folder, EVENTS_FILE), EVENT_COLUMNS);
  const time = new Float64Array(BATCH_ROWS);
  const [vm, vcpu, kind] = [new Uint16Array(BATCH_ROWS), new Uint8Array(BATCH_ROWS), new Uint8Array(BATCH_ROWS)];
  const [page, count] = [new Uint32Array(BATCH_ROWS), new Uint32Array(BATCH_ROWS)];
  let writes = 0;
  let accesses = 0;
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const length = Math.min(BATCH_ROWS, rows - from);
    for (let i = 0; i < length; i++) {
      const row = from + i;
      page[i] = source.pageOf(row);
      time[i] = Math.floor(row * source.rowNs);
      kind[i] = source.isWrite(row) ? WRITE : READ;
      count[i] = source.countOf(row);
      if (first[page[i]] === -1) first[page[i]] = time[i];
      last[page[i]] = time[i];
      accesses += count[i];
      if (kind[i] === WRITE) writes += count[i];
    }
    events.write({ length, columns: [time, vm, vcpu, kind, page, page, count] });
  }
  events.close();
  const vpn = source.vpns();
  const pages = vpn.length;
  const pageFile = new ArrowFileWriter(join(folder, PAGES_FILE), PAGE_COLUMNS);
  pageFile.write({ length: pages, columns: [new Float64Array(pages), vpn] });
  pageFile.close();
  const numbers = Uint32Array.from({ length: pages }, (_, ppn) => ppn);
  const ppnFile = new ArrowFileWriter(join(folder, PPNS_FILE), PPN_COLUMNS);
  ppnFile.write({ length: pages, columns: [new Uint16Array(pages), numbers, first, last] });
  ppnFile.close();
  const endNs = Math.floor((rows - 1) * source.rowNs);
  const manifest: TraceManifest = {
    schema: 1,
    tool: "bench",
    pageBytes: 4096,
    originNs: 0,
    endNs,
    vms: [
      {
        name: "bench",
        configuredBytes: configuredPages * 4096,
        configuredFrom: "source",
        ppns: "captured",
        order: "exact",
        spacesFrom: "unknown",
        rows,
        accesses,
        reads: accesses - writes,
        writes,
        fetches: 0,
        firstNs: 0,
        lastNs: endNs,
        virtualPages: pages,
        guestPhysicalPages: pages,
        highestPpn: pages - 1,
        inferredPpnRows: 0,
        allocatorEvents: 0,
        guestEvents: 0,
        contents: 0,
        meminfoSamples: 0,
      },
    ],
    sources: [],
    captured: [],
    synthesised: [],
  };
  writeFileSync(join(folder, MANIFEST_FILE), JSON.stringify(manifest));
}
