import { revocationOrder, type Holding } from "./revocation.ts";

/** Revocation by the letter of Waldspurger 2002 §5.1: one page at a time, from whoever pays least for the next. Returns the targets. */
export function slowRevoke(holdings: readonly Holding[], needPages: number, tax: number): readonly number[] {
  const now = holdings.map((holding) => ({ ...holding }));
  for (let taken = 0; ; taken++) {
    const first = revocationOrder(now, tax)[0];
    if (first === undefined || first.why === "reservation" || now[first.vm].allocatedPages === 0) break;
    if (taken >= needPages && first.why !== "limit") break;
    now[first.vm].allocatedPages--;
  }
  return now.map(({ allocatedPages }) => allocatedPages);
}
