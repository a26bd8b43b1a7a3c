import { headline } from "../headline.ts";
import { html, type Html } from "../html.ts";
import { EXPLAINED_COUNTERS, type LedgerInstant } from "../ledger-instant.ts";
import { adviceBlock, answerBlock, headed } from "../page-block.ts";
import { ledgerBlock, type Shown, type Since } from "../page-ledger.ts";
import type { PayloadTime } from "../page-payload.ts";
import { vmTable } from "../page-vms.ts";
import { unbroken } from "../unbroken.ts";
import { sampledInstant, samplesWithin, type VmSamples } from "../sampled-instant.ts";

/** An interval of the run, ns. */
export interface Interval {
  readonly fromNs: number;
  readonly toNs: number;
}

/** A VM in an interval: at its last sample, since its first. */
export interface VmInterval {
  readonly from: LedgerInstant;
  readonly to: LedgerInstant;
  readonly since: Since | undefined;
}

export function vmInterval(samples: VmSamples, { fromNs, toNs }: Interval, { windowNs, endNs }: PayloadTime): VmInterval {
  const [first, last] = samplesWithin(samples.timesNs, fromNs, toNs);
  const from = sampledInstant(samples, first, windowNs, endNs);
  const to = sampledInstant(samples, last, windowNs, endNs);
  if (first === last) return { from, to, since: undefined };
  const bounds = new Map(
    EXPLAINED_COUNTERS.map((counter) => {
      const known = samples.counters[counter].slice(first, last + 1).filter((pages) => pages !== null);
      return [counter, { lowest: known.length === 0 ? NaN : Math.min(...known), highest: known.length === 0 ? NaN : Math.max(...known) }];
    }),
  );
  return { from, to, since: { instant: from, bounds } };
}

/** The parts of the page that explain, which can be written anew for an interval and put back. */
export interface Blocks {
  /** Of each VM, in the order of the page, the first instant's blocks explain its interval; its others are not shown. */
  explain(intervals: readonly VmInterval[], windowNs: number): void;
  reset(): void;
}

export function explainingBlocks(): Blocks {
  const kept = [...document.querySelectorAll<HTMLElement>("[data-block]")].map((block) => ({ block, content: block.innerHTML }));
  const isShort = new Set(kept.flatMap(({ block }) => block.dataset["of"] ?? [])).size > 1;
  /** The tab says what the heading says. */
  const entitle = (): void => {
    const heading = kept.find(({ block }) => block.dataset["block"] === "headline")?.block.textContent;
    if (heading !== undefined) document.title = heading.replaceAll("\u00a0", " ");
  };
  return {
    explain(intervals, windowNs) {
      for (const { block } of kept) {
        const { block: part = "", of: vm = "", place = "" } = block.dataset;
        const interval = intervals[Number(vm)];
        if (part === "vms") block.innerHTML = vmTable(intervals.map(({ to }) => to)).html;
        else if (interval !== undefined) {
          block.hidden = place !== `${vm}-0`;
          const shown = { instant: interval.to, since: interval.since, windowNs, place };
          if (!block.hidden) block.innerHTML = written(part, shown, isShort).html;
        }
      }
      entitle();
    },
    reset() {
      for (const { block, content } of kept) {
        block.innerHTML = content;
        block.hidden = false;
      }
      entitle();
    },
  };
}

function written(part: string, shown: Shown, isShort: boolean): Html {
  if (part === "headline") return html`${unbroken(headline(shown.instant))}`;
  if (part === "answer") return answerBlock(shown, isShort);
  const content = (part === "advice" ? adviceBlock : ledgerBlock)(shown);
  return isShort ? headed(shown, content) : content;
}
