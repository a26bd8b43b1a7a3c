import { find, InputError, readParams } from "@tidemark/data";
import { z } from "zod";
import { coreSchema } from "../core.ts";
import { cores } from "../cores.ts";
import { COSTS, readCosts } from "../costs.ts";
import { modes } from "../modes.ts";
import { PAGE_SIZES } from "./page-size.ts";

/** Adds what `check` has to complain of to the scenario's complaints, so that it gets a file position. */
function complain(context: z.RefinementCtx, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
  }
}

/** As text: a time without its unit is refused here as everywhere. */
const texts = (given: { readonly [name: string]: string | number }) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));

const text = z.union([z.string(), z.number()]);
const core = z.union([z.string(), coreSchema]).superRefine((given, context) => {
  if (typeof given === "string") complain(context, () => find("core", cores, given));
});
const mode = z
  .union([z.string().transform((name) => ({ name })), z.strictObject({ name: z.string() }).catchall(text)])
  .superRefine(({ name, ...given }, context) =>
    complain(context, () => {
      if (name === "all") throw new InputError("all stands for every mode; give it alone, not in a list");
      readParams(name, find("mode", modes, name).params, texts(given));
    }),
  );
/** Figures are told apart by the names of core and mode. */
const eachOnce =
  (what: string) =>
  (given: readonly (string | { readonly name: string })[], context: z.RefinementCtx): void => {
    const names = given.map((one) => (typeof one === "string" ? one : one.name));
    const again = names.findIndex((name, i) => names.indexOf(name) < i);
    if (again !== -1)
      context.addIssue({ code: "custom", path: [again], message: `${what} "${names[again]}" is given twice; give it once` });
  };
const allModes = modes.map(({ name }) => ({ name }));
const PAIRS = ["trace", ...PAGE_SIZES].flatMap((guest) => ["backing", ...PAGE_SIZES].map((host) => `${guest}/${host}`));
const costs = z.record(z.string(), text).superRefine((given, context) => complain(context, () => readCosts(given)));

/** The scenario's `translation`: what to count, and what to price it with. */
export const translationKey = z.strictObject({
  core: z
    .union([core.transform((one) => [one]), z.array(core).min(1)])
    .superRefine(eachOnce("core"))
    .default(["skylake"])
    .meta({ description: "cores whose TLBs are modelled: names of `tidemark list cores`, or geometries of one's own; one or a list" }),
  modes: z
    .union([z.literal("all").transform(() => allModes), mode.transform((one) => [one]), z.array(mode).min(1)])
    .superRefine(eachOnce("mode"))
    .default(allModes)
    .meta({ description: "all, or a list of modes, each a name or { name, parameters }" }),
  pages: z
    .union([z.enum(PAIRS).transform((one) => [one]), z.array(z.enum(PAIRS)).min(1)])
    .superRefine(eachOnce("pair of page sizes"))
    .default(["trace/backing"])
    .meta({
      description:
        "page sizes of guest/host, one or a list: guest trace (as its map events say, else 4k) or a what-if of 4k, 2m, 1g; host backing (the VM's) or a what-if",
    }),
  levels: z.literal([4, 5]).default(4).meta({ description: "levels of the guest's page tables" }),
  hostLevels: z.literal([4, 5]).default(4).meta({ description: "levels of the host's nested tables" }),
  tagged: z
    .boolean()
    .default(true)
    .meta({ description: "TLB entries carry an address-space tag (PCID, ASID), so that CR3 loads drop nothing" }),
  warm: z
    .boolean()
    .default(false)
    .meta({ description: "the hypervisor's tables start with every mapping that was there from the start; else empty, as the pmap does" }),
  costs: costs.default({}).meta({ description: `cycles, in place of the defaults: ${Object.keys(COSTS).join(", ")}` }),
});

export type TranslationKey = z.output<typeof translationKey>;

/** The key with every cost and every parameter of its modes filled in; times in ns. */
export const filledTranslation = (key: TranslationKey) => ({
  ...key,
  modes: key.modes.map(({ name, ...given }) => ({ name, ...readParams(name, find("mode", modes, name).params, texts(given)) })),
  costs: readCosts(key.costs),
});
