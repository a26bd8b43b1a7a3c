import { expect, test } from "vitest";
import { byKind } from "./stall-kinds.ts";

test("every cause is in one kind, and the kinds sum to all waiting", () => {
  // The causes of the table `stalls`.
  const causes = [
    "first touch",
    "zeroing",
    "copy on write",
    "decompression",
    "swap-in",
    "guest swap-in",
    "guest swap-out",
    "double paging",
    "blocked",
    "large page break",
  ];
  const kinds = byKind(causes.map((cause, i) => ({ cause, ns: 2 ** i })));
  expect(kinds.flatMap(({ kind }) => kind.causes).toSorted()).toEqual(causes.toSorted());
  expect(kinds.reduce((sum, { ns }) => sum + ns, 0)).toBe(2 ** causes.length - 1);
  expect(new Set(kinds.map(({ kind }) => kind.colour)).size).toBe(kinds.length);
});

test("a cause that is not known is a kind of its own", () => {
  expect(byKind([{ cause: "tea", ns: 3 }]).at(-1)).toMatchObject({ kind: { words: "tea" }, ns: 3 });
});
