export { checkMachine } from "./check-machine.ts";
export { estimators } from "./estimators.ts";
export type { Estimate, Estimation, Estimator, TouchView } from "./estimator.ts";
export type { Observation, Observer, ObserverContext, VmSample } from "./observer.ts";
export { observers } from "./observers.ts";
export { replay } from "./replay.ts";
export type { ReplayPlan } from "./replay.ts";
export { parseScenario, plainScenario, scenarioJsonSchema, scenarioSchema } from "./scenario.ts";
export type { Scenario } from "./scenario.ts";
