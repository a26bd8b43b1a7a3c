import { seededRandom } from "@tidemark/data";
import { expect, test } from "vitest";
import { SharedFrames } from "./shared-frames.ts";

/** Pages that are shared: whose they are, and their frames. */
interface Reference {
  readonly mpn: number;
  readonly v: number;
}
const FRAMES = 200; // more than there are rows at first
const countOf = <T>(values: readonly T[]): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

// A bit for each VM in words of 32.
test.each([1, 4, 32, 33, 70])("of %i VMs each is charged for what a recount says, whenever somebody asks", (vms) => {
  const random = seededRandom(1, `${vms} VMs`, "shared frames");
  const shared = new SharedFrames(FRAMES, vms);
  const references: Reference[] = [];
  const check = (): void => {
    const refsOf = countOf(references.map(({ mpn }) => mpn));
    const ownersOf = (mpn: number): number => new Set(references.filter((each) => each.mpn === mpn).map(({ v }) => v)).size;
    for (let v = 0; v < vms; v++) {
      const own = references.filter((each) => each.v === v).map(({ mpn }) => refsOf.get(mpn));
      expect(shared.references(v)).toEqual(countOf(own));
      expect(shared.charged(v)).toBe(Math.max(0, Math.ceil(own.reduce((sum: number, k = 1) => sum + 1 / k, 0) - 1e-9)));
    }
    const several = [...refsOf].filter(([, k]) => k > 1).map(([mpn]) => ownersOf(mpn));
    expect(shared.composition()).toEqual({
      intra: several.filter((owners) => owners === 1).length,
      inter: several.filter((owners) => owners > 1).length,
    });
  };
  for (let step = 0; step < 3000; step++) {
    // More and more at first, then fewer and fewer: frames lose their last reference, and their rows are used again.
    if (references.length > 0 && random() < (step % 1500) / 1000) {
      const [gone] = references.splice(Math.floor(random() * references.length), 1);
      shared.leave(gone.mpn, gone.v);
    } else {
      const joined = { mpn: Math.floor(random() ** 2 * FRAMES), v: Math.floor(random() * vms) };
      references.push(joined);
      shared.join(joined.mpn, joined.v);
    }
    if (step % 97 === 0) check();
  }
  check();
});

test("a frame without references cannot be left", () => {
  const shared = new SharedFrames(10, 2);
  shared.join(3, 1);
  shared.leave(3, 1);
  expect(() => shared.leave(3, 1)).toThrow("bug: MPN 3 is not shared");
});
