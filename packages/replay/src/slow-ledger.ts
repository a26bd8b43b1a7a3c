import type { HandWritten } from "./testing.ts";

/** The ledger of one VM by the letter of docs/architecture.md, The ledger: one object per page, no epochs, no census. The fast replay must agree. */
export interface SlowLedger {
  granted: number;
  active: number;
  activeWrite: number;
  slack: number;
  freed: number;
  idle1: number;
  idle5: number;
  idle30: number;
  /** Of idle1 + idle5 + idle30. */
  returns: number;
  unknown: number;
  /** Pages per owner and class: `pid 3 idle1`. */
  owners: Map<string, number>;
}

const KERNEL_HALF_VPN = 2 ** 51;

export function slowLedger(
  { touches, told = [], configuredPages = 0 }: HandWritten,
  vmWanted: number,
  atS: number,
  windowS: number,
  blockPages: number,
): SlowLedger {
  interface Page {
    touched: number;
    written: number;
    backed: boolean;
    again: boolean;
    allocator: string;
    pid: number | undefined;
    user: string | undefined;
  }
  const pages = Array.from({ length: configuredPages }, (): Page => ({
    touched: NaN,
    written: NaN,
    backed: false,
    again: false,
    allocator: "unknown",
    pid: undefined,
    user: undefined,
  }));
  for (const { vm = 0, s, ppn, op, vpn = ppn, space = 0 } of touches) {
    if (vm !== vmWanted || ppn >= configuredPages) continue;
    const page = pages[ppn];
    if (s > atS) {
      page.again = true;
      continue;
    }
    page.touched = s;
    if (op === "W") page.written = s;
    if (vpn < KERNEL_HALF_VPN && vpn !== ppn) page.user = space === 0 ? "user" : `space ${space}`;
    const begin = ppn - (ppn % blockPages);
    for (let p = begin; p < Math.min(begin + blockPages, configuredPages); p++) pages[p].backed = true;
  }
  for (const { vm = 0, s, event, ppn = 0, pages: n = 1, pid } of told) {
    if (vm !== vmWanted || s > atS || event === "mark") continue;
    for (let p = ppn; p < Math.min(ppn + n, configuredPages); p++) {
      pages[p].allocator = event;
      if (event === "alloc" && pid !== undefined) pages[p].pid = pid;
    }
  }
  const ledger: SlowLedger = {
    granted: 0,
    active: 0,
    activeWrite: 0,
    slack: 0,
    freed: 0,
    idle1: 0,
    idle5: 0,
    idle30: 0,
    returns: 0,
    unknown: 0,
    owners: new Map(),
  };
  const own = touches.filter(({ vm = 0 }) => vm === vmWanted);
  const virtual = new Set(own.map(({ ppn, vpn = ppn, space = 0 }) => `${space} ${vpn}`));
  const physicalOnly = own.every(({ ppn, vpn = ppn }) => vpn === ppn) && virtual.size === new Set(own.map(({ ppn }) => ppn)).size;
  for (const page of pages) {
    if (!page.backed) continue;
    ledger.granted++;
    if (page.allocator === "unknown") ledger.unknown++;
    if (page.written > atS - windowS) ledger.activeWrite++;
    const age = atS - page.touched;
    const cls = Number.isNaN(page.touched)
      ? "slack"
      : age < windowS
        ? "active"
        : page.allocator === "free"
          ? "freed"
          : age < 5 * windowS
            ? "idle1"
            : age < 30 * windowS
              ? "idle5"
              : "idle30";
    ledger[cls]++;
    if (cls.startsWith("idle") && page.again) ledger.returns++;
    const owner = page.pid === undefined ? (page.user ?? (physicalOnly ? "unknown" : "kernel")) : `pid ${page.pid}`;
    ledger.owners.set(`${owner} ${cls}`, (ledger.owners.get(`${owner} ${cls}`) ?? 0) + 1);
  }
  return ledger;
}
