import type { TraceManifest } from "@tidemark/data/shapes";
import { say } from "./progress.ts";
import { counted, whole } from "./words.ts";

/** Shorter replays are over before the line is read; of smaller ones the machine has the memory. */
const LONG_ROWS = 5_000_000,
  LARGE_MB = 4_000;
/** What a replay does on one core of a small machine, rows per second, and takes per configured page, bytes; `pnpm bench`, docs/compare.md. */
const ROWS_PER_S = 5_000_000,
  HOST_ROWS_PER_S = 1_300_000,
  BYTES_PER_PAGE = 40,
  BYTES_BASE = 150e6;

/** Of `rightsize`, which replays, counts and asks for the bound at each size: rows per second, bytes per row and per page that is accessed; `pnpm bench`, docs/rightsize.md. */
const NEEDS_ROWS_PER_S = 700_000,
  NEEDS_BYTES_PER_ROW = 4,
  NEEDS_BYTES_PER_PAGE = 160;

/** Before a long count of what VMs need: what is to be done, and what it will take. */
export function needsPreflight(vms: TraceManifest["vms"]): void {
  const rows = vms.reduce((sum, vm) => sum + vm.rows, 0);
  if (rows < LONG_ROWS) return;
  const pages = vms.reduce((sum, vm) => sum + vm.guestPhysicalPages, 0);
  const megabytes = Math.ceil((BYTES_BASE + rows * NEEDS_BYTES_PER_ROW + pages * NEEDS_BYTES_PER_PAGE) / 1e6);
  say(
    `reading ${whole(rows)} rows of ${counted(vms.length, "VM")}, ${whole(pages)} pages, twice: about ${whole(Math.ceil(rows / NEEDS_ROWS_PER_S))} s and ${whole(megabytes)} MB`,
  );
}

/** Before a long replay, or before several on threads: what is to be done, and what it will take. `manifests` are those of one replay; `isOnHost`: its memory is finite; `sharedBytes`: of traces that all threads read from memory. */
export function preflight(manifests: readonly TraceManifest[], isOnHost: boolean, cases = 1, threads = 1, sharedBytes = 0): void {
  const vms = manifests.flatMap((manifest) => manifest.vms);
  const rows = vms.reduce((sum, vm) => sum + vm.rows, 0);
  const pages = vms.reduce((sum, vm) => sum + (vm.configuredBytes === null ? (vm.highestPpn ?? 0) + 1 : vm.configuredBytes / 4096), 0);
  const megabytes = Math.ceil((sharedBytes + threads * (BYTES_BASE + pages * BYTES_PER_PAGE)) / 1e6);
  if (rows * cases < LONG_ROWS && megabytes < LARGE_MB) return;
  const seconds = Math.ceil((Math.ceil(cases / threads) * rows) / (isOnHost ? HOST_ROWS_PER_S : ROWS_PER_S));
  const times = cases === 1 ? "" : `, ${whole(cases)} times, ${whole(threads)} at a time`;
  say(
    `replaying ${whole(rows)} rows of ${counted(vms.length, "VM")}, ${whole(pages)} pages${times}: about ${whole(seconds)} s and ${whole(megabytes)} MB`,
  );
}
