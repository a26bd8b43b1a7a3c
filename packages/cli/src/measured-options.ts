import { basename } from "node:path";
import { InputError, MEASURED_COUNTERS, measuredCounters, PAGE_BYTES, parseTime } from "@tidemark/data/shapes";
import type { MappedColumn, MeasuredReading } from "@tidemark/ingest";
import { DECIMAL_MARKS, type DecimalMark } from "@tidemark/ingest/decimal-text";
import { DATE_ORDERS, zoneOf, type DateOrder } from "@tidemark/ingest/time-stamp";
import { Option, type Command } from "commander";
import { collect } from "./option-values.ts";

/** What is open in files of measured counters, as commander gives it. */
export interface MeasuredReadingOptions {
  readonly measuredMap: readonly string[];
  readonly measuredZone?: string;
  readonly measuredDates?: DateOrder;
  readonly measuredDecimal?: DecimalMark;
}

/** How a run is held against measured counters, as commander gives it. */
export interface MeasuredOptions extends MeasuredReadingOptions {
  readonly measured: readonly string[];
  readonly measuredVm: readonly string[];
  readonly measuredAt?: string;
  readonly fitEstimator: boolean;
}

/** The same as commander names them: a run that is there already can be held against counters, too. */
export const MEASURED_OPTIONS = [
  "measured",
  "measuredVm",
  "measuredAt",
  "measuredMap",
  "measuredZone",
  "measuredDates",
  "measuredDecimal",
  "fitEstimator",
] as const satisfies readonly (keyof MeasuredOptions)[];

/** Adds them to a command that makes a run. */
export const withMeasuredOptions = (command: Command): Command =>
  withMeasuredReading(
    command
      .option("--measured <file>", "hold the run against measured counters (tidemark list measured-formats); repeatable", collect, [])
      .option("--measured-vm <name=vm>", "measured VM = VM of the run, where the names differ; repeatable", collect, [])
      .option("--measured-at <time>", "where the first measured sample stands, e.g. 90s; default: at the first access"),
  ).option("--fit-estimator", "fit the gains of the sampling estimator to the measured active memory", false);

/** Adds the options of reading alone. */
export const withMeasuredReading = (command: Command): Command =>
  command
    .option(
      "--measured-map <name=column>",
      "what a column of a table is: time, vm or a counter, with its unit, e.g. time=Zeit, consumed=Used:MB (default KB); repeatable",
      collect,
      [],
    )
    .option("--measured-zone <zone>", "time zone of measured times that name none, e.g. +02:00; default: UTC")
    .addOption(new Option("--measured-dates <order>", "order of day and month where it cannot be told").choices(DATE_ORDERS))
    .addOption(new Option("--measured-decimal <mark>", "decimal mark where it cannot be told").choices(DECIMAL_MARKS));

export function measuredReading({ measuredMap, measuredZone, measuredDates, measuredDecimal }: MeasuredReadingOptions): MeasuredReading {
  const zoneMinutes = measuredZone === undefined ? undefined : zoneOf(measuredZone);
  if (measuredZone !== undefined && zoneMinutes === undefined)
    throw new InputError(`--measured-zone ${measuredZone}: is no time zone; write for example +02:00, -05:30 or UTC`);
  return { zoneMinutes, dates: measuredDates, decimal: measuredDecimal, columns: new Map(measuredMap.map(mappedColumn)) };
}

/** Bytes per unit of a counter. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["KB", 2 ** 10],
  ["MB", 2 ** 20],
  ["GB", 2 ** 30],
  ["pages", PAGE_BYTES],
]);

/** `consumed=Used:MB`; `active` is short for what a host reports as such. A column's name may hold colons. */
function mappedColumn(pair: string): [string, MappedColumn] {
  const found = /^(\w+)=(.+?)(?::(B|KB|MB|GB|pages))?$/.exec(pair);
  const [, name, column = "", unit = "KB"] = found ?? [];
  const named = ["time", "vm", ...MEASURED_COUNTERS] as const;
  const is = named.find((each) => each === (name === "active" ? "activeReported" : name));
  if (is === undefined)
    throw new InputError(
      `--measured-map ${pair}: write name=column or name=column:unit; names: time, vm, active, ${MEASURED_COUNTERS.join(", ")}`,
    );
  const isNumber = is !== "time" && is !== "vm" && measuredCounters[is].unit === "";
  return [column, { is, unitPages: isNumber ? 1 : (UNITS.get(unit) ?? 0) / PAGE_BYTES }];
}

/** Refuses options that cannot be meant, before the work. */
export function checkMeasured(options: MeasuredOptions): void {
  measuredReading(options);
  pairs(options);
  if (options.measuredAt !== undefined) parseTime(options.measuredAt, "--measured-at");
  if (options.measured.length > 0) return;
  const given = options.measuredVm.length > 0 ? "--measured-vm" : options.fitEstimator ? "--fit-estimator" : undefined;
  if (given !== undefined || options.measuredAt !== undefined)
    throw new InputError(`${given ?? "--measured-at"}: there is nothing measured; give --measured FILE`);
}

function pairs({ measuredVm }: MeasuredOptions): ReadonlyMap<string, string> {
  return new Map(
    measuredVm.map((pair) => {
      const at = pair.lastIndexOf("=");
      if (at < 1 || at === pair.length - 1) throw new InputError(`--measured-vm ${pair}: write name=vm, for example web-01=web`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** What measured VMs are called in a run: as was said; else those of equal names; else the only one of each. */
export function measuredNames(
  measured: readonly string[],
  vms: readonly string[],
  files: readonly string[],
  options: MeasuredOptions,
): ReadonlyMap<string, string> {
  const said = pairs(options);
  for (const [name, vm] of said) {
    if (!measured.includes(name))
      throw new InputError(`--measured-vm ${name}=${vm}: ${listed(files)} has no "${name}"; it has ${listed(measured)}`);
    if (!vms.includes(vm)) throw new InputError(`--measured-vm ${name}=${vm}: the run has no VM "${vm}"; it has ${listed(vms)}`);
  }
  if (said.size > 0 || measured.length === 0) return said;
  const same = measured.filter((name) => vms.includes(name));
  if (same.length > 0) return new Map(same.map((name) => [name, name]));
  const [onlyMeasured, onlyVm] = [measured[0], vms[0]];
  if (measured.length === 1 && vms.length === 1 && onlyMeasured !== undefined && onlyVm !== undefined)
    return new Map([[onlyMeasured, onlyVm]]);
  throw new InputError(
    `--measured: ${listed(files.map((file) => basename(file)))} has ${listed(measured)}, the run ${listed(vms)}; pair them with --measured-vm NAME=VM`,
  );
}

const LISTED_MAX = 8;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED_MAX).map((name) => JSON.stringify(name).slice(1, -1));
  return `${shown.join(", ")}${names.length > LISTED_MAX ? ` and ${names.length - LISTED_MAX} more` : ""}`;
}
