import type { GuestTables } from "./guest-tables.ts";
import type { HostTables } from "./host-tables.ts";
import type { Kernel } from "./kernel.ts";
import type { Units } from "./units.ts";

/** Numbers of a table's record in the kernel's memory: its parent, its index, the PPN of its page, its level. */
const NODE_FIELDS = 4;

/** Where the kernel finds the guest's tables, and by node what its table is numbered by. */
export interface LaidNodes {
  readonly nodes: number;
  readonly tableOf: number;
}

/** Lays the guest's tables out for the kernel. */
export function layNodes(kernel: Kernel, { parentOf, indexOf, tablePpnOf, levelOf, tableOf }: GuestTables): LaidNodes {
  const nodes = kernel.ints(NODE_FIELDS * parentOf.length);
  for (let node = 0; node < parentOf.length; node++)
    nodes.set([parentOf[node], indexOf[node], tablePpnOf[node], levelOf[node]], NODE_FIELDS * node);
  const tables = kernel.ints(tableOf.length);
  tables.set(tableOf);
  return { nodes: nodes.byteOffset, tableOf: tables.byteOffset };
}

/** What the vCPUs of a machine have in common: one VM in one mode on one core. Returns where it lies, laid out as wasm/translate-rows.ts has it. */
export function layMachine(
  kernel: Kernel,
  { nodes, tableOf }: LaidNodes,
  { levels }: GuestTables,
  units: Units,
  host: HostTables,
  counters: Float64Array,
): number {
  const machine = kernel.addMachine((ppn) => host.hold(ppn));
  const fields = [
    nodes,
    levels,
    host.levels,
    host.leafLevel,
    host.shift,
    host.present.byteOffset,
    ...host.firstTableOf.subarray(0, 6),
    units.records.byteOffset,
    counters.byteOffset,
    machine,
    host.isHeld.byteOffset,
    tableOf,
  ];
  const laid = kernel.ints(fields.length);
  laid.set(fields);
  return laid.byteOffset;
}
