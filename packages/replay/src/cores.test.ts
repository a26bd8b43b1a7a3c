import { expect, test } from "vitest";
import { parseCore } from "./core.ts";
import { cores } from "./cores.ts";

test("names are unique and say what they are", () => {
  expect(new Set(cores.map(({ name }) => name)).size).toBe(cores.length);
  for (const { about, source } of cores) expect(about.length * source.length).toBeGreaterThan(0);
});

test("the geometries of the sources", () => {
  const text = cores.map(({ name, l1, l2, paging, nestedTlb }) => {
    const sizes = (arrays: readonly { readonly entries: number; readonly ways: number }[]): string =>
      arrays.map(({ entries, ways }) => `${entries}/${ways}`).join(" ") || "-";
    return `${name}: ${sizes(l1)}, ${sizes(l2)}, ${sizes(paging)}, ${nestedTlb?.entries ?? "-"}`;
  });
  expect(text).toEqual([
    "skylake: 64/4 32/4 4/4, 1536/12 16/4, 32/4 4/4 2/2, 16",
    "zen2: 64/64, 2048/16, 64/64, 16",
    "zen4: 72/72, 3072/24, 64/64 64/64, 16",
    "opteron: 48/48, 512/4, 24/24, 16",
    "none: -, -, -, -",
  ]);
});

const own = {
  name: "mine",
  about: "a core",
  source: "me",
  l1: [{ holds: ["4k"], entries: 8, ways: 2 }],
  l2: [],
  paging: [],
  hostPaging: [],
  nestedTlb: null,
};

test("a core of one's own is read from JSON", () => {
  expect(parseCore(JSON.stringify(own), "mine.json")).toEqual({ ...own, pdesInL2: false });
});

test.each([
  ["{", "mine.json: is not JSON"],
  [JSON.stringify({ ...own, l3: [] }), 'mine.json: core: Unrecognized key: "l3"'],
  [JSON.stringify({ ...own, l1: [{ holds: ["8k"], entries: 8, ways: 2 }] }), "mine.json: l1.0.holds.0: "],
  [JSON.stringify({ ...own, l1: [{ holds: ["4k"], entries: 9, ways: 3 }] }), "mine.json: l1.0: entries / ways must be a power of two"],
  [JSON.stringify({ ...own, l2: [own.l1[0], own.l1[0]] }), "mine.json: l2: a page size has two homes"],
  [JSON.stringify({ ...own, pdesInL2: true }), "mine.json: core: pdesInL2 needs an l2 array that holds 4k"],
])("a wrong core is refused: %s", (text, message) => {
  expect(() => parseCore(text, "mine.json")).toThrow(message);
});
