import { seededRandom, type Random } from "@tidemark/data/shapes";

/** What a host reported of one VM, period by period, in shares of its size. */
export interface ReportedActive {
  /** Active memory as reported at the end of each period; NaN: no sample. */
  readonly reported: Float64Array;
  /** Share of the pages touched in each period, where a replay knows it; else it is taken to be the same all the time. */
  readonly touched: Float64Array | undefined;
}

/** Gains of the sampler that fit best, and how well. Shares are of the VM's size. */
export interface GainFit {
  readonly slow: number;
  readonly fast: number;
  /** First and last gain that a 95 % likelihood ratio does not reject, the filter's own noise allowed for. */
  readonly slowBand: readonly [number, number];
  readonly fastBand: readonly [number, number];
  /** Mean of what was touched per period. */
  readonly share: number;
  /** Root mean square of reported less what the fit foretells one period ahead. */
  readonly error: number;
  /** Of that, what the draw of the sample does not explain: standard deviation. */
  readonly unexplained: number;
  readonly periods: number;
}

const SLOW_GAINS = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4];
const FAST_GAINS = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** What may be left unexplained, from half a step of a 1 % grid up; shares. */
const UNEXPLAINED = [0.005, 0.0075, 0.01, 0.0125, 0.015, 0.02, 0.03, 0.05, 0.1];
/** Steps in which a steady share is sought. */
const SHARE_STEP = 0.005;
const PARTICLES = 48;
/** More periods tell little more and take long. */
const PERIODS_MAX = 300;
const PERIODS_MIN = 10;
const BURN_IN = 20;
/** Half of the 95 % point of χ² with one degree of freedom. */
const RATIO_95 = 1.92;
/** How often the best fit is filtered again, to see how much of a likelihood is the filter's own noise. */
const NOISE_RUNS = 6;

/**
 * Fits the gains of the slow and the fast average of `esx-sampler` by maximum likelihood. Each period draws `pages` PPNs, of which a binomial number
 * was touched; the reported share is the sampler's, on its grid, and a normal error that is fitted too. The likelihood is that of a particle
 * filter in which every particle meets every draw, with the same random numbers for all gains. undefined: fewer than ten periods.
 */
export function fitGains({ reported, touched }: ReportedActive, pages: number, seed: number): GainFit | undefined {
  const from = Math.max(0, reported.length - PERIODS_MAX);
  const observed = reported.slice(from);
  const known = observed.filter((share) => !Number.isNaN(share));
  if (known.length < PERIODS_MIN) return undefined;
  const mean = meanOf(known);
  const given = touched?.slice(from);
  const chance = chanceOf(observed.length, seededRandom(seed, "", "fit-gains"));
  const givenDraws = given === undefined ? undefined : Array.from(given, (share) => drawsOf(share, pages));
  let left = UNEXPLAINED.length >> 1;
  const candidates = SLOW_GAINS.flatMap((slow) =>
    FAST_GAINS.filter((fast) => fast >= slow).map((fast) => {
      const steady = given === undefined ? unbiased(mean, slow, fast, pages, chance) : meanOf(given);
      const found = new Map<string, Filtered>();
      const at = (i: number, steps: number): Filtered => {
        const key = `${i} ${steps}`;
        const draws = givenDraws ?? [drawsOf(steady + steps * SHARE_STEP, pages)];
        const result = found.get(key) ?? filtered(observed, draws, slow, fast, UNEXPLAINED[i], pages, chance);
        found.set(key, result);
        return result;
      };
      // One peak: climbed along what is left, from where the last gains had theirs, and along the share where that is not known.
      let steps = 0;
      for (let isHigher = true; isHigher;) {
        const here = at(left, steps).logLikelihood;
        const by = [1, -1].find((d) => left + d in UNEXPLAINED && at(left + d, steps).logLikelihood > here);
        const shareBy = given === undefined ? [1, -1].find((d) => at(left, steps + d).logLikelihood > here) : undefined;
        isHigher = by !== undefined || shareBy !== undefined;
        if (by !== undefined) left += by;
        else steps += shareBy ?? 0;
      }
      return { slow, fast, share: steady + steps * SHARE_STEP, unexplained: UNEXPLAINED[left], ...at(left, steps) };
    }),
  );
  const best = candidates.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
  const bestDraws = givenDraws ?? [drawsOf(best.share, pages)];
  const again = Array.from({ length: NOISE_RUNS }, (_, i) => {
    const other = chanceOf(observed.length, seededRandom(seed, "", `fit-gains ${i}`));
    return filtered(observed, bestDraws, best.slow, best.fast, best.unexplained, pages, other).logLikelihood;
  });
  const noise = Math.max(...again) - Math.min(...again);
  const likely = candidates.filter(({ logLikelihood }) => logLikelihood >= best.logLikelihood - RATIO_95 - noise);
  const band = (of: (each: (typeof likely)[number]) => number): readonly [number, number] => [
    Math.min(...likely.map(of)),
    Math.max(...likely.map(of)),
  ];
  const { slow, fast, share, error, unexplained } = best;
  return {
    slow,
    fast,
    slowBand: band((each) => each.slow),
    fastBand: band((each) => each.fast),
    share,
    error,
    unexplained,
    periods: known.length,
  };
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a sample of the VM's pages can show, and how likely it is: a binomial without its farthest tails. */
interface Draws {
  readonly seen: Float64Array;
  readonly mass: Float64Array;
}

const MASS_MIN = 1e-7;

function drawsOf(share: number, pages: number): Draws {
  const p = Math.min(1 - 1e-9, Math.max(1e-9, share));
  const seen: number[] = [];
  const mass: number[] = [];
  let logMass = pages * Math.log1p(-p);
  for (let touched = 0; touched <= pages; touched++) {
    if (Math.exp(logMass) > MASS_MIN) {
      seen.push(touched / pages);
      mass.push(Math.exp(logMass));
    }
    logMass += Math.log((pages - touched) / (touched + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return { seen: Float64Array.from(seen), mass: Float64Array.from(mass) };
}

/** What one draw shows; `chance` in [0, 1). */
function drawn({ seen, mass }: Draws, chance: number): number {
  let at = 0;
  for (let left = chance - mass[0]; left > 0 && at < seen.length - 1; left -= mass[++at]);
  return seen[at];
}

/** Random numbers of a fit, drawn once, so that all gains meet the same chance. */
interface Chance {
  /** Where each period's resampling begins. */
  readonly picks: Float64Array;
  /** Before the first period. */
  readonly before: Float64Array;
}

const chanceOf = (periods: number, random: Random): Chance => ({
  picks: Float64Array.from({ length: periods }, () => random()),
  before: Float64Array.from({ length: PARTICLES * (BURN_IN + 1) }, () => random()),
});

/** The steady share that the sampler would report as `mean`: the largest of three averages reads high. */
function unbiased(mean: number, slow: number, fast: number, pages: number, { before }: Chance): number {
  const draws = drawsOf(mean, pages);
  let [slowly, quickly, sum] = [mean, mean, 0];
  for (const chance of before) {
    const seen = drawn(draws, chance);
    const next = quickly + fast * (seen - quickly);
    sum += Math.max(slowly, quickly, next);
    slowly += slow * (seen - slowly);
    quickly = next;
  }
  return Math.max(0, 2 * mean - sum / before.length);
}

interface Filtered {
  readonly logLikelihood: number;
  readonly error: number;
}

/** Log-likelihood of the observed shares, and the error of their prediction one period ahead. One entry of `draws` stands for all periods, or each has its own. */
function filtered(
  observed: Float64Array,
  draws: readonly Draws[],
  slow: number,
  fast: number,
  unexplained: number,
  pages: number,
  chance: Chance,
): Filtered {
  const [slowly, quickly] = [new Float64Array(PARTICLES), new Float64Array(PARTICLES)];
  const offspring = PARTICLES * draws.reduce((most, { seen }) => Math.max(most, seen.length), 0);
  const [slowlyNext, quicklyNext] = [new Float64Array(offspring), new Float64Array(offspring)];
  const weights = new Float64Array(offspring);
  for (let p = 0, b = 0; p < PARTICLES; p++) {
    slowly[p] = quickly[p] = drawn(draws[0], chance.before[b++]);
    for (let i = 0; i < BURN_IN; i++) {
      const seen = drawn(draws[0], chance.before[b++]);
      slowly[p] += slow * (seen - slowly[p]);
      quickly[p] += fast * (seen - quickly[p]);
    }
  }
  let [logLikelihood, squares, known] = [0, 0, 0];
  for (let period = 0; period < observed.length; period++) {
    const { seen, mass } = draws[draws.length === 1 ? 0 : period];
    const share = observed[period];
    const isKnown = !Number.isNaN(share);
    let [total, foretold] = [0, 0];
    let child = 0;
    for (let s = 0; s < seen.length; s++) {
      for (let p = 0; p < PARTICLES; p++, child++) {
        const next = quickly[p] + fast * (seen[s] - quickly[p]);
        const held = Math.round(Math.max(slowly[p], quickly[p], next) * pages) / pages;
        slowlyNext[child] = slowly[p] + slow * (seen[s] - slowly[p]);
        quicklyNext[child] = next;
        foretold += mass[s] * held;
        const off = (share - held) / unexplained;
        total += weights[child] = mass[s] * (isKnown ? Math.exp(-0.5 * off * off) : 1);
      }
    }
    if (total < 1e-250) return { logLikelihood: -1e9 * (observed.length - period), error: NaN };
    if (isKnown) {
      known++;
      squares += (share - foretold / PARTICLES) ** 2;
      logLikelihood += Math.log(total / PARTICLES / (unexplained * Math.sqrt(2 * Math.PI)));
    }
    // Systematic resampling: one random number, equal steps.
    for (let p = 0, from = 0, sum = weights[0]; p < PARTICLES; p++) {
      const step = ((chance.picks[period] + p) / PARTICLES) * total;
      while (sum < step && from < child - 1) sum += weights[++from];
      slowly[p] = slowlyNext[from];
      quickly[p] = quicklyNext[from];
    }
  }
  return { logLikelihood, error: Math.sqrt(squares / known) };
}
