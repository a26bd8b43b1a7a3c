import { z } from "zod";

const count = z.number().int().min(0);
const time = z.number().int();

/** One traced guest, as `trace.json` describes it. Times are the source's own, in ns. */
const tracedVm = z.strictObject({
  name: z.string(),
  /** Memory size where it was given or is known; null: assume the highest PPN + 1, rounded up to 1 MiB. */
  configuredBytes: count.nullable(),
  configuredFrom: z.enum(["given", "contents", "source"]).nullable(),
  /** captured: PPNs come from the source. synthesised: a page's PPN is its first-touch number. */
  ppns: z.enum(["captured", "synthesised"]),
  /** exact: rows stand in the order of the accesses. windowed: order inside a window is lost. undeclared: the source does not say. */
  order: z.enum(["exact", "windowed", "undeclared"]),
  /** Rows that took their address space from the vCPU's last switch event. */
  spacesFrom: z.enum(["rows", "switches", "unknown"]),
  rows: count,
  accesses: count,
  reads: count,
  writes: count,
  fetches: count,
  firstNs: time.nullable(),
  lastNs: time.nullable(),
  /** Distinct (space, VPN). */
  virtualPages: count,
  /** Distinct PPNs. */
  guestPhysicalPages: count,
  highestPpn: count.nullable(),
  /** Rows without a GPA in a captured VM: they took the page's last known PPN. */
  inferredPpnRows: count,
  allocatorEvents: count,
  guestEvents: count,
  contents: count,
  meminfoSamples: count,
});

const source = z.strictObject({
  name: z.string(),
  bytes: count,
  sha256: z.string(),
  format: z.string(),
  rows: count,
  accepted: count,
  rejected: count,
  /** What was read and deliberately not kept, and what the format cannot say; for people. */
  notes: z.array(z.string()),
});

/** `trace.json`. */
export const traceManifest = z.strictObject({
  schema: z.literal(1),
  tool: z.string(),
  pageBytes: z.literal(4096),
  /** First access of the trace, ns on the source's own clock; null in a trace without accesses. */
  originNs: time.nullable(),
  /** Last access. */
  endNs: time.nullable(),
  vms: z.array(tracedVm),
  sources: z.array(source),
  /** What the sources contain. */
  captured: z.array(z.string()),
  /** What they lack and how it was made up: shown wherever its consequences are shown. */
  synthesised: z.array(z.string()),
});

export type TraceManifest = z.infer<typeof traceManifest>;
export type TracedVm = z.infer<typeof tracedVm>;
export type TraceSource = z.infer<typeof source>;
