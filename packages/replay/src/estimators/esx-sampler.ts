import { choice, number } from "@tidemark/data/shapes";
import { estimator, NO_ESTIMATE } from "../estimator.ts";

/** Normal quantile of a two-sided 95 % interval. */
const Z95 = 1.96;

/**
 * Statistical sampling. Each period a few PPNs are drawn uniformly from the VM's memory and their mappings invalidated;
 * the first touch of each counts, and touched / drawn estimates the active fraction. Three running estimates are kept,
 * slow, fast, and fast with the period at hand included; the largest is reported: quick up, slow down.
 * Measured hosts hold the reported value for a whole period, so by default it is read at the period's end, before the
 * period enters the averages, and rounded to the sample's grid.
 */
export const esxSampler = estimator({
  name: "esx-sampler",
  about: "samples a few pages per period; reports the largest of a slow, a fast and a current average",
  source: "Waldspurger 2002 §5.3",
  params: {
    pages: number({ default: 100, min: 1, max: 100_000, unit: "pages", about: "pages drawn per period" }),
    period: number({
      default: 60e9,
      min: 1,
      max: 2 ** 53,
      unit: "ns",
      about: "sample period in hypervisor time (Mem.SamplePeriod, 60 s since ESX 4); explain sets it to the window",
    }),
    slow: number({ default: 0.15, min: 0, max: 1, unit: "", about: "gain of the slow average; unpublished, 0.1–0.25 fits measured hosts" }),
    fast: number({ default: 0.5, min: 0, max: 1, unit: "", about: "gain of the fast average; unpublished, 0.4–0.75 fits measured hosts" }),
    report: choice({
      default: "period",
      choices: ["period", "always"],
      about: "report at the end of each period, or follow the unfinished one as well",
    }),
  },
  create(view, { pages, slow: slowGain, fast: fastGain, report }, random) {
    const drawn = Math.min(pages, view.configuredPages);
    let sample = draw(drawn, view.configuredPages, random);
    let from = view.epoch();
    let slow = NaN;
    let fast = NaN;
    let held = NaN;
    const touched = (): number => sample.reduce((n, ppn) => n + (view.touchedSince(ppn, from) ? 1 : 0), 0) / drawn;
    const blend = (average: number, value: number, gain: number): number =>
      Number.isNaN(average) ? value : average + gain * (value - average);
    return {
      periodEnded() {
        const fraction = touched();
        held = Math.max(Number.isNaN(slow) ? fraction : slow, Number.isNaN(fast) ? fraction : fast, blend(fast, fraction, fastGain));
        slow = blend(slow, fraction, slowGain);
        fast = blend(fast, fraction, fastGain);
        sample = draw(drawn, view.configuredPages, random);
        from = view.epoch() + 1;
      },
      read() {
        if (Number.isNaN(held)) return NO_ESTIMATE;
        const next = blend(fast, touched(), fastGain);
        const fraction = Math.round((report === "period" ? held : Math.max(slow, fast, next)) * drawn) / drawn;
        const { low, high } = wilson(fraction, drawn);
        const inPages = (f: number): number => f * view.configuredPages;
        return {
          reported: Math.round(inPages(fraction)),
          slow: inPages(slow),
          fast: inPages(fast),
          next: inPages(next),
          low: inPages(low),
          high: inPages(high),
        };
      },
    };
  },
});

/** `n` distinct PPNs out of [0, size), uniformly (Floyd's method). */
function draw(n: number, size: number, random: () => number): readonly number[] {
  const chosen = new Set<number>();
  for (let top = size - n; top < size; top++) {
    const ppn = Math.floor(random() * (top + 1));
    chosen.add(chosen.has(ppn) ? top : ppn);
  }
  return [...chosen];
}

/** Wilson 1927 score interval of a fraction seen in n draws: sound near 0 and 1, where f ± 1.96 √(f(1−f)/n) is not. */
export function wilson(fraction: number, n: number): { readonly low: number; readonly high: number } {
  const z2 = Z95 * Z95;
  const middle = (fraction + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((fraction * (1 - fraction)) / n + z2 / (4 * n * n));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
