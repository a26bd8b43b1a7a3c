import { assert } from "@tidemark/data/shapes";

/** What a VM has a claim to when memory is divided. */
export interface Claim {
  readonly shares: number;
  /** Active memory: the estimated active fraction of the configured size. */
  readonly activePages: number;
  /** No less than this: the reservation. */
  readonly minPages: number;
  /** No more than this: the configured size or the limit. */
  readonly maxPages: number;
}

/** Idle memory tax: the largest fraction of a VM's idle pages that may be taken from it (Waldspurger 2002 §5.2). */
export const IDLE_TAX = 0.75;

/**
 * The equilibrium of min-funding revocation with idle memory tax τ (Waldspurger 2002 §5.1, §5.2), in whole pages. Pages go
 * from the VM with the smallest ρ = S / (P·(f + k·(1 − f))), k = 1/(1 − τ), f = min(1, A/P), until all ρ are equal to one
 * 1/λ. Solved for P: λS where that is at most A, else A + (1 − τ)·(λS − A), kept within [min, max]; λ such that ΣP = total.
 * Where the maxima fit into the total all get their maximum; where the minima do not fit, their minimum.
 */
export function entitlements(claims: readonly Claim[], totalPages: number, tax: number): readonly number[] {
  assert(tax >= 0 && tax < 1, `idle tax ${tax}`);
  for (const { shares, minPages, maxPages } of claims)
    assert(shares > 0 && 0 <= minPages && minPages <= maxPages, `${shares} shares, ${minPages} to ${maxPages} pages`);
  if (sum(claims, (claim) => claim.maxPages) <= totalPages) return claims.map((claim) => claim.maxPages);
  if (sum(claims, (claim) => claim.minPages) >= totalPages) return claims.map((claim) => claim.minPages);
  const lambda = findLambda(claims, totalPages, tax);
  return wholePages(
    claims.map((claim) => pagesAt(claim, lambda, tax)),
    totalPages,
  );
}

function sum(claims: readonly Claim[], pagesOf: (claim: Claim) => number): number {
  let pages = 0;
  for (const claim of claims) pages += pagesOf(claim);
  return pages;
}

function pagesAt({ shares, activePages, minPages, maxPages }: Claim, lambda: number, tax: number): number {
  const untaxed = lambda * shares;
  const pages = untaxed <= activePages ? untaxed : activePages + (1 - tax) * (untaxed - activePages);
  return Math.min(Math.max(pages, minPages), maxPages);
}

/** The λ at which a VM reaches its maximum. */
const lambdaAtMax = ({ shares, activePages, maxPages }: Claim, tax: number): number =>
  (maxPages <= activePages ? maxPages : activePages + (maxPages - activePages) / (1 - tax)) / shares;

/** Bisection down to neighbouring numbers: ΣP rises with λ. */
function findLambda(claims: readonly Claim[], totalPages: number, tax: number): number {
  let low = 0;
  let high = 0;
  for (const claim of claims) high = Math.max(high, lambdaAtMax(claim, tax));
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (sum(claims, (claim) => pagesAt(claim, middle, tax)) < totalPages) low = middle;
    else high = middle;
  }
}

/** Parts of a page that are told apart: rounding errors of the equilibrium are smaller, so that they break no tie. */
const PARTS = 2 ** 20;

/** Whole pages that add up to the total: largest remainder, ties to the earlier VM. */
function wholePages(pages: readonly number[], totalPages: number): readonly number[] {
  const parts = pages.map((exact) => Math.round(exact * PARTS));
  const whole = parts.map((part) => Math.floor(part / PARTS));
  const byRemainder = parts.map((_, vm) => vm).sort((a, b) => (parts[b] % PARTS) - (parts[a] % PARTS)); // stable
  const left = totalPages - whole.reduce((all, given) => all + given, 0);
  assert(left >= 0 && left < Math.max(1, whole.length), `${left} pages are left of ${totalPages}`);
  for (let i = 0; i < left; i++) whole[byRemainder[i]]++;
  return whole;
}
