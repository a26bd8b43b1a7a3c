import type { TraceFormat } from "./format.ts";
import { accesses } from "./formats/accesses.ts";
import { addressLines } from "./formats/address-lines.ts";
import { allocations } from "./formats/allocations.ts";
import { cacheRequests } from "./formats/cache-requests.ts";
import { capture, captureStrict } from "./formats/capture.ts";
import { champsim } from "./formats/champsim.ts";
import { contents } from "./formats/contents.ts";
import { drmemtrace } from "./formats/drmemtrace.ts";
import { drmemtraceView } from "./formats/drmemtrace-view.ts";
import { damonEvents } from "./formats/damon-events.ts";
import { damoRecord } from "./formats/damo-record.ts";
import { damoReport } from "./formats/damo-report.ts";
import { ftrace } from "./formats/ftrace.ts";
import { gem5Packets } from "./formats/gem5-packets.ts";
import { guestEvents } from "./formats/guest-events.ts";
import { idleBitmaps } from "./formats/idle-bitmaps.ts";
import { lackey } from "./formats/lackey.ts";
import { markers } from "./formats/markers.ts";
import { meminfo } from "./formats/meminfo.ts";
import { oracleGeneral } from "./formats/oracle-general.ts";
import { pageIds } from "./formats/page-ids.ts";
import { perfScript } from "./formats/perf-script.ts";
import { qemuExeclog } from "./formats/qemu-execlog.ts";
import { v2p } from "./formats/v2p.ts";

/** Every input format, in the order in which an input is held against them. To add one: a file in formats/, and its line here. */
export const formats: readonly TraceFormat[] = [
  meminfo,
  capture,
  captureStrict,
  lackey,
  qemuExeclog,
  addressLines,
  pageIds,
  damonEvents,
  damoRecord,
  damoReport,
  perfScript,
  ftrace,
  gem5Packets,
  idleBitmaps,
  drmemtrace,
  drmemtraceView,
  v2p,
  oracleGeneral,
  champsim,
  contents,
  allocations,
  guestEvents,
  markers,
  accesses,
  cacheRequests,
];
