import { BLOCK_PAGES, InputError, PAGE_BYTES, type Params, seededRandom, type Values } from "@tidemark/data/shapes";
import type { Guest } from "../guests.ts";
import { freePages, type Machine } from "../machine.ts";
import { ACCESSED, DIRTY, type Policy } from "../policy.ts";
import type { Scenario } from "../scenario.ts";
import { ActionLog } from "./actions.ts";
import { admit } from "./admission.ts";
import { CompressionCache, zipCap } from "./compression.ts";
import { profileContents } from "./content-profile.ts";
import { contentsOf } from "./contents.ts";
import { ExactLru } from "./guest-lru.ts";
import { TwoLists } from "./guest-two-lists.ts";
import type { Host, Mechanisms } from "./host.ts";
import { noCounts, TOUCH_TRAPS, WRITE_TRAPS, type HostVm, type VmSettings } from "./host-vm.ts";
import { mechanismsOf } from "./mechanisms.ts";
import { HIGH } from "./memory-state.ts";
import { thresholdsOf } from "./min-free.ts";
import { overheadPages } from "./overhead.ts";
import { checkPace } from "./pace.ts";
import { PageQueues } from "../page-queues.ts";
import { SharedFrames } from "./shared-frames.ts";
import { sharesOf } from "./shares.ts";
import { Stalls } from "./stalls.ts";
import { memoryForVms } from "./targets.ts";
import { toldPolicy } from "./told-policy.ts";

/** A finite host: the scenario's `host` and everything that acts on it, checked. Sizes in pages. */
export interface HostPlan {
  readonly machinePages: number;
  readonly hypervisorPages: number;
  readonly mechanisms: Mechanisms;
  readonly policy: Policy;
  readonly policyParams: Values<Params>;
  readonly vms: readonly VmSettings[];
}

/** What the scenario asks of the host; undefined without `host`. InputError where it cannot be, one line each. */
export function planHost(scenario: Scenario, guests: readonly Guest[]): HostPlan | undefined {
  const { host, allocation, share, balloon, compress, swap, freePageReporting, proactive, senpai } = scenario;
  if (host === undefined) {
    const needless = Object.entries({ allocation, share, balloon, compress, swap, freePageReporting, proactive, senpai }).find(
      ([, given]) => given !== undefined,
    );
    if (needless !== undefined)
      throw new InputError(`${needless[0]}: acts on a host of finite memory; give host.memory, for example host: { memory: 768MiB }`);
    const limited = guests.find(({ wanted }) => wanted.limit !== undefined || wanted.reservation > 0);
    const stopped = guests.find(({ stopNs }) => stopNs < Infinity);
    if (stopped !== undefined) throw new InputError(`${stopped.name}: what a VM that stops gives back is a host's; give host.memory`);
    if (scenario.clock === "dilated")
      throw new InputError(
        "clock: dilated: VMs wait for memory on a host of finite memory; give host.memory, for example host: { memory: 768MiB }",
      );
    if (limited !== undefined)
      throw new InputError(`${limited.name}: limits and reservations act on a host of finite memory; give host.memory`);
    return undefined;
  }
  const machinePages = host.memory / PAGE_BYTES;
  const hypervisorPages = host.hypervisor / PAGE_BYTES;
  const { mechanisms, policy, policyParams } = mechanismsOf(scenario);
  checkPace(mechanisms, policy, policyParams, scenario.timeScale, guests, scenario.span);
  const salts = new Map<string, number>();
  const saltOf = (text: string): number => {
    const known = salts.get(text) ?? salts.size;
    salts.set(text, known);
    return known;
  };
  const vms = guests.map(({ name: vm, configuredPages, facts, wanted, stopNs }): VmSettings => {
    if (share !== undefined && share !== "off" && wanted.copies > 1 && facts.contents === 0 && mechanisms.share?.contents !== "profile")
      throw new InputError(
        `${vm}: copies share pages by their contents, and the trace has none; ingest a contents table, assume them with share: { contents: profile }, or share: off`,
      );
    return {
      shares: sharesOf(wanted.shares, configuredPages),
      reservationPages: wanted.reservation / PAGE_BYTES,
      limitPages: wanted.limit === undefined ? configuredPages : wanted.limit / PAGE_BYTES,
      overheadPages: host.overheadPerVm === "table" ? overheadPages(configuredPages, wanted.vcpus) : host.overheadPerVm / PAGE_BYTES,
      salt: saltOf(wanted.salt ?? (mechanisms.share?.salting === "none" ? "" : `vm ${vm}`)),
      hasDriver: wanted.driver,
      guestSwapPages: wanted.guestSwap === undefined ? Infinity : wanted.guestSwap / PAGE_BYTES,
      startNs: facts.firstNs ?? 0,
      stopNs,
    };
  });
  const running: (VmSettings & { readonly name: string; readonly configuredPages: number })[] = [];
  const size = { machinePages, hypervisorPages, swapPages: host.swapSpace === undefined ? null : host.swapSpace / PAGE_BYTES };
  guests.forEach(({ name: vm, configuredPages }, v) => {
    const applicant = { name: vm, configuredPages, ...vms[v] };
    admit(size, running, applicant);
    running.push(applicant);
  });
  return {
    machinePages,
    hypervisorPages,
    mechanisms,
    policy,
    policyParams,
    vms,
  };
}

/** The host of a plan, before its first event. `activeOf`: what the reporting estimator says of VM v, pages; NaN while it cannot. */
export async function createHost(
  scenario: Scenario,
  plan: HostPlan,
  guests: readonly Guest[],
  machine: Machine,
  activeOf: (v: number) => number,
  translations: Host["translations"],
): Promise<Host> {
  const { mechanisms, machinePages, hypervisorPages } = plan;
  const { host } = scenario;
  if (host === undefined) throw new Error("bug: a host without memory");
  const overhead = plan.vms.reduce((sum, vm) => sum + vm.overheadPages, 0);
  machine.overheadPages = hypervisorPages + overhead;
  const rule = typeof host.minFree === "number" ? host.minFree / PAGE_BYTES : host.minFree;
  const thresholds = thresholdsOf(rule, machinePages, mechanisms.allocation.hysteresis);
  const { stallCosts: costs } = mechanisms;
  const stallNs = [
    costs.firstTouch,
    costs.zeroing,
    costs.copyOnWrite,
    costs.decompression,
    costs.swapIn,
    costs.guestSwapIn,
    costs.guestSwapOut,
    costs.doublePaging,
    costs.blocked,
    costs.largeBreak,
  ];
  const needsContents = mechanisms.share !== undefined || mechanisms.compress !== undefined;
  const vms: HostVm[] = [];
  for (const [number, { trace, traced, name, configuredPages }] of guests.entries()) {
    const vm = machine.vms[number];
    const from = mechanisms.share?.contents;
    const contents =
      from === "profile"
        ? profileContents(mechanisms.profile, number, configuredPages, seededRandom(scenario.seed, name, "content profile"))
        : needsContents
          ? await contentsOf(trace, traced, await trace.contents(), configuredPages, from === "end-state")
          : undefined;
    const bits = {
      touchedBy: new Float64Array(configuredPages),
      writtenBy: new Float64Array(configuredPages),
      taken: new Float64Array(configuredPages),
      admittedBy: new Float64Array(configuredPages),
    };
    const made: { vm?: HostVm } = {};
    const told = new Uint8Array(configuredPages);
    const policy = plan.policy.create(
      {
        pages: configuredPages,
        capacity: () => made.vm?.target.targetPages ?? configuredPages,
        random: seededRandom(scenario.seed, name, `swap ${plan.policy.name}`),
        takeBits(ppn) {
          const accessed = bits.touchedBy[ppn] > bits.taken[ppn];
          const dirty = bits.writtenBy[ppn] >= bits.admittedBy[ppn];
          bits.taken[ppn] = made.vm?.rows ?? 0;
          return (accessed ? ACCESSED : 0) | (dirty ? DIRTY : 0);
        },
        nextUse: () => Infinity,
      },
      plan.policyParams,
    );
    const hv: HostVm = {
      vm,
      number,
      settings: plan.vms[number],
      trap: new Uint8Array(configuredPages).fill(TOUCH_TRAPS | WRITE_TRAPS),
      marks: new Uint8Array(configuredPages),
      rows: 0,
      touchedBy: bits.touchedBy,
      writtenBy: bits.writtenBy,
      bitsTaken: bits.taken,
      admittedBy: bits.admittedBy,
      largeBlocks: new Uint8Array(Math.ceil(configuredPages / BLOCK_PAGES)),
      brokenBlocks: [],
      brokenAt: 0,
      contents,
      reclaimer: toldPolicy(policy, told),
      told,
      cache:
        mechanisms.compress === undefined
          ? undefined
          : new CompressionCache(configuredPages, zipCap(configuredPages, mechanisms.compress.maxPercent)),
      guestPages: new PageQueues(configuredPages, 2),
      // Without a driver nobody ever asks the guest for a page.
      guestLru: mechanisms.balloon?.guestLru === "two-lists" && plan.vms[number].hasDriver ? new TwoLists(configuredPages) : new ExactLru(),
      guestSwapped: 0,
      reportedBlocks: new Uint8Array(Math.ceil(configuredPages / BLOCK_PAGES)),
      untouchedFrom: 0,
      random: { scan: seededRandom(scenario.seed, name, "page sharing") },
      stalls: new Stalls(stallNs),
      isOff: false,
      target: {
        targetPages: configuredPages,
        excessPages: 0,
        balloonPages: 0,
        pageOutPages: 0,
        blocked: false,
        reason: "none",
        rho: Infinity,
      },
      entitlementPages: 0, // until it starts
      pageOutLeft: 0,
      sharedPages: 0,
      scanCredit: 0,
      swapCredit: 0,
      counts: noCounts(),
    };
    made.vm = hv;
    vms.push(hv);
  }
  const made: Host = {
    machine,
    vms,
    mechanisms,
    thresholds,
    scarcePercent: host.largePagesBelow,
    hypervisorPages,
    memoryForVms: memoryForVms(machinePages, hypervisorPages, overhead, thresholds.minFreePages, mechanisms.allocation.margin),
    shared: new SharedFrames(machine.refs.length, machine.vms.length),
    actions: new ActionLog(),
    isDilated: scenario.clock === "dilated",
    timeScale: scenario.timeScale,
    activeOf: ({ number, vm }) => {
      const reported = activeOf(number);
      // Before the estimator's first period nothing is known to be idle.
      return Number.isNaN(reported) ? vm.grantedPages : reported;
    },
    translations,
    state: HIGH,
    nowNs: 0,
  };
  machine.sharedBy = (v) => made.shared.references(v);
  if (freePages(machine) <= 0)
    throw new InputError(
      `host.memory: the hypervisor and the overhead of ${guests.length} VMs take all ${machinePages} pages; give the host more`,
    );
  return made;
}

/** Tells policies that must see touches which pages were accessed since the last look, in order of PPN. */
export function showBits({ vms }: Host, policy: Policy): void {
  if (policy.sees !== "touches") return;
  for (const hv of vms) {
    const { vm, touchedBy, writtenBy, bitsTaken, reclaimer, rows } = hv;
    for (let ppn = 0; ppn < vm.configuredPages; ppn++) {
      if (vm.pmap[ppn] < 0 || touchedBy[ppn] <= bitsTaken[ppn]) continue;
      reclaimer.touched?.(ppn, writtenBy[ppn] > bitsTaken[ppn]);
      bitsTaken[ppn] = rows;
    }
  }
}
