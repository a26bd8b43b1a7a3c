import { expect, test } from "vitest";
import { explainedInstants } from "./explained.ts";
import { ledgerBlock } from "./page-ledger.ts";
import { exampleRun } from "./testing.ts";

/** The ledger, with this much of the trace left after its instant. */
function ledgerWith(remaining: number): string {
  const [instant] = explainedInstants(exampleRun());
  if (instant === undefined) throw new Error("the example explains an instant");
  const counters = { ...instant.counters, remaining };
  return ledgerBlock({ instant: { ...instant, counters }, windowNs: 1e9, place: "0-0", since: undefined }).html;
}

test("columns of what comes after are only there where enough comes after", () => {
  const known = ledgerWith(1e9);
  expect(known).toContain("Touched again");
  expect(known).toContain("The last two columns look ahead");
  const unknown = ledgerWith(5e8);
  expect(unknown).not.toMatch(/Touched again|last two columns/);
  expect(unknown).toContain("Whether idle memory is touched again is not known: the trace ends 500 ms later, less than a window.");
  const cells = (html: string): number => html.slice(0, html.indexOf("</table>")).match(/<t[dh]/g)?.length ?? 0;
  // Two of the head, six classes and three totals.
  expect(cells(known) - cells(unknown)).toBe(2 * (1 + 6 + 3));
});
