import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  CAUSE_COLOUR,
  CLASS_COLOUR,
  ESTIMATOR_COLOURS,
  GREY,
  GUEST_COLOUR,
  GUEST_COLOUR_DARK,
  HEAT_RAMP,
  INTER_COLOUR,
  MECHANISM_COLOUR,
  MODE_COLOUR,
  OP_COLOUR,
  PLAIN_COLOUR,
  POLICY_COLOURS,
  REPORTED_COLOUR,
  rgbOf,
  STALL_COLOUR,
  STATE_COLOUR,
  THEMES,
} from "./palette.ts";

type Rgb = readonly [number, number, number];

const linear = (hex: string): Rgb => {
  const of = (byte: number): number => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = rgbOf(hex);
  return [of(r), of(g), of(b)];
};

/** Relative luminance and contrast (WCAG 2.2). */
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** OKLab (Ottosson 2020). */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Full colour blindness as matrices on linear RGB (Machado, Oliveira, Fernandes 2009). */
const SIGHT: { readonly [kind: string]: readonly [Rgb, Rgb, Rgb] } = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(hex: string, matrix: readonly [Rgb, Rgb, Rgb]): Rgb {
  const [r, g, b] = linear(hex);
  const row = ([x, y, z]: Rgb): number => Math.min(1, Math.max(0, x * r + y * g + z * b));
  return oklab([row(matrix[0]), row(matrix[1]), row(matrix[2])]);
}

const classes = Object.entries(CLASS_COLOUR);
const causes = [...CAUSE_COLOUR];
const modes = [...MODE_COLOUR];
const states = [...STATE_COLOUR];
const stalls = Object.entries(STALL_COLOUR);
const mechanisms: [string, string][] = [...Object.entries(MECHANISM_COLOUR), ["own memory", GREY]];
const estimators: [string, string][] = ESTIMATOR_COLOURS.map((colour, i) => [`estimator ${i}`, colour]);
const policies: [string, string][] = POLICY_COLOURS.map((colour, i) => [`policy ${i}`, colour]);
const ops = Object.entries(OP_COLOUR);
const plain: [string, string][] = [
  ["guest", GUEST_COLOUR],
  ["plain", PLAIN_COLOUR],
];
const counters: [string, string][] = [
  ["active", CLASS_COLOUR.active],
  ["reported", REPORTED_COLOUR],
  ["guest", GUEST_COLOUR],
  ["granted", GREY],
];
/** The same where they are drawn on dark paper. */
const darkCounters = counters.map(([name, colour]): [string, string] => [name, name === "guest" ? GUEST_COLOUR_DARK : colour]);
const sharing: [string, string][] = [
  ["saved", CLASS_COLOUR.sharing],
  ["intra", MECHANISM_COLOUR.sharing],
  ["inter", INTER_COLOUR],
];

const all: readonly (readonly [string, string])[] = [
  ...classes,
  ["totals", GREY],
  ...causes,
  ...modes,
  ...states,
  ...stalls,
  ...mechanisms,
  ...sharing,
  ...estimators,
  ...policies,
  ...ops,
  ...plain,
];

test.each(all)("%s stands out from light and dark paper, 3:1", (_, colour) => {
  expect(contrast(colour, THEMES.light.paper)).toBeGreaterThanOrEqual(3);
  expect(contrast(colour, THEMES.dark.paper)).toBeGreaterThanOrEqual(3);
});

test("the guest's line is no dimmer in the dark than in the light", () => {
  expect(contrast(GUEST_COLOUR_DARK, THEMES.dark.paper)).toBeGreaterThan(contrast(GUEST_COLOUR, THEMES.light.paper));
});

test.each(Object.entries(THEMES))("text in the %s theme has 4.5:1", (_, { paper, ink, quiet }) => {
  expect(contrast(ink, paper)).toBeGreaterThanOrEqual(7);
  expect(contrast(quiet, paper)).toBeGreaterThanOrEqual(4.5);
});

const distance = (p: Rgb, q: Rgb): number => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);

describe.each(Object.entries(SIGHT))("with %s", (kind, matrix) => {
  test.each([
    ["classes", classes, 0.1],
    ["causes of translation time", causes, 0.09],
    ["translation modes", modes, 0.1],
    ["states of the host", states, 0.1],
    ["mechanisms", mechanisms, 0.1],
    ["causes of waiting", stalls, 0.09],
    ["parts of page sharing", sharing, 0.1],
    ["estimators", estimators, 0.1],
    ["victim policies", policies, 0.1],
    ["reads and writes", ops, 0.1],
    ["counters", counters, 0.1],
    ["counters in the dark", darkCounters, 0.1],
  ])("any two %s differ", (_, palette, apart) => {
    const least = kind === "tritanopia" ? 0.7 * apart : apart;
    for (const [i, [a, first]] of palette.entries()) {
      for (const [b, second] of palette.slice(i + 1))
        expect(distance(seen(first, matrix), seen(second, matrix)), `${a} and ${b}`).toBeGreaterThan(least);
    }
  });
});

test("no two meanings share a colour", () => {
  // A mechanism's colour is that of waiting for it, too, and low's that of being blocked.
  const host = new Map([...states, ["inter", INTER_COLOUR] as const, ...stalls].map(([name, colour]) => [colour, name]));
  const own = [...estimators, ...policies, ...ops, ...plain, ["guest in the dark", GUEST_COLOUR_DARK] as const];
  const all = [
    ...classes,
    ["totals", GREY] as const,
    ...causes,
    ...modes,
    ...own,
    ...[...host].map(([colour, name]) => [name, colour] as const),
  ];
  for (const [i, [a, first]] of all.entries()) {
    for (const [b, second] of all.slice(i + 1))
      expect(distance(oklab(linear(first)), oklab(linear(second))), `${a} and ${b}`).toBeGreaterThan(0.045);
  }
});

test("the heat ramps go one way in lightness, away from their paper", () => {
  const lightness = (ramp: readonly string[]): number[] => ramp.map((hex) => oklab(linear(hex))[0]);
  expect(lightness(HEAT_RAMP.light)).toEqual(lightness(HEAT_RAMP.light).toSorted((a, b) => b - a));
  expect(lightness(HEAT_RAMP.dark)).toEqual(lightness(HEAT_RAMP.dark).toSorted((a, b) => a - b));
});

test("a chart takes a ledger class's colour for nothing but that class", () => {
  const folder = new URL("charts/", import.meta.url);
  const files = readdirSync(folder).filter((name) => /(?<!test|testing)\.ts$/.test(name));
  expect(files.length).toBeGreaterThan(20);
  // By its key, that is: by name only for active memory and what sharing saves, which are counters too.
  const named = files.filter((name) => /CLASS_COLOUR\.(?!active|sharing)/.test(readFileSync(new URL(name, folder), "utf8")));
  expect(named).toEqual([]);
});
