import type { Estimator } from "./estimator.ts";
import { abitScan } from "./estimators/abit-scan.ts";
import { esxSampler } from "./estimators/esx-sampler.ts";

/** Every active-memory estimator. To add one: a file in estimators/, and its line here. */
export const estimators: readonly Estimator[] = [esxSampler, abitScan];
