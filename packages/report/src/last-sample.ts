import { roundTime } from "@tidemark/data/shapes";
import type { Panel } from "./panel.ts";
import { formatInstant } from "./time-unit.ts";

/** "at the last sample, 7 s". Where that reads like an explained instant and is another, with other figures, how far apart they are. */
export function atLastSample({ instants }: Pick<Panel, "instants">, timeNs: number): string {
  const read = formatInstant(timeNs);
  const near = instants.find((each) => each.timeNs !== timeNs && formatInstant(each.timeNs) === read);
  if (near === undefined) return `at the last sample, ${read}`;
  const side = timeNs > near.timeNs ? "after" : "before";
  return `at the last sample, ${read} (${roundTime(Math.abs(timeNs - near.timeNs))} ${side} the instant explained)`;
}
