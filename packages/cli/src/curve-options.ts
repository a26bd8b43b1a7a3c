import { find, formatTime, InputError, PAGE_BYTES, parsePlugin, parseSize, parseTime, readParams } from "@tidemark/data/shapes";
import type { AskedPolicy } from "@tidemark/replay";
import { STALL_COSTS } from "@tidemark/replay/mechanism-params";
import { policies } from "@tidemark/replay/policies";
import type { Command } from "commander";
import { duration } from "./option-values.ts";

/** `lru,slru:segments=2,arc`. A part of name=value belongs to the policy before it. */
export function parsePolicies(text: string): readonly AskedPolicy[] {
  const labels: string[] = [];
  for (const part of text.split(",")) {
    const before = labels.at(-1);
    if (before?.includes(":") === true && /^[^:]*=/.test(part)) labels[labels.length - 1] = `${before},${part}`;
    else labels.push(part);
  }
  const again = labels.find((label, i) => labels.indexOf(label) < i);
  if (again !== undefined) throw new InputError(`--policy ${again}: is given twice; give it once`);
  return labels.map((label) => {
    const { name, given } = parsePlugin(label);
    const policy = find("policy", policies, name);
    return { label, policy, params: readParams(name, policy.params, given) };
  });
}

/** `10,100,1000`: memory sizes in pages, by rising size, each once. */
export const parsePageSizes = (text: string): readonly number[] =>
  rising(
    text.split(",").map((part) => {
      const pages = /^\d+$/.test(part) ? Number(part) : 0;
      if (pages < 1 || pages > PAGES_MAX) throw new InputError(`--pages: "${part}" is not a whole number of pages from 1 to ${PAGES_MAX}`);
      return pages;
    }),
  );

/** `64MiB,1GiB`, as pages. */
export const parseMemorySizes = (text: string): readonly number[] =>
  rising(text.split(",").map((part) => parseSize(part, "--sizes") / PAGE_BYTES));

/** `1%`, `0.01`, above 0 and up to all, as a share. */
export function parseShare(text: string, option: string): number {
  const found = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text);
  const share = found === null ? NaN : Number(found[1]) / (found[2] === "%" ? 100 : 1);
  if (share > 0 && share <= 1) return share;
  throw new InputError(`${option} ${text}: must be above 0 and at most 100 %; write for example 1%`);
}

/** `1s,5min`, ns, rising, each once and at least `least`. */
export const parseTimes =
  (option: string, least: number) =>
  (text: string): readonly number[] => {
    const times = text.split(",").map((part) => {
      const ns = parseTime(part, option);
      if (ns >= least) return ns;
      throw new InputError(`${option} ${part}: must be more than 0`);
    });
    return [...new Set(times)].sort((a, b) => a - b);
  };

/** What misses cost and how many are few, as commander gives it; times in ns. */
export interface PriceOptions {
  readonly extra: number;
  readonly stall: readonly number[];
  readonly pageIn: number;
}

/** Adds them to a command that counts misses. */
export const withPriceOptions = (command: Command): Command =>
  command
    .option(
      "--extra <share>",
      "what is enough: at most so many misses more than with memory for all pages; default: 5%",
      (text: string) => parseShare(text, "--extra"),
      0.05,
    )
    .option(
      "--stall <times>",
      "what perfect knowledge (belady) may cost over the whole trace, separated by commas: how little memory does with it? default: 0,10ms,100ms,1s,10s, up to a tenth of the span",
      parseTimes("--stall", 0),
      [],
    )
    .option(
      "--page-in <time>",
      `what it costs to read a page again; default: ${formatTime(STALL_COSTS.swapIn.default)}`,
      (text: string) => parseTime(duration("--page-in")(text), "--page-in"),
      STALL_COSTS.swapIn.default,
    );

/** Pages of 16 TiB. */
const PAGES_MAX = 2 ** 32;

const rising = (sizes: readonly number[]): readonly number[] => [...new Set(sizes)].sort((a, b) => a - b);
