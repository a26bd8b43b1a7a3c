import { readFileSync } from "node:fs";
import { ALLOC, MARK, openTrace, WRITE } from "@tidemark/data";

/** What a capture was held against, and what came of it. */
export interface SelfCheck {
  readonly what: string;
  readonly passed: boolean;
  readonly found: string;
}

/** Where Linux maps all of memory in the kernel's half, without address space randomisation (Documentation/x86/x86_64/mm.rst). */
const DIRECT_MAP_VPN = 0xffff8880_00000000 / 4096;
const DIRECT_MAP_PAGES = 2 ** 34;
/** Reads for each write that programs have, generously: an emulator that mistakes one for the other is outside. */
const [RATIO_LOW, RATIO_HIGH] = [1, 4];
/** Of the frames a process wrote, those the kernel says it gave to it. Its stack and code came before. */
const OWN_SHARE = 0.99;
const [FILL_BEGINS, FILL_ENDS] = [20, 22];

/** Holds a trace against itself and against what the guest's kernel recorded. `counts`: what the plugin wrote beside its records. */
export async function selfChecks(folder: string, counts: string): Promise<readonly SelfCheck[]> {
  const { reads, writes } = JSON.parse(readFileSync(counts, "utf8")) as { readonly reads: number; readonly writes: number }; // our own plugin's
  const ratio = reads / writes;
  const checks: SelfCheck[] = [
    {
      what: "reads for each write",
      passed: ratio >= RATIO_LOW && ratio <= RATIO_HIGH,
      found: `${ratio.toFixed(2)}, expected ${RATIO_LOW} to ${RATIO_HIGH}`,
    },
    await directMap(folder),
  ];
  const own = await ownFrames(folder);
  if (own !== undefined) checks.push(own);
  return checks;
}

/** Rows of the kernel's map of all memory lie in the frame that their address names. */
async function directMap(folder: string): Promise<SelfCheck> {
  const trace = openTrace(folder);
  const [{ vpn }] = await trace.pages();
  let rows = 0;
  let wrong = 0;
  for await (const { length, page, ppn } of trace.accesses()) {
    for (let i = 0; i < length; i++) {
      const offset = vpn[page[i]] - DIRECT_MAP_VPN;
      if (offset < 0 || offset >= DIRECT_MAP_PAGES) continue;
      rows++;
      if (ppn[i] !== offset) wrong++;
    }
  }
  return {
    what: "guest-physical pages in the kernel's map of all memory",
    passed: rows > 0 && wrong === 0,
    found: `${wrong} of ${rows} rows lie elsewhere than their address says`,
  };
}

/** Frames that a program wrote while it filled its memory are those that the kernel gave to it; undefined where no program did. */
async function ownFrames(folder: string): Promise<SelfCheck | undefined> {
  const trace = openTrace(folder);
  const markNs = new Map<number, number>();
  const given = new Map<number, Set<number>>();
  for await (const { length, kind, timeNs, value, pid, ppn, count } of trace.guestEvents()) {
    for (let i = 0; i < length; i++) {
      if (kind[i] === MARK) markNs.set(value[i], timeNs[i]);
      const begun = markNs.get(FILL_BEGINS);
      if (kind[i] !== ALLOC || begun === undefined || markNs.has(FILL_ENDS)) continue;
      const frames = given.get(pid[i]) ?? new Set();
      given.set(pid[i], frames);
      for (let p = ppn[i]; p < ppn[i] + count[i]; p++) frames.add(p);
    }
  }
  const [beginNs, endNs] = [markNs.get(FILL_BEGINS), markNs.get(FILL_ENDS)];
  const [largest] = [...given.values()].toSorted((a, b) => b.size - a.size);
  if (beginNs === undefined || endNs === undefined || largest === undefined) return undefined;
  const [{ vpn }] = await trace.pages();
  const written = new Set<number>();
  for await (const { length, timeNs, kind, page, ppn } of trace.accesses())
    for (let i = 0; i < length; i++)
      if (timeNs[i] >= beginNs && timeNs[i] <= endNs && kind[i] === WRITE && vpn[page[i]] < USER_VPNS) written.add(ppn[i]);
  const own = [...written].filter((ppn) => largest.has(ppn)).length;
  return {
    what: "frames written by the program that fills memory",
    passed: own >= OWN_SHARE * largest.size && own >= OWN_SHARE * written.size,
    found: `${own} of ${written.size} are among the ${largest.size} the guest's kernel gave to it`,
  };
}

const USER_VPNS = 2 ** 35;
