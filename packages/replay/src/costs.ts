import { number, readParams, type Values } from "@tidemark/data/shapes";
import { EXIT_REASONS, type CounterGroup, type ExitReason } from "./translation/counters.ts";

const cycles = (value: number, about: string) => number({ default: value, min: 0, max: 1e9, unit: "cycles", about });

/** What translation costs, in cycles of the core; every number a parameter, for none of them is the same on two machines. */
export const COSTS = {
  access: cycles(
    4,
    "an access besides its translation (a first-level cache hit: WikiChip, Skylake server; the instructions around it are left out)",
  ),
  secondLevelHit: cycles(
    7,
    "a hit in the second-level TLB, beyond the first level (7 on Zen 2 and 7 to 8 on Zen 4: Lam 2022, Lam 2023; Intel's metrics charge 9 on Skylake and 7 from Ice Lake on)",
  ),
  reference: cycles(
    30,
    "a memory reference of a walk (ours: between a second- and a third-level cache hit, 14 and 50 to 70 on a Skylake server: WikiChip)",
  ),
  hostReference: cycles(30, "a reference to the host's tables (ours: like any other)"),
  exit: cycles(
    1500,
    "leaving the guest and coming back with the least work (KVM: a VMCALL on Skylake 1,529 to 1,559, Li 2020; a CPUID 1,018, with mitigations over 1,600, Christopherson 2024)",
  ),
  hiddenFault: cycles(1000, "filling a shadow entry, beyond the exit (ours)"),
  reflectedFault: cycles(500, "finding that a fault is the guest's own and handing it on, beyond the exit (ours)"),
  tableWrite: cycles(1500, "decoding and carrying out a trapped page-table write, beyond the exit (ours)"),
  cr3Load: cycles(500, "finding the shadow root of a space, beyond the exit (ours)"),
  invlpg: cycles(300, "carrying out an INVLPG, beyond the exit (ours)"),
  eptViolation: cycles(1000, "filling a nested entry, beyond the exit (ours)"),
  resync: cycles(1500, "comparing one shadow table with the guest's (ours: 512 entries)"),
} as const;

export type CostValues = Values<typeof COSTS>;
/** The costs with some replaced; InputError at an unknown name. */
export const readCosts = (given: { readonly [name: string]: string | number }): CostValues => readParams("costs", COSTS, given);

const WORK: { readonly [reason in ExitReason]: keyof CostValues } = {
  "hidden fault": "hiddenFault",
  "reflected fault": "reflectedFault",
  "page-table write": "tableWrite",
  "cr3 load": "cr3Load",
  invlpg: "invlpg",
  "ept violation": "eptViolation",
};

/** A counter of one mode on one core by its name: what the `translation` table has. */
export type CountOf = (group: CounterGroup, counter: string) => number;

/** Causes of translation time, in the order they are stacked. */
export const COST_CAUSES = ["second-level TLB", "guest or shadow walk", "host walk", ...EXIT_REASONS, "resync"] as const;
type CostCause = (typeof COST_CAUSES)[number];

export interface Priced {
  /** Cycles by cause, over the whole trace. */
  readonly byCause: { readonly [cause in CostCause]: number };
  readonly total: number;
  readonly perAccess: number;
  /** Of all cycles, those of translation. */
  readonly share: number;
}

/** What a mode's counters cost. */
export function price(count: CountOf, costs: CostValues): Priced {
  const hostReferences = count("references", "host tables");
  const exits = (reason: ExitReason): number => count("exits", reason) * (costs.exit + costs[WORK[reason]]);
  const byCause = {
    "second-level TLB": (count("tlb", "L2 hits 4k") + count("tlb", "L2 hits 2m") + count("tlb", "L2 hits 1g")) * costs.secondLevelHit,
    "guest or shadow walk": (count("references", "all") - hostReferences) * costs.reference,
    "host walk": hostReferences * costs.hostReference,
    "hidden fault": exits("hidden fault"),
    "reflected fault": exits("reflected fault"),
    "page-table write": exits("page-table write"),
    "cr3 load": exits("cr3 load"),
    invlpg: exits("invlpg"),
    "ept violation": exits("ept violation"),
    resync: count("hypervisor", "resyncs") * costs.resync,
  };
  const total = Object.values(byCause).reduce((sum, cost) => sum + cost, 0);
  const accesses = count("tlb", "accesses");
  return {
    byCause,
    total,
    perAccess: accesses === 0 ? 0 : total / accesses,
    share: accesses === 0 ? 0 : total / (total + accesses * costs.access),
  };
}

/**
 * The value of one cost at which two modes cost the same, the others as they are: below it the one is better, above it the other.
 * Null where no cost above 0 makes them equal: then one of them is better whatever it is. All prices are linear in every cost.
 */
export function breakEven(one: CountOf, other: CountOf, costs: CostValues, names: readonly (keyof CostValues)[]): number | null {
  const at = (value: number): number => {
    const moved = { ...costs, ...Object.fromEntries(names.map((name) => [name, value])) };
    return price(one, moved).total - price(other, moved).total;
  };
  const atZero = at(0);
  const slope = at(1) - atZero;
  if (slope === 0) return null;
  const value = -atZero / slope;
  return value > 0 ? value : null;
}
