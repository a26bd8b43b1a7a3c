import { breakEvenTable, pickTable, rowsOf, translationCostTable, translationTable, type Run } from "@tidemark/data/shapes";
import { modes as knownModes } from "@tidemark/replay";
import { table, whole } from "./words.ts";

/** One mode's row. */
interface Summed {
  readonly mode: string;
  readonly causes: readonly { readonly cause: string; readonly perAccess: number }[];
  readonly perAccess: number;
  /** Cycles of an access besides its translation. */
  readonly base: number;
  readonly missesPer1000: number;
  readonly perWalk: number;
  readonly exits: number;
  readonly tablePages: number;
}

/** Every VM's modes side by side, for a terminal. */
export function translationText({ manifest, tables }: Run): string {
  const counters = pickTable(tables, translationTable);
  const costs = pickTable(tables, translationCostTable);
  if (counters === undefined || costs === undefined) return "";
  const counted = rowsOf(counters);
  const priced = rowsOf(costs);
  const breakEven = pickTable(tables, breakEvenTable);
  const evens = breakEven === undefined ? [] : rowsOf(breakEven);
  const groups = new Map(
    counted.filter(({ core }) => core !== "").map(({ vm, pages, core }) => [JSON.stringify([vm, pages, core]), { vm, pages, core }]),
  );
  const parts = [...groups.values()].map(({ vm, pages, core }) => {
    const isOwn = (row: { readonly vm: string; readonly pages: string; readonly core: string }): boolean =>
      row.vm === vm && row.pages === pages && row.core === core;
    const own = counted.filter(isOwn);
    const modes = [...new Set(own.map(({ mode }) => mode))].map((mode): Summed => {
      const value = (group: string, counter: string): number =>
        own.find((row) => row.mode === mode && row.group === group && row.counter === counter)?.value ?? 0;
      const sum = (group: string, starts: string): number =>
        own.reduce((total, row) => total + (row.mode === mode && row.group === group && row.counter.startsWith(starts) ? row.value : 0), 0);
      const all = priced.filter((row) => isOwn(row) && row.mode === mode);
      return {
        mode,
        causes: all.filter(({ cause }) => cause !== "access"),
        perAccess: all.reduce((total, { cause, perAccess }) => total + (cause === "access" ? 0 : perAccess), 0),
        base: all.find(({ cause }) => cause === "access")?.perAccess ?? 0,
        missesPer1000: (1000 * sum("tlb", "misses")) / value("tlb", "accesses"),
        perWalk: value("references", "all") / value("walks", "all"),
        exits: sum("exits", ""),
        tablePages: value("hypervisor", "table pages at most"),
      };
    });
    const cycles = aligned(modes.map(({ perAccess }) => perAccess));
    const misses = aligned(modes.map(({ missesPer1000 }) => missesPer1000));
    const rows = modes.map(({ mode, causes, perAccess, base, perWalk, exits, tablePages }, i) => [
      mode,
      cycles[i],
      percent(perAccess, perAccess + base, 1),
      misses[i],
      Number.isNaN(perWalk) ? "–" : perWalk.toFixed(2),
      whole(exits),
      whole(tablePages),
      perAccess === 0 ? "–" : dearest(causes, perAccess),
    ]);
    const header = ["mode", "cycles/access", "of run time", "misses/1000", "references/walk", "exits", "table pages", "dearest cause"];
    return [
      `${vm} on ${core}, page sizes (guest/host) ${pages}`,
      "",
      table(header, rows, [0, header.length - 1]),
      ...breakEvens(evens.filter(isOwn), modes),
    ].join("\n");
  });
  const notes = manifest.assumed.length === 0 ? [] : ["", "synthesised or assumed:", ...manifest.assumed.map((line) => `  ${line}`)];
  return [parts.join("\n\n"), ...notes].join("\n");
}

/** A column of figures with two decimals, three where they are small, the points below each other. */
function aligned(column: readonly number[]): readonly string[] {
  const isSmall = (n: number): boolean => n > 0 && n < 0.0995;
  const wide = column.some(isSmall);
  return column.map((n) => (Number.isNaN(n) ? "–" : isSmall(n) ? n.toFixed(3) : n.toFixed(2) + (wide ? " " : "")));
}

const percent = (part: number, of: number, digits: number): string => `${(of === 0 ? 0 : (100 * part) / of).toFixed(digits)} %`;

/** Where most of a mode's cycles go. */
function dearest(causes: readonly { readonly cause: string; readonly perAccess: number }[], perAccess: number): string {
  const most = causes.reduce((high, each) => (each.perAccess > high.perAccess ? each : high));
  return `${most.cause} ${percent(most.perAccess, perAccess, 0)}`;
}

interface Even {
  readonly cost: string;
  readonly below: string;
  readonly above: string;
  readonly value: number;
  /** NaN where two costs that are varied together were given different values. */
  readonly assumed: number;
}

const VARIED: { readonly [cost: string]: string } = { exit: "an exit costs", reference: "a memory reference of a walk costs" };

/** A cost this many times what is assumed, or as small a part of it, is no cost of any machine. */
const FAR = 100;

/** Where another mode becomes cheaper than the one that is cheapest now, the nearest such costs first; other pairs are in the run's table. */
function breakEvens(evens: readonly Even[], modes: readonly Summed[]): readonly string[] {
  if (modes.some(({ missesPer1000 }) => Number.isNaN(missesPer1000))) return []; // no accesses, no costs
  const asked = modes.filter(({ mode }) => knownModes.some(({ name, hasHost }) => name === mode && hasHost));
  // As on the break-even map: a mode that nobody builds is no choice, unless there are no two others.
  const built = asked.filter(({ mode }) => knownModes.some(({ name, isBuilt }) => name === mode && isBuilt));
  const rivals = built.length < 2 ? asked : built;
  if (rivals.length < 2) return [];
  const isRival = (mode: string): boolean => rivals.some((rival) => rival.mode === mode);
  const best = rivals.reduce((low, each) => (each.perAccess < low.perAccess ? each : low)).mode;
  const left = rivals.length < asked.length ? " that can be had" : "";
  const times = ({ value, assumed }: Even): number => (Number.isNaN(assumed) ? 1 : Math.max(value / assumed, assumed / value));
  const lines = evens
    .filter(({ below, above }) => (below === best && isRival(above)) || (above === best && isRival(below)))
    .filter((even) => !Number.isNaN(even.value) && times(even) <= FAR)
    .sort((a, b) => times(a) - times(b))
    .map(({ cost, below, above, value, assumed }) => {
      const [other, more] = below === best ? [above, "more"] : [below, "less"];
      const now = Number.isNaN(assumed) ? "" : ` (${cycleText(assumed)} assumed)`;
      return `  ${other} beats ${best} where ${VARIED[cost] ?? cost} ${more} than ${cycleText(value)} cycles${now}`;
    });
  return lines.length === 0
    ? [
        "",
        `${best} is the cheapest${left}, and stays so from a hundredth to ${FAR} times the assumed cost of an exit, or of a memory reference of a walk`,
      ]
    : ["", `${best} is the cheapest${left}; break-even, the other costs as assumed:`, ...lines];
}

const cycleText = (cycles: number): string => (cycles < 10 && !Number.isInteger(cycles) ? cycles.toPrecision(2) : whole(cycles));
