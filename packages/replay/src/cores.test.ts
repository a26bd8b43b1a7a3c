import { expect, test } from "vitest";
import { parseCore, type Core } from "./core.ts";
import { cores } from "./cores.ts";

test("names are unique and say what they are", () => {
  expect(new Set(cores.map(({ name }) => name)).size).toBe(cores.length);
  for (const { about, source } of cores) expect(about.length * source.length).toBeGreaterThan(0);
});

test("the geometries of the sources", () => {
  const tlbs = (arrays: Core["l1"]): string => arrays.map(({ holds, entries, ways }) => `${holds.join("+")} ${entries}/${ways}`).join(", ");
  const caches = (arrays: Core["paging"]): string =>
    arrays.map(({ tables, entries, ways }) => `${tables.join("+")} ${entries}/${ways}`).join(", ");
  const text = cores.map(({ name, l1, l2, pdesInL2, paging, hostPaging, nestedTlb }) => [
    name,
    tlbs(l1),
    tlbs(l2) + (pdesInL2 ? " and PDEs" : ""),
    caches(paging),
    caches(hostPaging),
    nestedTlb?.entries,
  ]);
  expect(text).toEqual([
    ["skylake", "4k 64/4, 2m 32/4, 1g 4/4", "4k+2m 1536/12, 1g 16/4", "1 32/4, 2 4/4, 3 2/2", "1 32/4, 2 4/4, 3 2/2", 16],
    ["zen2", "4k+2m+1g 64/64", "4k+2m 2048/16 and PDEs", "2+3 64/64", "1 64/64, 2+3 64/64", 16],
    ["zen4", "4k+2m+1g 72/72", "4k+2m 3072/24, 1g 64/64 and PDEs", "2+3 64/64", "1 64/64, 2+3 64/64", 16],
    ["opteron", "4k+2m+1g 48/48", "4k 512/4, 2m 128/2", "1+2+3 24/24", "1+2+3 24/24", 16],
    ["none", "", "", "", "", undefined],
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
  [
    JSON.stringify({ name: "mine", about: "a core", source: "me", l1: [], l2: [] }),
    "mine.json: paging is missing (write [] for none), hostPaging is missing (write [] for none), nestedTlb is missing (write null for none)",
  ],
  [JSON.stringify({ ...own, source: undefined }), "mine.json: source is missing (write text)"],
  [JSON.stringify({ ...own, nestedTlb: { ways: 4 } }), "mine.json: nestedTlb.entries is missing (write a number)"],
  [JSON.stringify({ ...own, paging: {} }), "mine.json: paging: is keys with values; write a list"],
  ["[]", "mine.json: core: is a list; write keys with values"],
  [JSON.stringify({ ...own, l3: [] }), 'mine.json: core: Unrecognized key: "l3"'],
  [JSON.stringify({ ...own, l1: [{ holds: ["8k"], entries: 8, ways: 2 }] }), "mine.json: l1.0.holds.0: "],
  [JSON.stringify({ ...own, l1: [{ holds: ["4k"], entries: 9, ways: 3 }] }), "mine.json: l1.0: entries / ways must be a power of two"],
  [JSON.stringify({ ...own, l2: [own.l1[0], own.l1[0]] }), "mine.json: l2: a page size has two homes"],
  [JSON.stringify({ ...own, pdesInL2: true }), "mine.json: core: pdesInL2 needs an l2 array that holds 4k"],
])("a wrong core is refused: %s", (text, message) => {
  expect(() => parseCore(text, "mine.json")).toThrow(message);
});
