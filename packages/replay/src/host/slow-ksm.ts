import { breaksMetBlocks, STATE_RULES } from "./memory-state.ts";
import { checkState } from "./slow-balance.ts";
import { act, allPages, breakBlock, freePages, holds, isLarge, type SlowHost, type SlowPage } from "./slow-machine.ts";
import { share } from "./slow-sharing.ts";

/** docs/scenario.md, Alternatives: one turn of Linux's scanner. */
export function ksmTurn(host: SlowHost): void {
  const { share: params } = host.mechanisms;
  if (params === undefined || !STATE_RULES[host.state].scans) return;
  const before = host.vms.map(({ counts }) => counts.shared);
  for (host.ksmBatches += params.period / params.sleep; host.ksmBatches >= 1; host.ksmBatches--) batch(host, params.pagesToScan);
  for (const [v, { name, counts }] of host.vms.entries())
    if (counts.shared > before[v]) act(host, "share", name, counts.shared - before[v], "scanned");
  checkState(host);
}

/** So many resident pages from where the last batch ended, VM by VM and by PPN; less at the end of the last VM. */
function batch(host: SlowHost, pagesToScan: number): void {
  const inOrder = allPages(host);
  for (let scanned = 0; scanned < pagesToScan;) {
    if (host.ksmNext === inOrder.length) {
      host.ksmNext = 0;
      return;
    }
    const page = inOrder[host.ksmNext];
    host.ksmNext++;
    if (page.state !== "resident") page.hashSeen = undefined;
    else {
      scanned++;
      meet(host, page);
    }
  }
}

/** A page is looked up if it has the hash that the pass before saw. */
function meet(host: SlowHost, page: SlowPage): void {
  const hash = holds(host, page) ? page.content?.hash : undefined;
  const isOld = hash !== undefined && hash === page.hashSeen;
  page.hashSeen = hash;
  page.vm.counts.scanned++;
  if (!isOld) return;
  if (isLarge(page)) {
    if (!breaksMetBlocks(host.state, freePages(host), host.thresholds.minFreePages, host.scarcePercent)) return;
    breakBlock(host, page, "the scanner met it");
  }
  share(host, page, true);
}
