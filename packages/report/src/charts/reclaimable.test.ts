import { rowsOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { reclaimable } from "./reclaimable.ts";

const SHAPE = { needs: true };

describe("reclaimable", () => {
  chartLaws(reclaimable, SHAPE);

  const [panel] = reclaimable.panels(exampleRun(SHAPE));
  const valuesOf = (name: string): readonly { readonly [field: string]: unknown }[] =>
    Object(panel?.spec).layer.find((layer: { readonly data: { readonly name: string } }) => layer.data.name === `${name}-1`).data.values;

  test("what is touched again and what is not are all that was touched so far", () => {
    const [needed, free] = [0, 1].map((order) => valuesOf("parts").filter((value) => value["order"] === order));
    const touched = rowsOf(reclaimable.numbers(exampleRun(SHAPE))).map(({ consumed }) => Number(consumed) / 256);
    needed?.forEach((value, i) => expect(Number(value["m"]) + Number(free?.[i]?.["m"])).toBeCloseTo(touched[i] ?? NaN, 2));
    expect(needed).toHaveLength(8);
  });

  test("says what could be taken half way, and the most that is needed at once", () => {
    expect(panel?.says).toBe(
      "alloc-4k: half way, at 4 s, 109.4 MiB (80 %) of the 136.7 MiB touched so far is never touched again; the most that is touched again later is 27.3 MiB, at 0 s.",
    );
    expect(valuesOf("most")).toEqual([{ t: 0, m: 27.344 }]);
  });
});
