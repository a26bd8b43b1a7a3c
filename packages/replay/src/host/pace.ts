import { formatTime, InputError, roundTime, type Params, type Values } from "@tidemark/data/shapes";
import type { Guest } from "../guests.ts";
import type { Policy } from "../policy.ts";
import { spanOf } from "../span.ts";
import type { Mechanisms } from "./host.ts";

/** More ticks, or pages scanned in a second of the hypervisor, are a slip of a unit. So many pages are 40 GB/s: about what memory delivers. */
const TICKS_MAX = 10_000_000,
  SCANNED_MAX = 10_000_000;
const written = (n: number): string => Math.round(n).toLocaleString("en-US");

/** InputError where a period is so short, or a scanner so fast, that the replay would hardly come to an end. */
export function checkPace(
  mechanisms: Mechanisms,
  policy: Policy,
  policyParams: Values<Params>,
  timeScale: number,
  guests: readonly Guest[],
  givenSpanNs: number | undefined,
): void {
  const { allocation, balloon, swap, share, freePageReporting, proactive, senpai } = mechanisms;
  const { originNs, endNs } = spanOf(guests, givenSpanNs);
  const periods: { readonly [name: string]: number | undefined } = {
    "allocation.period": allocation.period,
    "balloon.poll": balloon?.poll,
    "swap.period": swap?.period,
    "swap.scan": swap !== undefined && policy.sees === "touches" ? swap.scan : undefined,
    [`swap.policy ${policy.name}`]: swap === undefined ? undefined : policy.tickNs?.(policyParams),
    "share.period": share?.period,
    "freePageReporting.period": freePageReporting?.period,
    "proactive.period": proactive?.period,
    "proactive.scan": proactive?.scan,
    "senpai.period": senpai?.period,
  };
  for (const [name, periodNs] of Object.entries(periods)) {
    if (periodNs === undefined || periodNs === 0) continue;
    const ticks = (endNs - originNs) / Math.max(1, Math.round(periodNs / timeScale));
    if (ticks > TICKS_MAX)
      throw new InputError(
        `${name}: every ${formatTime(periodNs)} is more than ${written(TICKS_MAX)} times in a trace of ${roundTime(endNs - originNs)}; take a longer one`,
      );
  }
  if (share === undefined) return;
  const pages = guests.reduce((sum, { configuredPages }) => sum + configuredPages, 0);
  const [perS, remedy] =
    share.scanner === "ksm"
      ? [(share.pagesToScan * 1e9) / share.sleep, "take fewer pagesToScan, or a longer sleep"]
      : [Math.min(share.hostRate, (pages * 1e9) / share.scanTime), "take a longer scanTime, or a lower hostRate"];
  if (perS > SCANNED_MAX)
    throw new InputError(`share: ${written(perS)} pages to scan per second are more than ${written(SCANNED_MAX)}; ${remedy}`);
}
