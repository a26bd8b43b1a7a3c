import { entitlements } from "./entitlement.ts";

/** What a VM holds, and what protects it. */
export interface Holding {
  readonly shares: number;
  readonly activePages: number;
  readonly reservationPages: number;
  readonly limitPages: number;
  /** Charged machine pages, rounded up, and the compression cache. */
  readonly allocatedPages: number;
}

/**
 * Shares per page, idle pages counted 1/(1 − τ) times (Waldspurger 2002 §5.2): what a VM pays for a page. The next page is taken
 * from the VM that pays least.
 */
export function rho({ shares, allocatedPages, activePages }: Holding, tax: number): number {
  if (allocatedPages === 0) return Infinity;
  const active = Math.min(1, activePages / allocatedPages);
  return shares / (allocatedPages * (active + (1 - active) / (1 - tax)));
}

/**
 * Targets after revocation of `needPages`, smallest ρ first: the equilibrium of what is left, no VM growing and none falling
 * below its reservation. A VM above its limit falls to the limit at least, which counts towards the need. Where all
 * reservations leave too little to take, as much as they leave.
 */
export function revoke(holdings: readonly Holding[], needPages: number, tax: number): readonly number[] {
  let allocated = 0;
  for (const { allocatedPages } of holdings) allocated += allocatedPages;
  const claims = holdings.map(({ shares, activePages, reservationPages, limitPages, allocatedPages }) => {
    const maxPages = Math.min(allocatedPages, limitPages);
    return { shares, activePages, minPages: Math.min(reservationPages, maxPages), maxPages };
  });
  return entitlements(claims, Math.max(0, allocated - needPages), tax);
}

/** Why a VM stands where it does in the order of revocation. */
export type Standing =
  | "limit" // holds more than its limit: reclaimed from first, and without any need
  | "idle" // pays the tax on idle pages
  | "shares" // holds active pages only, or there is no tax: its shares per page decide
  | "reservation"; // holds no more than its reservation: nothing is taken

export interface Place {
  /** Index of the VM. */
  readonly vm: number;
  readonly rho: number;
  readonly why: Standing;
}

/** Who gives up the next page, who would be after it, and why: above the limit, then by ρ, then the reserved; ties to the earlier VM. */
export function revocationOrder(holdings: readonly Holding[], tax: number): readonly Place[] {
  const standing = (holding: Holding): Standing => {
    const { allocatedPages, activePages, reservationPages, limitPages } = holding;
    if (allocatedPages > limitPages) return "limit";
    if (allocatedPages <= reservationPages) return "reservation";
    return tax > 0 && allocatedPages > activePages ? "idle" : "shares";
  };
  const tier = ({ why }: Place): number => (why === "limit" ? 0 : why === "reservation" ? 2 : 1);
  return holdings
    .map((holding, vm): Place => ({ vm, rho: rho(holding, tax), why: standing(holding) }))
    .sort((a, b) => tier(a) - tier(b) || (a.rho < b.rho ? -1 : a.rho > b.rho ? 1 : 0));
}
