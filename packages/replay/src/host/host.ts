import type { Values } from "@tidemark/data/shapes";
import type { Machine } from "../machine.ts";
import type { Translations } from "../translation/translations.ts";
import type { ActionLog } from "./actions.ts";
import type {
  ALLOCATION,
  BALLOON,
  COMPRESS,
  FREE_PAGE_REPORTING,
  PROACTIVE,
  PROFILE,
  SENPAI,
  SHARE,
  STALL_COSTS,
  SWAP,
} from "./mechanism-params.ts";
import type { HostVm } from "./host-vm.ts";
import type { Thresholds } from "./min-free.ts";
import type { SharedFrames } from "./shared-frames.ts";

/** Parameters of the mechanisms; undefined: off. */
export interface Mechanisms {
  readonly allocation: Values<typeof ALLOCATION>;
  readonly share: Values<typeof SHARE> | undefined;
  /** Of `share.contents: profile`. */
  readonly profile: Values<typeof PROFILE>;
  readonly balloon: Values<typeof BALLOON> | undefined;
  readonly compress: Values<typeof COMPRESS> | undefined;
  readonly swap: Values<typeof SWAP> | undefined;
  readonly freePageReporting: Values<typeof FREE_PAGE_REPORTING> | undefined;
  readonly proactive: Values<typeof PROACTIVE> | undefined;
  readonly senpai: Values<typeof SENPAI> | undefined;
  readonly stallCosts: Values<typeof STALL_COSTS>;
}

/** A host under pressure. */
export interface Host {
  readonly machine: Machine;
  readonly vms: readonly HostVm[];
  readonly mechanisms: Mechanisms;
  readonly thresholds: Thresholds;
  /** Of minFree, in percent: free memory below which 2 MB blocks are broken in state high. */
  readonly scarcePercent: number;
  /** What the hypervisor keeps for itself, and memory that VMs share out (docs/host.md, Balance); it grows when a VM stops. */
  readonly hypervisorPages: number;
  memoryForVms: number;
  readonly shared: SharedFrames;
  readonly actions: ActionLog;
  /** Whether what a VM waits delays its later events. */
  readonly isDilated: boolean;
  /** Hypervisor seconds per second of the trace. */
  readonly timeScale: number;
  /** Estimated active pages of a VM. */
  readonly activeOf: (vm: HostVm) => number;
  /** Translation, counted beside the replay. */
  readonly translations: Translations | undefined;
  state: number;
  /** Now, ns of the replay's clock. */
  nowNs: number;
}

/** How much later than its trace a VM is, beside what the scenario moves it by: all that it has waited, on the dilated clock. */
export const lateNs = ({ isDilated }: Host, { stalls }: HostVm): number => (isDilated ? stalls.totalNs : 0);

/** Whether a VM is powered on. */
export const isRunning = ({ nowNs }: Host, { settings, isOff }: HostVm): boolean => settings.startNs <= nowNs && !isOff;
