import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError, parseSize, parseTime } from "@tidemark/data/shapes";
import type { IngestPlan } from "@tidemark/ingest";
import { collect, memorySize } from "./option-values.ts";
import { TOOL } from "./version.ts";

/** The options of every command that reads foreign files, as commander gives them. */
export interface IngestOptions {
  readonly format?: string;
  readonly map: readonly string[];
  readonly vm?: string;
  readonly timeUnit?: "ns" | "us" | "ms" | "s";
  readonly timeOrigin?: string;
  readonly size?: string;
  readonly order: "exact" | "windowed" | "undeclared";
  readonly badRows: "fail" | "skip" | "quarantine";
  readonly sort: boolean;
  readonly workers?: number;
}

/** Adds the reading options to a command. */
export function withIngestOptions(command: Command): Command {
  return command
    .option("--format <name>", "format of the inputs; default: told from their content (tidemark list formats)")
    .option(
      "--map <column=name>",
      "column of ours = column of the file, e.g. gva=address, gva=address:hex, time=when:us; repeatable",
      collect,
      [],
    )
    .option("--vm <name>", "VM of the rows that name none")
    .addOption(new Option("--time-unit <unit>", "unit of times without one").choices(["ns", "us", "ms", "s"]))
    .option("--time-origin <time>", "subtract this from every time, e.g. 1700000000s for times since 1970")
    .option(
      "--size <bytes>",
      "configured memory of the VMs, e.g. 256MiB; default: what the input states, else its highest page",
      memorySize("--size"),
    )
    .addOption(
      new Option(
        "--order <order>",
        "whether rows stand in the exact order of the accesses; decides whether CR3 switches name their address space",
      )
        .choices(["exact", "windowed", "undeclared"])
        .default("undeclared"),
    )
    .addOption(
      new Option("--bad-rows <what>", "what to do with rows that make no sense").choices(["fail", "skip", "quarantine"]).default("fail"),
    )
    .option("--sort", "sort rows whose times go back (on disk, in bounded memory)", false)
    .option(
      "--workers <number>",
      "threads that scan a plain CSV or TSV file of accesses, for any other input none; the trace is the same; default: one less than there are cores, at most 4, from 256 MiB on",
      workerCount,
    );
}

export function ingestPlan(inputs: readonly string[], output: string, options: IngestOptions): IngestPlan {
  const columns = new Map<string, string>();
  for (const pair of options.map) {
    const at = pair.indexOf("=");
    if (at < 1 || at === pair.length - 1) throw new InputError(`--map ${pair}: write column=name, for example gva=address`);
    columns.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return {
    inputs,
    output,
    format: options.format,
    columns,
    vm: options.vm,
    timeUnit: options.timeUnit,
    timeOriginNs: options.timeOrigin === undefined ? 0 : parseOrigin(options.timeOrigin),
    sizeBytes: options.size === undefined ? undefined : parseSize(options.size, "--size"),
    order: options.order,
    badRows: options.badRows,
    sort: options.sort,
    workers: options.workers,
    tool: TOOL,
  };
}

function workerCount(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("write a whole number from 0 to 99");
}

/** An origin may lie beyond what a trace may span: 1700000000s is 54 years. */
function parseOrigin(text: string): number {
  const seconds = /^(\d+)s$/.exec(text);
  return seconds === null ? parseTime(text, "--time-origin") : Number(seconds[1]) * 1e9;
}

/** The reading options that were given: they mean nothing to a trace that has been read already. */
export function givenReadingOptions(options: IngestOptions): readonly string[] {
  const { format, map, vm, timeUnit, timeOrigin, order, badRows, sort, workers } = options;
  const given: readonly [string, boolean][] = [
    ["--format", format !== undefined],
    ["--map", map.length > 0],
    ["--vm", vm !== undefined],
    ["--time-unit", timeUnit !== undefined],
    ["--time-origin", timeOrigin !== undefined],
    ["--order", order !== "undeclared"],
    ["--bad-rows", badRows !== "fail"],
    ["--sort", sort],
    ["--workers", workers !== undefined],
  ];
  return given.flatMap(([name, isGiven]) => (isGiven ? [name] : []));
}
