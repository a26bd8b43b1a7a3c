import { actionsTable } from "@tidemark/data/shapes";
import type { Panel } from "../panel.ts";

/** A decision of the host that a VM is to give up pages. */
export interface Take {
  readonly timeNs: number;
  readonly vm: string;
  /** What it holds above its target. */
  readonly pages: number;
  /** Its place among those that give, 1 the first; NaN where the reason does not say. */
  readonly place: number;
  /** Whether its own limit asks for it, and not the host's need. */
  readonly isForLimit: boolean;
  /** Why this VM, as the table says it: `taxed for idle pages`. */
  readonly standing: string;
}

/** The reason of a target: `need: number 1 of 4 to give, taxed for idle pages (rho 0.0443); holds 36562, target 32322, …`. */
const REASON = /^(?<why>\w+): number (?<place>\d+) of \d+ to give, (?<standing>[^(;]*)/;

/** Every decision to take pages, in the order in which VMs are to give. */
export const takes = ({ rows }: Pick<Panel, "rows">): readonly Take[] =>
  rows(actionsTable)
    .filter(({ action, pages }) => action === "target" && pages > 0)
    .map(({ time, vm, pages, reason }) => {
      const { why, place, standing } = REASON.exec(reason)?.groups ?? {};
      return {
        timeNs: time,
        vm,
        pages,
        place: Number(place ?? NaN),
        isForLimit: why === "limit",
        standing: (standing ?? reason.split(";")[0] ?? "").trim(),
      };
    })
    .sort((a, b) => a.timeNs - b.timeNs || a.place - b.place);

/** The first that each VM had to give, in that order. */
export function firstTakes(all: readonly Take[]): readonly Take[] {
  const first = new Map<string, Take>();
  for (const take of all) if (!first.has(take.vm)) first.set(take.vm, take);
  return [...first.values()];
}

export const largestTake = (all: readonly Take[]): Take | undefined =>
  all.reduce<Take | undefined>((most, take) => (most === undefined || take.pages > most.pages ? take : most), undefined);
