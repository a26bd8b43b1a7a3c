import { curveBoundTable, pickTable, rowsOf, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { chartSvg } from "../svg.ts";
import { exampleRun } from "../testing.ts";
import { curve } from "./curve.ts";

describe("curve", () => {
  chartLaws(curve, { curves: "exact" });

  const layerOf = (
    curves: "exact" | "sampled",
    name: string,
  ): { readonly data: { readonly values: readonly { readonly [field: string]: unknown }[] } } | undefined =>
    Object(curve.panels(exampleRun({ curves }))[0]?.spec).layer.find(
      (layer: { readonly data: { readonly name: string } }) => layer.data.name === `${name}-1`,
    );

  test("LRU is drawn at every size that was counted, others at those asked for, the bound last", () => {
    const values = layerOf("exact", "misses")?.data.values ?? [];
    const lines = [...new Set(values.map(({ line }) => line))];
    expect(lines.map((line) => [line, values.filter((value) => value["line"] === line).length])).toEqual([
      ["lru", 32],
      ["fifo", 7],
      ["slru:segments=2", 7],
      ["belady: the bound", 10],
    ]);
  });

  test("the bound has a mark at the smallest memory for each stall, named where there is room", () => {
    expect(layerOf("exact", "bound")?.data.values.map(({ words }) => words)).toEqual(["no stall", "", "10 s"]);
    expect(layerOf("exact", "smaller")?.data.values).toEqual([expect.objectContaining({ words: "10 s" })]);
    expect(layerOf("sampled", "bound")).toBeUndefined();
  });

  test("a bound for one stall alone, as of a trace of milliseconds, is drawn", async () => {
    const { manifest, tables } = exampleRun({ curves: "exact" });
    const bound = pickTable(tables, curveBoundTable) ?? tableOf(curveBoundTable, []);
    const one = tableOf(
      curveBoundTable,
      rowsOf(bound).filter(({ stall }) => stall === 0),
    );
    const svg = await chartSvg(curve, { manifest, tables: [...tables.filter((table) => table !== bound), one] });
    expect(svg).toContain("no stall");
  });

  test("a sampled line has its band, an exact one has none", () => {
    expect(layerOf("exact", "band")).toBeUndefined();
    expect(layerOf("sampled", "band")?.data.values).toHaveLength(32);
    expect(curve.panels(exampleRun({ curves: "sampled" }))[0]?.says).toContain("estimated from 656 pages");
  });

  test("says where the knee is, what is enough, and where nothing asked for is", () => {
    const says = curve.panels(exampleRun({ curves: "exact" }))[0]?.says ?? "";
    expect(says).toContain("alloc-4k under lru: the knee is at 51.2 MiB (13,107 pages), where 19 % of references miss");
    expect(says).toContain("the smallest size within 5 % of the misses that memory for all 65,536 pages has is 204.8 MiB (52,429 pages; ");
    expect(says).toContain("none of the sizes asked for comes within 5 % of the misses");
  });

  test("its numbers are those of every size that is drawn, once", () => {
    const rows = rowsOf(curve.numbers(exampleRun({ curves: "exact" })));
    const sizesOf = (policy: string): readonly number[] =>
      rows.filter((row) => String(row["policy"]) === policy).map((row) => Number(row["pages"]));
    // LRU at 32 sizes and at those asked for, of which one is among them; the bound with its smallest memories.
    expect([sizesOf("lru").length, sizesOf("fifo").length, sizesOf("belady").length]).toEqual([38, 7, 10]);
    expect(sizesOf("lru")).toEqual([...new Set(sizesOf("lru"))].sort((a, b) => a - b));
    const all = rows.find((row) => String(row["policy"]) === "lru" && row["pages"] === 65_536);
    expect([all?.["misses"], all?.["percent"]]).toEqual([65_536, 3.2768]);
  });

  test("its numbers are those of the VMs, not of the host", () => {
    const vms = rowsOf(curve.numbers(exampleRun({ vms: ["a", "b"], curves: "exact" }))).map(({ vm }) => vm);
    expect(new Set(vms)).toEqual(new Set(["a", "b"]));
  });
});
