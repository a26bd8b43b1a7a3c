import type { Scenario } from "../scenario.ts";
import { mechanismsOf } from "./mechanisms.ts";

/** What a scenario makes its host assume of the guests, in words for the run's manifest. */
export function assumptions(scenario: Scenario): readonly string[] {
  if (scenario.host === undefined) return [];
  const { share, profile } = mechanismsOf(scenario).mechanisms;
  if (share === undefined || share.contents === "trace") return [];
  if (share.contents === "end-state")
    return ["page contents known only later are assumed to hold throughout, whatever is written (share.contents: end-state)"];
  const { zero, commonDuplicate, ownDuplicate, common, some, held } = profile;
  const rest = Number((100 - zero - commonDuplicate - ownDuplicate - common - some).toFixed(6));
  return [
    `page contents are assumed, not captured (share.contents: profile), and to hold throughout, whatever is written: of every VM's pages ${zero} % are zero, ` +
      `${commonDuplicate} % are twice in it and in every other VM, ${ownDuplicate} % are twice in it alone, ${common} % are in every VM, ${some} % are in ${held} % of the VMs, ${rest} % are like no other`,
  ];
}
