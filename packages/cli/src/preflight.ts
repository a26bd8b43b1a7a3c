import type { TraceManifest } from "@tidemark/data";
import { say } from "./progress.ts";
import { counted, whole } from "./words.ts";

/** Shorter replays are over before the line is read. */
const LONG_ROWS = 5_000_000;
/** What a replay does on one core of a small machine, rows per second, and takes per configured page, bytes; `pnpm bench`. */
const ROWS_PER_S = 5_000_000,
  BYTES_PER_PAGE = 40,
  BYTES_BASE = 150e6;

/** Before a long replay: what is to be done, and what it will take. */
export function preflight(manifests: readonly TraceManifest[]): void {
  const vms = manifests.flatMap((manifest) => manifest.vms);
  const rows = vms.reduce((sum, vm) => sum + vm.rows, 0);
  if (rows < LONG_ROWS) return;
  const pages = vms.reduce((sum, vm) => sum + (vm.configuredBytes === null ? (vm.highestPpn ?? 0) + 1 : vm.configuredBytes / 4096), 0);
  const megabytes = Math.ceil((BYTES_BASE + pages * BYTES_PER_PAGE) / 1e6);
  say(
    `replaying ${whole(rows)} rows of ${counted(vms.length, "VM")}, ${whole(pages)} pages: about ${Math.ceil(rows / ROWS_PER_S)} s and ${whole(megabytes)} MB`,
  );
}
