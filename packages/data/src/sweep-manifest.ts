import { z } from "zod";
import { readManifest } from "./manifest-file.ts";

const count = z.number().int().min(1);

/** `sweep.json`: what a folder of compared cases holds. No wall-clock times: equal inputs give equal bytes. */
const sweepManifest = z.strictObject({
  schema: z.literal(1),
  tool: z.string(),
  /** Name of the case that the others are compared with. */
  baseline: z.string(),
  /** Which part of the cases the folder is of: case i, from 0, is of slice 1 + i mod `of`. */
  slice: z.strictObject({ index: count, of: count }),
  /** All cases, those of other slices with them. */
  cases: z.array(
    z.strictObject({
      name: z.string(),
      /** SHA-256 of all that the case's run depends on. */
      key: z.string().regex(/^[0-9a-f]{64}$/),
      parameters: z.array(z.strictObject({ path: z.string(), text: z.string() })),
    }),
  ),
});

export type Sweep = z.infer<typeof sweepManifest>;
export type SweptCase = Sweep["cases"][number];
export type Slice = Sweep["slice"];

/** Reads a `sweep.json`. InputError where it is not one. */
export const readSweep = (path: string): Sweep => readManifest(path, sweepManifest, "compare again");
