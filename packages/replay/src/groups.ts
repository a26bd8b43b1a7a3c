import { PAGE_KINDS } from "@tidemark/data/shapes";
import { UNKNOWN_KIND } from "./page-kind.ts";

/** What the guest's allocator said last about a page. */
export const ALLOCATOR_UNKNOWN = 0,
  ALLOCATED = 1,
  FREED = 2;

/** The owner with this number has what nobody else is known to own: the guest's kernel, as a rule. */
export const KERNEL_OWNER = 0;

/**
 * Pages with equal owner, kind and allocator state, numbered densely so that the census can count them in a typed array.
 * Group 0 is what every page starts in: kernel, unknown kind, allocator state unknown.
 */
export interface Groups {
  length: number;
  /** Labels of the owners: `kernel`, `pid 123`, `user`, `space 0x59b6000`. */
  readonly owners: string[];
  readonly owner: number[];
  readonly kind: number[];
  readonly allocator: number[];
  /** The owner if it came from a touch (KERNEL_OWNER: no user touch yet), −1 if an allocation's pid decides. */
  touchOwner: Int32Array;
  readonly numberOf: Map<number, number>;
  readonly ownerOf: Map<string, number>;
}

export function createGroups(firstOwner = "kernel"): Groups {
  const groups: Groups = {
    length: 0,
    owners: [firstOwner],
    owner: [],
    kind: [],
    allocator: [],
    touchOwner: new Int32Array(16),
    numberOf: new Map(),
    ownerOf: new Map([[firstOwner, KERNEL_OWNER]]),
  };
  groupOf(groups, KERNEL_OWNER, false, UNKNOWN_KIND, ALLOCATOR_UNKNOWN);
  return groups;
}

/** The number of the owner called `label`. */
export function ownerNumber(groups: Groups, label: string): number {
  let owner = groups.ownerOf.get(label);
  if (owner === undefined) {
    owner = groups.owners.push(label) - 1;
    groups.ownerOf.set(label, owner);
  }
  return owner;
}

/** The number of the group with these attributes, made on first use. */
export function groupOf(groups: Groups, owner: number, byPid: boolean, kind: number, allocator: number): number {
  const key = ((owner * 2 + (byPid ? 1 : 0)) * PAGE_KINDS.length + kind) * 3 + allocator;
  const known = groups.numberOf.get(key);
  if (known !== undefined) return known;
  const group = groups.length++;
  groups.numberOf.set(key, group);
  groups.owner.push(owner);
  groups.kind.push(kind);
  groups.allocator.push(allocator);
  if (group === groups.touchOwner.length) {
    const larger = new Int32Array(2 * group);
    larger.set(groups.touchOwner);
    groups.touchOwner = larger;
  }
  groups.touchOwner[group] = byPid ? -1 : owner;
  return group;
}
