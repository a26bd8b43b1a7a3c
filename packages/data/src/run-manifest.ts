import { z } from "zod";

const count = z.number().int().min(0);

/** An instant explained in full, per VM. */
const instant = z.strictObject({ vm: z.string(), asked: z.string(), timeNs: z.number().int() });

/** `run.json`: what was run on what, so that anyone can run it again. No wall-clock times: equal inputs give equal bytes. */
export const runManifest = z.strictObject({
  schema: z.literal(1),
  tool: z.string(),
  pageBytes: z.literal(4096),
  /** The scenario with every default filled in. */
  scenario: z.record(z.string(), z.unknown()),
  originNs: z.number().int(),
  endNs: z.number().int(),
  windowNs: z.number().int(),
  /** How the window was chosen, for people. */
  windowFrom: z.string(),
  sampleNs: z.number().int(),
  timeScale: z.number(),
  seed: count,
  instants: z.array(instant),
  /** `notes`: what was read of a source and not kept, and what its format cannot say. */
  traces: z.array(
    z.strictObject({
      name: z.string(),
      sources: z.array(z.strictObject({ name: z.string(), sha256: z.string(), notes: z.array(z.string()).optional() })),
    }),
  ),
  /** Files of measured counters that the run is held against. */
  measured: z.array(z.strictObject({ name: z.string(), sha256: z.string(), format: z.string() })).optional(),
  vms: z.array(
    z.strictObject({
      name: z.string(),
      configuredPages: count,
      configuredFrom: z.enum(["given", "contents", "source", "assumed"]),
      backing: z.enum(["4k", "2m"]),
      ppns: z.enum(["captured", "synthesised"]),
      order: z.enum(["exact", "windowed", "undeclared"]),
      rows: count,
      accesses: count,
      virtualPages: count,
      guestPhysicalPages: count,
      outsideMemoryAccesses: count,
      allocatorEvents: count,
      meminfoSamples: count,
    }),
  ),
  /** Workload markers of the traces. */
  markers: z.array(z.strictObject({ vm: z.string(), timeNs: z.number().int(), id: z.number().int() })),
  /** What the traces lack and how it was made up, and what was assumed. */
  assumed: z.array(z.string()),
});

export type RunManifest = z.infer<typeof runManifest>;
