import fc from "fast-check";
import type { HandWritten } from "../testing.ts";
import { blockOf, PAGES_PER_BLOCK } from "./slow-machine.ts";
import { vms, type VmFamily, type VmShape } from "./slow-vm-cases.ts";
import { guestMechanisms, mechanisms, pressedMechanisms, reportingMechanisms } from "./slow-mechanisms.ts";

/** Random VMs on hosts of a size that suits them: scenarios for the engine and the reference host. */
export interface Case {
  readonly written: HandWritten;
  readonly scenario: { readonly vms: readonly object[]; readonly [key: string]: unknown };
}

const PAGE = 4096;
const maybe = <T extends number>(...values: readonly T[]) => fc.constantFrom<T | undefined>(undefined, ...values);

/** minFree by a rule, or none, and memory in percent of all that is touched; or as a part of the machine, and of that, what is free when all is resident that is touched. */
type Size = { readonly minFree: string | 0; readonly roomPercent: number } | { readonly part: number; readonly depth: number };
const size: fc.Arbitrary<Size> = fc.oneof(
  fc.record({ minFree: fc.constantFrom("sliding", "percent-2002", 0 as const), roomPercent: fc.constantFrom(40, 60, 80, 95, 110) }),
  fc.record({ part: fc.constantFrom(0.05, 0.2, 0.4), depth: fc.constantFrom(-5, -1, 0.1, 0.25, 0.5, 0.5, 0.5, 0.8, 1.3) }),
);
/** More is wanted than the host likes to give: soft, or a little worse. */
const softSize: fc.Arbitrary<Size> = fc.record({ part: fc.constantFrom(0.2, 0.4), depth: fc.constantFrom(0.1, 0.2, 0.3, 0.4, 0.5) });
const hostOf = (sizes: fc.Arbitrary<Size>) =>
  fc.record({
    hypervisorPages: fc.nat(2),
    overheadPages: fc.nat(2),
    size: sizes,
    largePagesBelow: maybe(0, 1000),
    quantum: fc.constantFrom("1ms", "300ms", "1s", "10s"),
  });
type HostShape = ReturnType<typeof hostOf> extends fc.Arbitrary<infer Shape> ? Shape : never;

/** Pages that come to be resident if all that is touched is. */
function demandOf({ touches, pages, settings: { backing } }: VmShape): number {
  const touched = new Set(touches.map(({ ppn }) => ppn).filter((ppn) => ppn < pages));
  if (backing === "4k") return touched.size;
  const blocks = new Set([...touched].map(blockOf));
  return [...blocks].reduce((sum, block) => sum + Math.min(PAGES_PER_BLOCK, pages - block * PAGES_PER_BLOCK), 0);
}
/** Only VMs whose trace has contents may have copies. */
const copiesOf = ({ copies, contents }: VmShape): number => (contents.length > 0 ? copies : 1);

function sizeOf(size: Size, demand: number, isRoomy: boolean): { readonly machinePages: number; readonly minFree: number | string } {
  if ("minFree" in size) return { machinePages: Math.ceil((demand * (isRoomy ? 110 : size.roomPercent)) / 100) + 3, minFree: size.minFree };
  const machinePages = Math.ceil(demand / (1 - size.part * Math.max(isRoomy ? 0.1 : -Infinity, size.depth))) + 2;
  return { machinePages, minFree: Math.floor(machinePages * size.part) * PAGE };
}

function caseOf(shapes: readonly VmShape[], host: HostShape, rest: { readonly swap?: unknown }): Case {
  const names = shapes.map((_, v) => "abcd"[v]);
  const of = <T extends { readonly s: number }>(rowsOf: (vm: VmShape) => readonly T[]): (T & { readonly vm: number })[] =>
    shapes.flatMap((vm, v) => rowsOf(vm).map((row) => ({ ...row, vm: v }))).sort((a, b) => a.s - b.s);
  const fixed = host.hypervisorPages + host.overheadPages * shapes.reduce((sum, vm) => sum + copiesOf(vm), 0);
  const demand = fixed + shapes.reduce((sum, vm) => sum + copiesOf(vm) * demandOf(vm), 0);
  // Without swap there is little to be done about a host that is too small.
  const { machinePages, minFree } = sizeOf(host.size, demand, rest.swap === "off");
  const room = machinePages - fixed;
  let unreserved = room;
  return {
    written: { vms: names, touches: of(({ touches }) => touches), told: of(({ told }) => told), contents: of(({ contents }) => contents) },
    scenario: {
      vms: shapes.map((vm, v) => {
        const copies = copiesOf(vm);
        const isLimited = !Number.isNaN(vm.limitPercent) && (rest.swap !== "off" || vm.limitPercent > 100);
        const limit = isLimited ? Math.min(vm.pages, Math.ceil((demandOf(vm) * vm.limitPercent) / 100)) : vm.pages;
        const reservation = Math.min(limit, Math.floor((unreserved * vm.reservedPercent) / 100 / copies));
        unreserved -= reservation * copies;
        return {
          vm: names[v],
          size: vm.pages * PAGE,
          copies,
          reservation: reservation * PAGE,
          limit: isLimited ? limit * PAGE : undefined,
          stop: vm.stopMs === undefined ? undefined : `${Math.round(Math.min(...vm.touches.map(({ s }) => s)) * 1000) + vm.stopMs}ms`,
          ...vm.settings,
        };
      }),
      host: {
        memory: machinePages * PAGE,
        minFree,
        hypervisor: host.hypervisorPages * PAGE,
        overheadPerVm: host.overheadPages * PAGE,
        largePagesBelow: host.largePagesBelow,
        quantum: host.quantum,
      },
      ...rest,
    },
  };
}

/** Several VMs on a host, and what acts there. */
const cases = (
  vmsMax: number,
  family: VmFamily,
  sizes: fc.Arbitrary<Size>,
  others: fc.Arbitrary<{ readonly swap: unknown }>,
): fc.Arbitrary<Case> =>
  fc
    .tuple(fc.array(vms(family), { minLength: 1, maxLength: vmsMax, size: "max" }), hostOf(sizes), others)
    .map((shapes) => caseOf(...shapes));

const SMALL: VmFamily = {
  pagesMin: 8,
  pagesMax: 80,
  touchesMax: 70,
  backings: ["4k", "4k", "2m"],
  sweepsMin: 0,
  sweepS: [0, 0, 0, 1.5, 6],
  sweepParts: [1, 1, 0.5],
  sweepStep: 1,
  freedBlocks: 0,
  limitPercents: [NaN, NaN, NaN, 110, 60, 20],
  drivers: [undefined, undefined, false],
};
/** VMs of few pages. */
export const smallCases = cases(4, SMALL, size, mechanisms);
/** The same, short of memory from the start, with work for balloons. */
export const pressedCases = cases(
  3,
  { ...SMALL, pagesMax: 60, sweepsMin: 1, sweepS: [0], sweepParts: [1, 1, 0.8], limitPercents: [NaN], drivers: [undefined] },
  softSize,
  pressedMechanisms,
);
/** Few pages, touched often while balloons want them: what the guest gives up comes back, and is asked for again. */
export const guestCases = cases(
  2,
  { ...SMALL, pagesMax: 30, touchesMax: 250, sweepsMin: 1, sweepS: [0], sweepParts: [1], limitPercents: [NaN], drivers: [undefined] },
  softSize,
  guestMechanisms,
);
/** VMs with whole blocks of 2 MB. */
export const largeCases = cases(
  2,
  { ...SMALL, pagesMin: 520, pagesMax: 1100, backings: ["2m", "2m", "4k"], sweepStep: 30, freedBlocks: 4 },
  size,
  reportingMechanisms,
);
