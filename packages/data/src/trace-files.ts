import type { ArrowColumn } from "./arrow-file.ts";

/** The Arrow files of a trace folder and their columns. */
export const EVENTS_FILE = "events.arrow";
export const PAGES_FILE = "pages.arrow";
export const PPNS_FILE = "ppns.arrow";
export const GUEST_FILE = "guest.arrow";
export const CONTENTS_FILE = "contents.arrow";
export const MEMINFO_FILE = "meminfo.arrow";
export const MANIFEST_FILE = "trace.json";

/** The accesses, ordered by (time, vm, source order). */
export const EVENT_COLUMNS: readonly ArrowColumn[] = [
  { name: "time", type: "u64" },
  { name: "vm", type: "u16" },
  { name: "vcpu", type: "u8" },
  { name: "kind", type: "u8" },
  { name: "page", type: "u32" },
  { name: "ppn", type: "u32", nullable: true },
  { name: "count", type: "u32" },
];

/** Row `pageStart[vm] + page`: what the dense page number stands for. Grouped by VM. */
export const PAGE_COLUMNS: readonly ArrowColumn[] = [
  { name: "space", type: "u64" },
  { name: "vpn", type: "u64" },
];

/** One row per guest-physical page that is ever accessed, grouped by VM, in order of first access. */
export const PPN_COLUMNS: readonly ArrowColumn[] = [
  { name: "vm", type: "u16" },
  { name: "ppn", type: "u32" },
  { name: "first", type: "u64" },
  { name: "last", type: "u64" },
];

/** What the guest did besides accessing. */
export const GUEST_COLUMNS: readonly ArrowColumn[] = [
  { name: "time", type: "u64" },
  { name: "vm", type: "u16" },
  { name: "vcpu", type: "u8" },
  { name: "kind", type: "u8" },
  { name: "space", type: "u64" },
  { name: "vpn", type: "u64", nullable: true },
  { name: "ppn", type: "u32", nullable: true },
  { name: "count", type: "u32" },
  { name: "value", type: "u64" },
  { name: "pid", type: "u32", nullable: true },
  { name: "gfp", type: "u32", nullable: true },
  { name: "migratetype", type: "u8", nullable: true },
  { name: "level", type: "u8", nullable: true },
];

/** What a page held: valid from the page's last write before `time`. Hash 0: all zero. */
export const CONTENT_COLUMNS: readonly ArrowColumn[] = [
  { name: "vm", type: "u16" },
  { name: "ppn", type: "u32" },
  { name: "time", type: "u64" },
  { name: "hash", type: "hash" },
  { name: "zbytes", type: "u32", nullable: true },
];

/** The guest's own counters, one row per sample and counter; unit as the guest prints it ("kB" or none). */
export const MEMINFO_COLUMNS: readonly ArrowColumn[] = [
  { name: "time", type: "u64" },
  { name: "vm", type: "u16" },
  { name: "counter", type: "text" },
  { name: "value", type: "u64" },
  { name: "unit", type: "text" },
];
