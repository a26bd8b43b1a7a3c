import { InputError, schemaWords, type Named } from "@tidemark/data/shapes";
import { z } from "zod";
import { PAGE_SIZES } from "./translation/page-size.ts";

const count = z.number().int().min(1).max(65_536);
const sets = (fields: { readonly entries: number; readonly ways: number }): boolean =>
  Number.isInteger(Math.log2(fields.entries / fields.ways));
const SETS = { error: "entries / ways must be a power of two: the number of sets" };

const tlb = z.strictObject({ holds: z.array(z.enum(PAGE_SIZES)).min(1), entries: count, ways: count }).refine(sets, SETS);
const pagingCache = z
  .strictObject({ tables: z.array(z.number().int().min(1).max(4)).min(1), entries: count, ways: count })
  .refine(sets, SETS);
const once = (what: string) => ({ error: `${what} has two homes; give it one` });
const isOnce = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
/** Hardware that a core may do without, but not without saying so. */
const orNone = (none: string) => ({
  error: ({ input }: { readonly input: unknown }) => (input === undefined ? `is missing (write ${none} for none)` : undefined),
});
const tlbLevel = z.array(tlb, orNone("[]")).refine((arrays) => isOnce(arrays.flatMap(({ holds }) => holds)), once("a page size"));
const pagingCaches = z
  .array(pagingCache, orNone("[]"))
  .refine((arrays) => isOnce(arrays.flatMap(({ tables }) => tables)), once("a table level"));

/** A processor's translation hardware, as a file says it. */
export const coreSchema = z
  .strictObject({
    name: z.string().min(1),
    about: z.string().min(1),
    /** Where the geometry comes from, and what of it is assumed. */
    source: z.string().min(1),
    /** First-level TLBs: for data, and for fetches too where there is no `l1Fetch`. */
    l1: tlbLevel,
    l1Fetch: tlbLevel.optional(),
    l2: tlbLevel,
    /** The unified TLB that holds 4 KB pages also holds addresses of page tables (PDEs). */
    pdesInL2: z.boolean().default(false),
    /** Paging-structure caches of the walked table (native, shadow) or of the guest dimension. `tables`: levels of the tables whose addresses are kept; 1 for PDEs, 2 PDPTEs, 3 PML4Es. */
    paging: pagingCaches,
    /** The same for the host dimension of a nested walk. */
    hostPaging: pagingCaches,
    /** PPN → frame, for the guest's table pages and for data; none where null. */
    nestedTlb: z.strictObject({ entries: count, ways: count }, orNone("null")).refine(sets, SETS).nullable(),
  })
  .refine(({ pdesInL2, l2 }) => !pdesInL2 || l2.some(({ holds }) => holds.includes("4k")), {
    error: "pdesInL2 needs an l2 array that holds 4k",
  })
  .refine(({ pdesInL2, paging }) => !pdesInL2 || !paging.some(({ tables }) => tables.includes(1)), once("table level 1"));

/** Sizes of TLBs and paging-structure caches. A plug-in that is all data. */
export type Core = z.output<typeof coreSchema> & Named;

export const core = (geometry: z.input<typeof coreSchema>): Core => coreSchema.parse(geometry);

/** A user's own core from JSON text. InputError at the first thing that is wrong, with all that is missing where something is. */
export function parseCore(text: string, file: string): Core {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: is not JSON (${error instanceof Error ? error.message : String(error)}); write a core as one object`);
  }
  const parsed = coreSchema.safeParse(json, { error: schemaWords });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const missing = issues.filter(({ path, message }) => path.length > 0 && message.startsWith("is missing"));
  if (missing.length > 0) throw new InputError(`${file}: ${missing.map(({ path, message }) => `${path.join(".")} ${message}`).join(", ")}`);
  const { path, message } = issues[0];
  throw new InputError(`${file}: ${path.join(".") || "core"}: ${message}`);
}
