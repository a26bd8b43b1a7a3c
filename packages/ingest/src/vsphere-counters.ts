import { PAGE_BYTES, type MeasuredCounter } from "@tidemark/data/shapes";

const KB = 1024 / PAGE_BYTES;
const MB = 1024 * KB;

/** A vSphere counter of ours, and how many pages one of its units is. */
export interface VsphereCounter {
  readonly counter: MeasuredCounter;
  readonly unitPages: number;
}

/** `mem.*` of VMs and hosts that are states, not rates: vSphere's name → ours. All are in KB but those that are not (vSphere's own counter list). */
const BY_NAME: ReadonlyMap<string, VsphereCounter> = new Map<string, VsphereCounter>([
  ["active", { counter: "activeReported", unitPages: KB }],
  ["sharedcommon", { counter: "sharedCommon", unitPages: KB }],
  ["state", { counter: "state", unitPages: 1 }],
  ["swapused", { counter: "swapped", unitPages: KB }],
  ["mementitlement", { counter: "entitlement", unitPages: MB }],
  ...(
    [
      "activewrite",
      "consumed",
      "entitlement",
      "granted",
      "overhead",
      "shared",
      "swapin",
      "swapout",
      "swapped",
      "swaptarget",
      "vmmemctl",
      "vmmemctltarget",
      "zipped",
      "zipSaved",
    ] as const
  ).map((counter): [string, VsphereCounter] => [counter.toLowerCase(), { counter, unitPages: KB }]),
]);

/** Roll-ups that keep what was counted; minimum and maximum are other figures. */
const ROLLUPS: ReadonlySet<string> = new Set(["", "average", "latest", "none"]);

/** `mem.consumed.average`, `mem.consumed` → a counter of ours; undefined for all that is not compared. */
export function vsphereCounter(name: string): VsphereCounter | undefined {
  const found = /^mem\.([a-z]+)(?:\.([a-z]+))?$/i.exec(name.trim());
  if (found === null || !ROLLUPS.has((found[2] ?? "").toLowerCase())) return undefined;
  return BY_NAME.get((found[1] ?? "").toLowerCase());
}

/** A hundredth of a per cent, in which the API gives percentages. */
export const USAGE_UNIT = 1e-4;

/** `mem.usage`: of a VM active memory in per cent of its size, of a host consumed memory; the API gives whole hundredths, cut off. */
export const isUsage = (name: string): boolean => /^mem\.usage(\.(average|latest|none))?$/i.test(name.trim());

/**
 * Numbers that vCenter ("vpx") and ESX hosts give their counters, where an export has no names. Stable in practice, promised nowhere; from the counter
 * lists of vmware/govmomi's simulator.
 */
const BY_ID: ReadonlyMap<number, string> = new Map([
  [24, "usage"],
  [29, "granted"],
  [33, "active"],
  [37, "shared"],
  [49, "swapused"],
  [57, "sharedcommon"],
  [68, "state"],
  [70, "swapped"],
  [74, "swaptarget"],
  [90, "vmmemctl"],
  [94, "vmmemctltarget"],
  [98, "consumed"],
  [102, "overhead"],
  [214, "mementitlement"],
  [406, "swapin"],
  [410, "swapout"],
  [417, "activewrite"],
  [420, "zipped"],
  [421, "zipSaved"],
  [423, "entitlement"],
  [65537, "usage"],
  [65541, "granted"],
  [65545, "active"],
  [65549, "shared"],
  [65561, "swapused"],
  [65569, "sharedcommon"],
  [65580, "state"],
  [65582, "vmmemctl"],
  [65586, "overhead"],
  [65591, "swapped"],
  [65595, "swaptarget"],
  [65599, "swapin"],
  [65603, "swapout"],
  [65607, "vmmemctltarget"],
  [65611, "consumed"],
  [65620, "activewrite"],
  [65626, "zipped"],
  [65627, "zipSaved"],
  [65629, "entitlement"],
]);

/** An ESX host's own numbers of the counters of memory begin here; its smaller ones are of other counters than vCenter's. */
const ESX_FIRST = 65_536;

/** The name of a counter by its number among those of one answer, which tell whose they are; undefined where it is none of memory. */
export function vsphereName(id: number, ids: readonly number[]): string | undefined {
  const name = id < ESX_FIRST && ids.some((each) => each >= ESX_FIRST) ? undefined : BY_ID.get(id);
  return name === undefined ? undefined : `mem.${name}`;
}
