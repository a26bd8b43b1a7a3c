import type { LedgerClass } from "@tidemark/data";

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

/** One per estimator, in the run's order. */
export const ESTIMATOR_COLOURS = [CLASS_COLOUR.slack, CLASS_COLOUR.idle5, CLASS_COLOUR.freed, CLASS_COLOUR.idle30] as const;

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
