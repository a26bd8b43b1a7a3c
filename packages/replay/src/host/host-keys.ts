import { find, InputError, parseSize, parseTime, readParams, type Params } from "@tidemark/data/shapes";
import { z } from "zod";
import { policies } from "../policies.ts";
import { SCARCE_PERCENT } from "./memory-state.ts";
import {
  ALLOCATION,
  BALLOON,
  COMPRESS,
  FREE_PAGE_REPORTING,
  PROACTIVE,
  PROFILE,
  SENPAI,
  SHARE,
  STALL_COSTS,
  SWAP,
} from "./mechanism-params.ts";

type Given = { readonly [name: string]: string | number };

const value = z.union([z.string(), z.number()]);

/** As text: a time without its unit is refused here as everywhere. Sizes and rates are in pages. */
export const asTexts = (given: Given): Given => Object.fromEntries(Object.entries(given).map(([name, each]) => [name, String(each)]));

function complain(context: z.RefinementCtx, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
  }
}

const parameters = (name: string, params: Params) =>
  z.record(z.string(), value).superRefine((given, context) => complain(context, () => readParams(name, params, asTexts(given))));
const listed = (params: Params): string =>
  Object.entries(params)
    .map(([name, { default: standard, about }]) => `${name} (${standard}): ${about}`)
    .join("; ");
/** In the place of parameters: all at their defaults. So `on` and `off` can be compared. */
const on = z.literal("on").transform((): Given => ({}));
/** A mechanism: its parameters, on, or off. */
const mechanism = (name: string, params: Params, about: string) =>
  z
    .union([z.literal("off"), on, parameters(name, params)])
    .optional()
    .meta({ description: `${about}; off, or ${listed(params)}` });
/** A mechanism that does not act unless it is asked for: on, or its parameters. */
const alternative = (name: string, params: Params, about: string) =>
  z
    .union([z.enum(["off", "on"]), parameters(name, params)])
    .optional()
    .meta({ description: `${about}; off unless asked for: on, or ${listed(params)}` });

/** A time, 0 included. */
const instant = z.string().transform((text, context) => {
  try {
    return parseTime(text, "value");
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.addIssue({ code: "custom", message: error.message.replace(/^value: /, "") });
    return z.NEVER;
  }
});
/** A memory size, in bytes; 0 is one, too. */
const memorySize = z.union([z.string(), z.number().int().min(0).transform(String)]).transform((text, context) => {
  try {
    return /^0+\s*([KMGT]i?B|B)?$/.test(text.trim()) ? 0 : parseSize(text, "value");
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.addIssue({ code: "custom", message: error.message.replace(/^value: /, "") });
    return z.NEVER;
  }
});

/** The scenario's `host`: with it memory is scarce, or at least finite. */
export const hostKey = z.strictObject({
  memory: memorySize.refine((bytes) => bytes > 0, "must be more than 0").meta({ description: "machine memory of the host, e.g. 768MiB" }),
  minFree: z
    .union([z.enum(["sliding", "percent-2002"]), memorySize])
    .default("sliding")
    .meta({ description: "memory that the host wants free: sliding (ESXi 5 and later), percent-2002 (Waldspurger 2002 §6.3), or a size" }),
  hypervisor: memorySize
    .default(0)
    .meta({ description: "memory that the hypervisor keeps for itself; default: 0, nothing is taken from the VMs (ours)" }),
  overheadPerVm: z
    .union([z.literal("table"), memorySize])
    .default("table")
    .meta({ description: "overhead memory of each VM: table (by its size and vCPUs, RMG), or a size" }),
  largePagesBelow: z
    .number()
    .min(0)
    .default(SCARCE_PERCENT)
    .meta({ description: "percent of minFree: with less free, state high breaks the 2 MB pages that the scanner meets" }),
  swapSpace: memorySize.optional().meta({ description: "space for the VMs' swap files; default: not bounded" }),
  quantum: instant
    .refine((ns) => ns > 0, "must be more than 0")
    .default(1e6)
    .meta({ description: "VMs take turns of this length" }),
});

/** Shares count by their proportions; beyond these, sums of pages lose them. */
const SHARES_MIN = 1e-6,
  SHARES_MAX = 1e12;

/** What a scenario says of a VM on such a host. */
export const hostVmKeys = {
  copies: z.number().int().min(1).max(256).default(1).meta({ description: "so many VMs with this trace" }),
  stagger: instant.default(0).meta({ description: "each copy starts so much later than the one before" }),
  start: instant.default(0).meta({ description: "the VM starts so much later than its trace" }),
  stop: instant
    .optional()
    .meta({ description: "the VM is powered off at this time of its trace, moved by start and stagger; default: it is not" }),
  shares: z
    .union([z.enum(["high", "normal", "low"]), z.number().min(SHARES_MIN).max(SHARES_MAX)])
    .default("normal")
    .meta({ description: "high, normal, low (20, 10, 5 per MB), or a number" }),
  reservation: memorySize.default(0).meta({ description: "memory that is never taken from it" }),
  limit: memorySize.optional().meta({ description: "most machine memory it may have; default: its size" }),
  driver: z.boolean().default(true).meta({ description: "a balloon driver runs in the guest" }),
  guestSwap: memorySize
    .optional()
    .meta({ description: "swap of the guest itself, for what the balloon takes; 0: it has none; default: not bounded" }),
  salt: z.string().optional().meta({ description: "VMs of equal salt share pages; default: by share.salting" }),
  vcpus: z.number().int().min(1).max(128).default(1).meta({ description: "for its overhead memory" }),
} as const;

/** Page sharing: its parameters, and those of assumed contents. */
export const shareKey = z
  .strictObject({
    scanTime: value.optional(),
    hostRate: value.optional(),
    period: value.optional(),
    scanner: value.optional(),
    pagesToScan: value.optional(),
    sleep: value.optional(),
    salting: value.optional(),
    contents: value.optional(),
    profile: parameters("share.profile", PROFILE).optional(),
  })
  .superRefine((given, context) => complain(context, () => readParams("share", SHARE, asTexts(defined({ ...given, profile: undefined })))));

/** Swapping: who is taken, and its parameters. */
export const swapKey = z
  .strictObject({
    policy: z
      .union([z.string().transform((name) => ({ name })), z.strictObject({ name: z.string() }).catchall(value)])
      .superRefine(({ name, ...given }, context) =>
        complain(context, () => readParams(name, find("policy", policies, name).params, asTexts(given))),
      )
      .default({ name: "random" })
      .meta({ description: "who is taken: a name of `tidemark list policies`, or { name, parameters }" }),
    rate: value.optional(),
    period: value.optional(),
    scan: value.optional(),
  })
  .superRefine((given, context) => complain(context, () => readParams("swap", SWAP, asTexts(defined({ ...given, policy: undefined })))));

/** The mechanisms' keys. */
export const mechanismKeys = {
  allocation: parameters("allocation", ALLOCATION)
    .optional()
    .meta({ description: `how memory is divided; ${listed(ALLOCATION)}` }),
  share: z
    .union([z.literal("off"), z.literal("on").transform(() => shareKey.parse({})), shareKey])
    .optional()
    .meta({ description: `page sharing; off, or ${listed(SHARE)}; profile, of contents profile, in percent: ${listed(PROFILE)}` }),
  balloon: mechanism("balloon", BALLOON, "ballooning"),
  compress: mechanism("compress", COMPRESS, "the compression cache"),
  swap: z
    .union([z.literal("off"), z.literal("on").transform(() => swapKey.parse({})), swapKey])
    .optional()
    .meta({ description: `swapping by the host; off, or policy and ${listed(SWAP)}` }),
  freePageReporting: alternative(
    "freePageReporting",
    FREE_PAGE_REPORTING,
    "the guest reports free blocks of 2 MB, and the host takes their memory",
  ),
  proactive: alternative("proactive", PROACTIVE, "pages that were not touched for long are paged out, whatever the state"),
  senpai: alternative("senpai", SENPAI, "a little of every VM is paged out while it waits little for memory"),
  stallCosts: parameters("stallCosts", STALL_COSTS)
    .optional()
    .meta({ description: `what a wait costs; ${listed(STALL_COSTS)}` }),
} as const;

export const defined = (given: { readonly [name: string]: string | number | undefined }): Given =>
  Object.fromEntries(Object.entries(given).flatMap(([name, each]) => (each === undefined ? [] : [[name, each]])));
