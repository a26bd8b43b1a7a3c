import type { LedgerClass } from "@tidemark/data/shapes";

/**
 * One colour per ledger class, in every chart, light and dark. Found by search: at least 3:1 contrast against both papers
 * (WCAG 2.2, 1.4.11), at least 0.1 apart in OKLab as seen with normal, protan and deutan vision (0.07 with tritan), and the three idle
 * classes a ramp from light to dark, warm to cold.
 */
export const CLASS_COLOUR: { readonly [K in LedgerClass]: string } = {
  active: "#cc1515",
  slack: "#cb8403",
  freed: "#227157",
  idle1: "#319ae3",
  idle5: "#2c61fe",
  idle30: "#7c50ab",
  sharing: "#9e7c97",
};

/** For totals: consumed, granted. */
export const GREY = "#7b8794";

/** What the guest itself says that it uses. */
export const GUEST_COLOUR = "#3272b9";
/** The same on dark paper, on which that is dim. Found by search among its hues: 0.1 from what is drawn beside it. */
export const GUEST_COLOUR_DARK = "#78b4e6";
export const GUEST_PAINT = { expr: `dark ? '${GUEST_COLOUR_DARK}' : '${GUEST_COLOUR}'` };

/** The one measure of a chart that has no other. */
export const PLAIN_COLOUR = "#319dc0";

/** One per estimator, in the run's order: the first is the one whose report counts. Found by search, 0.05 from every class and every other meaning. */
export const ESTIMATOR_COLOURS = ["#c161fb", "#349307", "#6d9d7d", "#a92e99"] as const;

/** Active memory as the hypervisor reports it. */
export const REPORTED_COLOUR = ESTIMATOR_COLOURS[0];

/** One per victim policy, in the run's order, found in the same way; the bound is drawn in ink. */
export const POLICY_COLOURS = ["#cb1df3", "#20aa13", "#945417", "#4d6969", "#bd7cc3", "#6a8b71", "#b80caf"] as const;

/** Pages read and pages written, where the two are counted apart; both together are drawn in ink. */
export const OP_COLOUR = { reads: "#7231fb", writes: "#fc553b" } as const;

/**
 * One colour per cause of translation time; an exit's reason has the colour of its cause. Found by search as the classes' are, ten of them
 * at least 0.09 apart (0.063 with tritan vision), and 0.05 from every class. Hardware is blue to green, exits are the warm ones.
 */
export const CAUSE_COLOUR: ReadonlyMap<string, string> = new Map([
  ["second-level TLB", "#4389a4"],
  ["guest or shadow walk", "#0a6e7f"],
  ["host walk", "#0ca87f"],
  ["hidden fault", "#af5c00"],
  ["reflected fault", "#ab9214"],
  ["page-table write", "#c50563"],
  ["cr3 load", "#fd31cb"],
  ["invlpg", "#a225be"],
  ["ept violation", "#930ffd"],
  ["resync", "#9782fb"],
]);

/** One colour per translation mode that a VM can have, found in the same way: the shadow modes red, the nested ones blue. */
export const MODE_COLOUR: ReadonlyMap<string, string> = new Map([
  ["shadow", "#b73608"],
  ["shadow-lazy", "#f36702"],
  ["nested", "#3259d7"],
  ["agile", "#6e5e7e"],
  ["nested-flat", "#708ef9"],
]);

/**
 * One colour per mechanism that gets memory back, found in the same way: from balloon to swap from blue to purple, as it hurts more.
 * What a VM waits for because of a mechanism has its colour.
 */
export const MECHANISM_COLOUR = { sharing: "#d87109", balloon: "#3690fb", zip: "#4f4df4", swap: "#9343b3" } as const;

/** One colour per state of a host that is short of memory; a VM that is made to wait has that of the state in which it is. High has none. */
export const STATE_COLOUR: ReadonlyMap<string, string> = new Map([
  ["clear", "#7ba011"],
  ["soft", "#8c6c1f"],
  ["hard", "#db6d8a"],
  ["low", "#b4327c"],
]);

/** One colour per kind of waiting: the mechanisms', that of state low, and those of what is left. */
export const STALL_COLOUR = {
  newMemory: "#636a31",
  sharing: MECHANISM_COLOUR.sharing,
  balloon: MECHANISM_COLOUR.balloon,
  doublePaging: "#c15fc7",
  zip: MECHANISM_COLOUR.zip,
  swap: MECHANISM_COLOUR.swap,
  blocked: "#b4327c",
  largeBreak: "#9c8972",
} as const;

/** Page sharing in parts: what it saves is the ledger's class; frames of one VM have the mechanism's colour, frames of several their own. */
export const INTER_COLOUR = "#5863a2";

/** What charts are drawn on and with, in light and dark. */
export const THEMES = {
  light: { paper: "#ffffff", ink: "#1c2127", quiet: "#59636e", rule: "#d9dee3" },
  dark: { paper: "#14171c", ink: "#e9ecf0", quiet: "#9ba5b0", rule: "#343b44" },
} as const;

/** Ramps of the heat map, few to many accesses: dark ink on light paper, light on dark. Black-body hues, monotonic in lightness. */
export const HEAT_RAMP = {
  light: ["#f6dfb4", "#f0a860", "#dc6a48", "#a8325e", "#611a66", "#1b0c41"],
  dark: ["#3a1a55", "#7a1f6c", "#bb3754", "#ea6a33", "#fbb61a", "#fcfcc0"],
} as const;

const channel = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);

/** `#rrggbb` → its three bytes. */
export const rgbOf = (hex: string): readonly [number, number, number] => [channel(hex, 1), channel(hex, 3), channel(hex, 5)];
