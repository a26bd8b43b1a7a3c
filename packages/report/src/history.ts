import type { SampledPages, VmSamples } from "./sampled-instant.ts";

/** Pages at a time, ns. */
interface PagesAt {
  readonly timeNs: number;
  readonly pages: number;
}

/** Of one VM up to an instant, from its samples: what sets the instant's own figures right. */
export interface History {
  /** The first sample, ns. */
  readonly beganNs: number;
  /** The most that was active at a sample, and that the guest counted as used; undefined where nothing is known. */
  readonly mostActive: PagesAt | undefined;
  readonly mostUsed: PagesAt | undefined;
  /** The idle memory of the last sample that a window or more of the trace follows, and what of it was touched again. */
  readonly lastFuture: (PagesAt & { readonly returns: number }) | undefined;
}

export function historyAt(samples: VmSamples, untilNs: number, windowNs: number, endNs: number): History {
  const { timesNs, counters } = samples;
  return {
    beganNs: timesNs[0] ?? NaN,
    mostActive: mostOf(timesNs, counters.active, untilNs),
    mostUsed: mostOf(timesNs, counters.guestUsed, untilNs),
    lastFuture: lastFuture(samples, windowNs, endNs),
  };
}

/** The first of the most. */
function mostOf(timesNs: readonly number[], pages: SampledPages, untilNs: number): PagesAt | undefined {
  let most: PagesAt | undefined;
  timesNs.forEach((timeNs, i) => {
    const n = pages[i] ?? NaN;
    if (timeNs <= untilNs && n > (most?.pages ?? -1)) most = { timeNs, pages: n };
  });
  return most;
}

function lastFuture({ timesNs, classes }: VmSamples, windowNs: number, endNs: number): History["lastFuture"] {
  const i = timesNs.findLastIndex((time) => endNs - time >= windowNs);
  if (i < 0) return undefined;
  const idle = [classes.idle1, classes.idle5, classes.idle30];
  const sum = (of: "pages" | "returns"): number => idle.reduce((total, cls) => total + (cls?.[of]?.[i] ?? 0), 0);
  return { timeNs: timesNs[i] ?? NaN, pages: sum("pages"), returns: sum("returns") };
}
