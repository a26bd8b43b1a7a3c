import type { Guest } from "../guests.ts";
import type { Scenario } from "../scenario.ts";
import { mechanismsOf } from "./mechanisms.ts";

/** What a scenario makes its host assume of the guests, and what it cannot do for want of contents, in words for the run's manifest. */
export function assumptions(
  scenario: Scenario,
  guests: readonly { readonly name: string; readonly facts: Pick<Guest["facts"], "contents"> }[],
): readonly string[] {
  if (scenario.host === undefined) return [];
  const { share, profile } = mechanismsOf(scenario).mechanisms;
  if (share === undefined) return [];
  if (share.contents !== "profile") {
    const unknown = guests.filter(({ facts }) => facts.contents === 0);
    return [
      ...(share.contents === "end-state"
        ? ["page contents known only later are assumed to hold throughout, whatever is written (share.contents: end-state)"]
        : []),
      ...unknown.map(
        ({ name }) =>
          `${name}: the trace has no page contents: none of its pages is shared; share: { contents: profile } would assume some`,
      ),
    ];
  }
  const { zero, commonDuplicate, ownDuplicate, common, some, held } = profile;
  const rest = Number((100 - zero - commonDuplicate - ownDuplicate - common - some).toFixed(6));
  return [
    `page contents are assumed, not captured (share.contents: profile), and to hold throughout, whatever is written: of every VM's pages ${zero} % are zero, ` +
      `${commonDuplicate} % are twice in it and in every other VM, ${ownDuplicate} % are twice in it alone, ${common} % are in every VM, ${some} % are in ${held} % of the VMs, ${rest} % are like no other`,
  ];
}
