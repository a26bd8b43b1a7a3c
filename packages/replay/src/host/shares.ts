import { PAGE_BYTES } from "@tidemark/data/shapes";

const PAGES_PER_MB = 2 ** 20 / PAGE_BYTES;

/** Shares per MB of configured memory (RMG, resource allocation shares). */
export const SHARES_PER_MB = { high: 20, normal: 10, low: 5 } as const;

/** Shares of a VM: a level by its size, or a number as it is. */
export const sharesOf = (given: keyof typeof SHARES_PER_MB | number, configuredPages: number): number =>
  typeof given === "number" ? given : (SHARES_PER_MB[given] * configuredPages) / PAGES_PER_MB;
