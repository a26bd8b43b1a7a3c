import { guestBatch, INVLPG, MAP, UNKNOWN, type Trace } from "@tidemark/data";
import { expect, test } from "vitest";
import { traceOf } from "../testing.ts";
import { surveyEvents } from "./survey-events.ts";

/** A trace with one page and these map events. */
function traceWith(maps: readonly { readonly vpn: number; readonly count: number; readonly level: number }[]): Trace {
  return {
    ...traceOf({ touches: [{ s: 1, ppn: 1, vpn: 1, space: 1, op: "R" }] }),
    async *guestEvents() {
      const batch = guestBatch(maps.length);
      batch.length = maps.length;
      maps.forEach(({ vpn, count, level }, i) => {
        batch.kind[i] = MAP;
        batch.space[i] = 1;
        batch.vpn[i] = vpn;
        batch.count[i] = count;
        batch.level[i] = level;
      });
      yield batch;
    },
  };
}
const levelsAt = async (maps: Parameters<typeof traceWith>[0], ...vpns: readonly number[]): Promise<number[]> => {
  const [{ levelOf }] = await surveyEvents(traceWith(maps));
  return vpns.map((vpn) => levelOf(1, vpn));
};

test("pages of a region have the level of its map events, others are of 4 KB", async () => {
  expect(await levelsAt([{ vpn: 512, count: 512, level: 2 }], 511, 512, 1023, 1024)).toEqual([1, 2, 2, 1]);
  expect(await levelsAt([{ vpn: 512, count: 512, level: UNKNOWN }], 512)).toEqual([1]);
});

test("a region mapped at several levels counts as the smallest, wherever in it the mapping ends", async () => {
  const large = { vpn: 512, count: 512, level: 2 };
  expect(await levelsAt([large, { vpn: 600, count: 1, level: 1 }], 512)).toEqual([1]);
  expect(await levelsAt([large, { vpn: 511, count: 2, level: 1 }], 512)).toEqual([1]);
});

test("a 1 GB mapping is all of its region, unless some of it is mapped in smaller pages: the others are of 2 MB then", async () => {
  const G = 2 ** 18;
  const large = { vpn: G, count: 1, level: 3 };
  expect(await levelsAt([large], G - 1, G, 2 * G - 1, 2 * G)).toEqual([1, 3, 3, 1]);
  expect(await levelsAt([large, { vpn: G + 600, count: 1, level: 1 }], G, G + 600, G + 1024)).toEqual([2, 1, 2]);
});

test("a level that no mapping has is refused", async () => {
  await expect(levelsAt([{ vpn: 0, count: 1, level: 4 }], 0)).rejects.toThrow(
    "the map event at 0 ns is of level 4; it must be 1 (4 KB), 2 (2 MB), 3 (1 GB), or null where it is not known",
  );
});

test("says whether INVLPG has events of its own", async () => {
  const trace = traceWith([{ vpn: 0, count: 1, level: 1 }]);
  expect((await surveyEvents(trace)).map(({ hasInvlpgs }) => hasInvlpgs)).toEqual([false]);
  const flushing: Trace = {
    ...trace,
    async *guestEvents() {
      const batch = guestBatch(1);
      batch.length = 1;
      batch.kind[0] = INVLPG;
      yield batch;
    },
  };
  expect((await surveyEvents(flushing)).map(({ hasInvlpgs }) => hasInvlpgs)).toEqual([true]);
});
