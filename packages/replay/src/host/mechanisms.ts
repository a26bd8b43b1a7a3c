import { find, InputError, readParams, type Params, type Values } from "@tidemark/data/shapes";
import { estimators } from "../estimators.ts";
import { policies } from "../policies.ts";
import type { Policy } from "../policy.ts";
import type { Scenario } from "../scenario.ts";
import { filledTranslation } from "../translation/translation-key.ts";
import type { Mechanisms } from "./host.ts";
import { asTexts, defined, mechanismKeys } from "./host-keys.ts";
import {
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

type Asked = { readonly [name: string]: string | number } | "off" | "on" | undefined;

/** Parameters of a mechanism that acts unless it is turned off, and of one that does not unless it is asked for. */
const unlessOff = <P extends Params>(name: string, params: P, asked: Asked): Values<P> | undefined =>
  asked === "off" ? undefined : readParams(name, params, asked === undefined || asked === "on" ? {} : asTexts(asked));
const ifAsked = <P extends Params>(name: string, params: P, asked: Asked): Values<P> | undefined =>
  asked === undefined ? undefined : unlessOff(name, params, asked);

/** The scenario's mechanisms with every default, and who names the swapper's victims. InputError where they cannot be. */
export function mechanismsOf({ allocation, share, balloon, compress, swap, stallCosts, ...scenario }: Scenario): {
  readonly mechanisms: Mechanisms;
  readonly policy: Policy;
  readonly policyParams: Values<Params>;
} {
  const { policy: { name, ...policyGiven } = { name: "random" }, ...swapGiven } = swap === "off" || swap === undefined ? {} : swap;
  const { profile, ...shareGiven } = share === "off" || share === undefined ? {} : share;
  const policy = find("policy", policies, name);
  if (policy.sees === "future")
    throw new InputError(`swap.policy ${name}: needs the future of the trace, which a host does not have; it is for tidemark curve`);
  const mechanisms: Mechanisms = {
    allocation: readParams("allocation", ALLOCATION, asTexts(allocation ?? {})),
    share: unlessOff("share", SHARE, share === "off" ? "off" : defined(shareGiven)),
    profile: readParams("share.profile", PROFILE, asTexts(profile ?? {})),
    balloon: unlessOff("balloon", BALLOON, balloon),
    compress: unlessOff("compress", COMPRESS, compress),
    swap: unlessOff("swap", SWAP, swap === "off" ? "off" : defined(swapGiven)),
    freePageReporting: ifAsked("freePageReporting", FREE_PAGE_REPORTING, scenario.freePageReporting),
    proactive: ifAsked("proactive", PROACTIVE, scenario.proactive),
    senpai: ifAsked("senpai", SENPAI, scenario.senpai),
    stallCosts: readParams("stallCosts", STALL_COSTS, asTexts(stallCosts ?? {})),
  };
  check(mechanisms, profile !== undefined);
  return { mechanisms, policy, policyParams: readParams(policy.name, policy.params, asTexts(policyGiven)) };
}

function check({ share, profile, swap, proactive, senpai }: Mechanisms, isProfiled: boolean): void {
  const pagesOut = Object.entries({ proactive, senpai }).find(([, params]) => params !== undefined);
  if (swap === undefined && pagesOut !== undefined)
    throw new InputError(`${pagesOut[0]}: the pages it takes are compressed or swapped, and swap is off; turn swap on`);
  if (isProfiled && share?.contents !== "profile")
    throw new InputError(
      "share.profile: contents are assumed only where it is said that they are; give share.contents: profile, or leave it out",
    );
  const { zero, commonDuplicate, ownDuplicate, common, some } = profile;
  const sum = zero + commonDuplicate + ownDuplicate + common + some;
  if (sum > 100 + 1e-9) throw new InputError(`share.profile: its parts make ${Number(sum.toFixed(6))} % of a VM; give 100 % or less`);
}

/**
 * The scenario as it is run, with every default filled in that does not depend on the traces: the estimator's, those of translation
 * where it is counted, and, where there is a host, those of all that acts on it. Times are in ns.
 */
export function filledScenario(scenario: Scenario): { readonly [key: string]: unknown } {
  const { host, estimator, translation } = scenario;
  const filled = {
    ...scenario,
    estimator: filledEstimator(estimator),
    ...(translation === undefined ? {} : { translation: filledTranslation(translation) }),
  };
  if (host === undefined) return filled;
  const { mechanisms, policy, policyParams } = mechanismsOf(scenario);
  const { profile, share, swap, ...others } = mechanisms;
  const acting: { readonly [name in keyof typeof mechanismKeys]: object | undefined } = {
    ...others,
    share: share === undefined ? undefined : { ...share, ...(share.contents === "profile" ? { profile } : {}) },
    swap: swap === undefined ? undefined : { policy: { name: policy.name, ...policyParams }, ...swap },
  };
  return {
    ...Object.fromEntries(Object.entries(filled).filter(([name]) => !Object.hasOwn(mechanismKeys, name))),
    ...Object.fromEntries(Object.keys(mechanismKeys).map((name) => [name, acting[name as keyof typeof acting] ?? "off"])), // their own keys
  };
}

/** The period of an estimator is the window, unless it is given. */
function filledEstimator({ name, ...given }: Scenario["estimator"]): object {
  const { period, ...params } = readParams(name, find("estimator", estimators, name).params, asTexts(given));
  return { name, ...params, ...(given["period"] === undefined ? {} : { period }) };
}
